// Records of one time, covariates that come late, and sums that must close: reports of other programs, and what never may be
// lost.

#include <doctest/doctest.h>

#include <cmath>

#include "decide/forecast.hpp"
#include "sim/simulate.hpp"
#include "support/near.hpp"
#include "unit/decide/cases.hpp"

using namespace titrate;
using namespace titrate::support;
using cases::infusion;

namespace {

SmallModel with_urine() {
  SmallModel m;
  m.covariates.resize(1);
  m.covariates[0].name = "CR";
  m.individual = {{"CL", "3 * CR"}, {"lag", "0.5"}};
  m.states = {{"depot", "-0.9 * depot"}, {"central", "0.9 * depot - CL / 20 * central"}, {"urine", "CL / 20 * central"}};
  m.outputs = {{"all", "depot + central + urine"}, {"Cc", "central / 20"}};
  m.entries = {into("depot", "0.6", "lag"), into("central", "0.4")};
  return m;
}

Observation seen(double time, int order) { return level("all", time, 0.0, order); }

// The first output at every observation.
Vector values(const Compiled& model, const Patient& patient) {
  const auto built = build_schedule(*model, patient, {});
  REQUIRE(built);
  const Course c = simulate(*model, built->schedule, Vector::Zero(model->k));
  REQUIRE_MESSAGE(c.ok, c.why);
  Vector at(static_cast<Eigen::Index>(patient.observations.size()));
  for (std::size_t i = 0; i < patient.observations.size(); ++i)
    at[static_cast<Eigen::Index>(i)] = c.outputs(built->sample_of_observation[i], 0);
  return at;
}

}  // namespace

TEST_CASE("of two records of one time the first comes first: a level before the dose does not see it, one after it does") {
  SmallModel m = with_urine();
  m.entries = {into("central")};
  Patient patient;
  patient.covariates["CR"] = {{0}, {1}, {}};
  patient.doses = {dose(0, 100, 2), dose(5, 10, 5)};
  patient.observations = {seen(0, 1), seen(0, 3), seen(5, 4), seen(5, 6)};
  const Vector at = values(compiled(m), patient);
  CHECK(at[0] == 0.0);
  CHECK(at[1] == near(100));
  CHECK(at[2] == near(100));
  CHECK(at[3] == near(110));
}

TEST_CASE("a lagged or an additional dose enters before the records of its time, and after a trough") {
  SmallModel m = with_urine();
  m.entries = {into("central", "1", "lag")};
  Patient patient;
  patient.covariates["CR"] = {{0}, {1}, {}};
  patient.doses = {dose(0, 100, 1)};
  patient.doses[0].ii = 10;
  patient.doses[0].addl = 1;
  patient.observations = {seen(0.5, 0), seen(0.5, 2), seen(10.5, 0), seen(10.5, 3)};
  const Vector at = values(compiled(m), patient);
  CHECK(at[0] == 0.0);
  CHECK(at[1] == near(100));
  CHECK(at[2] == near(100));
  CHECK(at[3] == near(200));
}

TEST_CASE("what was given is in the body or out of it: boluses, infusions, lags, parts, additional doses and covariates") {
  Patient patient;
  patient.covariates["CR"] = {{0, 7, 13}, {1, 0.2, 2.5}, {}};
  DosingEvent by_rate = dose(3, 60, 1);
  by_rate.input = DosingEvent::Input::rate;
  by_rate.rate = 20;
  DosingEvent additional_doses = dose(1, 10, 2);
  additional_doses.ii = 4;
  additional_doses.addl = 5;
  patient.doses = {dose(0, 100, 1), by_rate, additional_doses, infusion(8, 50, 6)};
  patient.observations = {seen(40, 1), seen(200, 1)};
  const Vector at = values(compiled(with_urine()), patient);
  CHECK(at[0] == near(100 + 60 + 60 + 50));
  CHECK(at[1] == near(100 + 60 + 60 + 50));
}

TEST_CASE("a covariate that is first known late is taken to have been so before, and it is said") {
  Patient late, always;
  late.covariates["CR"] = {{24, 48}, {1.4, 1.4}, {}};
  always.covariates["CR"] = {{0}, {1.4}, {}};
  for (Patient* patient : {&late, &always}) {
    patient->doses = {dose(0, 100, 1)};
    patient->observations = {seen(2, 1), seen(30, 1)};
  }
  SmallModel m = with_urine();
  std::swap(m.outputs[0], m.outputs[1]);
  const auto model = compiled(m);
  const Vector a = values(model, late), b = values(model, always);
  for (Eigen::Index i = 0; i < a.size(); ++i) CHECK(a[i] == near(b[i]));
  const auto built = build_schedule(*model, late, {});
  REQUIRE(built);
  REQUIRE(built->schedule.remarks.size() == 1);
  CHECK(built->schedule.remarks[0].code == "patient.covariate_starts_late");
}

