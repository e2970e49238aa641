#include "decide/scenario.hpp"

#include "cases.hpp"

using namespace titrate;
using namespace titrate::cases;

namespace {

Situation with_creatinine(const std::string& unit, std::vector<double> time, std::vector<double> value, double now,
                          const Covariate& goes_on = {}) {
  auto model = one_compartment();
  Covariate scr;
  scr.name = "CREAT";
  scr.label = "Creatinine";
  scr.unit = *parse_unit(unit);
  scr.plausible = Range{0.1 * scr.unit.factor, 30.0 * scr.unit.factor};
  if (unit == "umol/L") scr.plausible = Range{10.0, 2000.0};
  for (double& v : value) v *= scr.unit.factor;
  scr.continues = goes_on.continues;
  scr.trend_for = goes_on.trend_for;
  scr.half_life = goes_on.half_life;
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

TEST_CASE("creatinine goes on rising by 1.5 mg/dL a day at most, however near the two samples are") {
  const Instability mass = renal_instability(with_creatinine("mg/dL", {0, 1}, {1.0, 1.4}, 2));
  REQUIRE(mass.scenarios.size() == 3);
  CHECK(mass.scenarios[1].value.back() == doctest::Approx(2.9 * parse_unit("mg/dL")->factor));
  const Instability molar = renal_instability(with_creatinine("umol/L", {0, 1}, {88.4, 123.76}, 2));
  CHECK(molar.scenarios[1].value.back() == doctest::Approx(2.9 * 88.4));
}

TEST_CASE("a future that the model states takes the place of the usual one, counted from the last value") {
  Covariate trend, recovery;
  trend.continues = Continues::trend;
  trend.trend_for = 12.0;
  recovery.continues = Continues::recover;
  recovery.half_life = 6.0;
  // By 2.5 per h from 140 at 24 h: 155 now, at 30 h, and 170 at 36 h.
  const auto on = renal_instability(with_creatinine("umol/L", {0, 24}, {80.0, 140.0}, 30, trend)).scenarios;
  REQUIRE(on.size() == 3);
  CHECK(on[0].value.back() == doctest::Approx(155.0));
  CHECK(on[1].value.front() == doctest::Approx(155.0));
  CHECK(on[1].value.back() == doctest::Approx(170.0));
  CHECK(on[1].label == "creatinine goes on rising for 6 h, then stays");
  CHECK(on[2].value.front() == doctest::Approx(155.0));
  CHECK(on[2].value.back() == doctest::Approx(80.0));
  // 60 above the first value at 24 h, half of it every 6 h.
  const auto back = renal_instability(with_creatinine("umol/L", {0, 24}, {80.0, 140.0}, 30, recovery)).scenarios;
  REQUIRE(back.size() == 3);
  CHECK(back[0].value.back() == doctest::Approx(110.0));
  CHECK(back[2].value[1] == doctest::Approx(95.0));
  CHECK(back[2].value.back() == doctest::Approx(80.0 + 60.0 / 32.0));
}

TEST_CASE("a stated future leaves history as the model sees it, and a steady state belongs to the value of its time") {
  Covariate recovery;
  recovery.continues = Continues::recover;
  recovery.half_life = 6.0;
  const Situation s = with_creatinine("umol/L", {0, 24}, {80.0, 140.0}, 48, recovery);
  CHECK(*covariate_now(s, "CREAT") == doctest::Approx(80.0 + 60.0 / 16.0));
  const Scenario hold = renal_instability(s).scenarios.front();
  const Patient held = with_regimen(s, std::nullopt, 100.0, hold.future);
  const auto value_at = [&](const Patient& patient, double time) {
    const auto built = build_schedule(*s.model, patient, {{0.0}, {100.0}});
    REQUIRE(built);
    return built->schedule.inputs[segment_after(built->schedule, time)][0];
  };
  CHECK(value_at(held, 36.0) == value_at(with_regimen(s, std::nullopt, 100.0), 36.0));
  CHECK(value_at(held, 90.0) == doctest::Approx(80.0 + 60.0 / 16.0).epsilon(0.01));
  CHECK(value_at(with_regimen(s, std::nullopt, 100.0), 90.0) == doctest::Approx(80.0).epsilon(1e-3));
  const Patient steady = at_steady_state(s, every(12, 100, 0), 60.0);
  CHECK(value_at(steady, 60.0) == doctest::Approx(80.0 + 60.0 / 64.0).epsilon(0.01));
  CHECK(value_at(steady, 95.0) == value_at(steady, 60.0));
}

TEST_CASE("what goes on stays inside the plausible range") {
  const Instability renal = renal_instability(with_creatinine("umol/L", {0, 6}, {400.0, 1950.0}, 6));
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
