#include "decide/scenario.hpp"

#include "cases.hpp"

using namespace titrate;
using namespace titrate::cases;

namespace {

Situation with_creatinine(const std::string& unit, std::vector<double> time, std::vector<double> value, double now) {
  auto model = one_compartment();
  Covariate scr;
  scr.name = "CREAT";
  scr.label = "Creatinine";
  scr.unit = *parse_unit(unit);
  scr.plausible = Range{0.1 * scr.unit.factor, 30.0 * scr.unit.factor};
  if (unit == "umol/L") scr.plausible = Range{10.0, 2000.0};
  for (double& v : value) v *= scr.unit.factor;
  model->covariates.push_back(scr);
  model->individual[0].value.text = "TVCL / CREAT * exp(eta)";
  Patient patient;
  patient.covariates["CREAT"] = {std::move(time), std::move(value), ""};
  patient.now = now;
  return situation(made(model), patient, std::nullopt);
}

}  // namespace

TEST_CASE("0.3 mg/dL within 48 h or half within 7 days is unstable, less is not") {
  CHECK(renal_instability(with_creatinine("mg/dL", {0, 40}, {1.0, 1.3}, 48)).unstable);
  CHECK_FALSE(renal_instability(with_creatinine("mg/dL", {0, 40}, {1.0, 1.29}, 48)).unstable);
  CHECK_FALSE(renal_instability(with_creatinine("mg/dL", {0, 60}, {1.0, 1.3}, 60)).unstable);
  CHECK(renal_instability(with_creatinine("mg/dL", {0, 100}, {0.5, 0.75}, 100)).unstable);
  CHECK(renal_instability(with_creatinine("mg/dL", {0, 100}, {0.75, 0.5}, 100)).unstable);
  CHECK_FALSE(renal_instability(with_creatinine("mg/dL", {0, 100}, {0.5, 0.75}, 300)).unstable);  // a week ago
  CHECK(renal_instability(with_creatinine("umol/L", {0, 40}, {88.4, 115.0}, 48)).unstable);       // 0.3009 mg/dL
  CHECK_FALSE(renal_instability(with_creatinine("umol/L", {0, 40}, {88.4, 114.0}, 48)).unstable);
}

TEST_CASE("the three futures hold, go on for 24 h, and return to the baseline in 48 h") {
  const Instability renal = renal_instability(with_creatinine("umol/L", {0, 24}, {80.0, 140.0}, 30));
  REQUIRE(renal.scenarios.size() == 3);
  CHECK(renal.why == "creatinine rose from 80 umol/L to 140 umol/L in 24 h");
  const Scenario &hold = renal.scenarios[0], &on = renal.scenarios[1], &back = renal.scenarios[2];
  CHECK(hold.value.back() == doctest::Approx(140.0));
  CHECK(on.value[1] == doctest::Approx(155.0));  // 2.5 per h
  CHECK(on.value.back() == doctest::Approx(200.0));
  CHECK(on.time.back() - 30.0 >= 24.0);
  CHECK(back.value[4] == doctest::Approx(110.0));  // half way after 24 h
  CHECK(back.value.back() == doctest::Approx(80.0));
  for (std::size_t i = 1; i < back.time.size(); ++i) CHECK(back.time[i] - back.time[i - 1] == doctest::Approx(6.0));
}

TEST_CASE("what goes on stays inside the plausible range") {
  const Instability renal = renal_instability(with_creatinine("umol/L", {0, 6}, {400.0, 1500.0}, 6));
  REQUIRE(renal.scenarios.size() == 3);
  CHECK(renal.scenarios[1].value.back() == doctest::Approx(2000.0));
}

TEST_CASE("a creatinine that no equation reads, because the clearance was entered, has no futures") {
  auto model = one_compartment();
  Covariate scr, crcl;
  scr.name = "SCR";
  scr.label = "Creatinine";
  scr.unit = *parse_unit("mg/dL");
  crcl.name = "CRCL";
  crcl.label = "Creatinine clearance";
  crcl.from = Expression{"100 / SCR", "/covariates/CRCL/from"};
  model->covariates = {scr, crcl};
  model->individual[0].value.text = "TVCL * CRCL * exp(eta)";
  const Compiled compiled = made(model);
  Patient patient;
  patient.covariates["SCR"] = {{0.0, 40.0}, {10.0, 18.0}, ""};
  patient.now = 48.0;
  CHECK(renal_instability(situation(compiled, patient, std::nullopt)).scenarios.size() == 3);
  patient.covariates["CRCL"] = {{0.0}, {6.0}, ""};
  const Instability renal = renal_instability(situation(compiled, patient, std::nullopt));
  CHECK(renal.unstable);
  CHECK(renal.scenarios.empty());
  CHECK(renal.hidden_by == "Creatinine clearance");
}