TEST_CASE("a forecast holds every dose of history once and none of the plan before now (Pmetrics 321)") {
  Patient patient;
  patient.doses = {infusion(0, 150, 0), infusion(12, 75, 0)};
  patient.now = 20;
  const Situation now = situation(cases::made(cases::one_compartment()), patient, std::nullopt);
  Regimen plan = cases::every(12, 60, 0);
  plan.start = 24;
  const Patient whole = with_regimen(now, plan, 60);
  std::vector<std::pair<double, double>> doses;
  for (const PlannedDose& d : given_doses(whole)) doses.emplace_back(d.time, d.amt);
  const std::vector<std::pair<double, double>> expected = {{0, 150}, {12, 75}, {24, 60}, {36, 60}, {48, 60}};
  REQUIRE(doses.size() >= expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(doses[i] == expected[i]);
}

TEST_CASE("what a regimen reaches is stated, and it is what the dose gives: never zero (posologyr 43)") {
  // 1000 mg every 12 h, CL 5 L/h: AUC24 400 at steady state.
  Patient patient;
  patient.now = 0;
  const Situation now = situation(cases::made(cases::one_compartment()), patient, std::nullopt);
  ForecastOptions options;
  options.regimens = {cases::every(12, 1000, 1)};
  options.aim = cases::aim(*now.model->model, cases::target("auc24", "steady state", 300.0, 500.0));
  const auto f = forecast(now, cases::normal_posterior(0.0, 1e-14, 20), options);
  REQUIRE(static_cast<bool>(f));
  bool found = false;
  for (const MetricSummary& m : f->regimens.front().metrics) {
    if (m.metric != "auc24") continue;
    found = true;
    CHECK(m.spread.median == doctest::Approx(400.0).epsilon(1e-4));
  }
  CHECK(found);
}

TEST_CASE("additional doses stand at their own times, one interval apart (mapbayr 194)") {
  Patient patient;
  patient.doses = {infusion(36.2, 100, 0, 24, 3)};
  const std::vector<PlannedDose> doses = given_doses(patient);
  REQUIRE(doses.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) CHECK(doses[i].time == near(36.2 + 24.0 * static_cast<double>(i)));
}

TEST_CASE("an infusion of no length takes nothing from the infusions beside it, and nothing flows when all have ended (fuzzed)") {
  SmallModel m = with_urine();
  m.entries = {into("central")};
  Patient patient;
  patient.covariates["CR"] = {{0}, {1}, {}};
  for (const auto& [length, order] : {std::pair{1e-300, 3}, std::pair{1e-8, 4}}) {
    DosingEvent flash = dose(3, 2, order);
    flash.input = DosingEvent::Input::duration;
    flash.dur = length;
    patient.doses.push_back(flash);
  }
  for (const double rate : {0.1, 0.2, 0.3}) {
    DosingEvent slow = dose(2, 5 * rate, static_cast<int>(patient.doses.size()) + 1);
    slow.input = DosingEvent::Input::rate;
    slow.rate = rate;
    patient.doses.push_back(slow);
  }
  patient.observations = {seen(4, 10), seen(7, 11), seen(1e6, 12)};
  const Vector at = values(compiled(m), patient);
  CHECK(at[0] == near(4 + 2 * 0.6, 1e-12));
  CHECK(at[1] == near(4 + 5 * 0.6, 1e-12));
  CHECK(at[2] == near(at[1], 1e-9));  // an exponential of a matrix of norm 1e6
}

TEST_CASE("a steady state without an interval, and not of a constant infusion, is a failure with its time (fuzzed)") {
  SmallModel m = with_urine();
  Patient patient;
  patient.covariates["CR"] = {{0}, {1}, {}};
  patient.doses = {dose(3, 0, 1)};
  patient.doses[0].ss = 1;
  patient.doses[0].input = DosingEvent::Input::duration;
  patient.doses[0].dur = 30;
  patient.observations = {seen(4, 2)};
  const auto model = compiled(m);
  const auto built = build_schedule(*model, patient, {});
  REQUIRE(built);
  const Course c = simulate(*model, built->schedule, Vector::Zero(model->k));
  CHECK(!c.ok);
  CHECK(c.why.find("needs its interval") != std::string::npos);
}
