// Which value of a parameter a dose takes when covariates change around it, and which times are one time: NONMEM's conventions
// (Users Guide VI: III.B.2 argument records, III.F.2 bioavailability, III.F.3 duration, III.F.4 rate, III.F.6 lag, V.F steady
// state, V.K additional doses), each with its number in closed form.

#include <doctest/doctest.h>

#include <array>
#include <cmath>

#include "sim/simulate.hpp"
#include "support/near.hpp"
#include "support/small_models.hpp"

using namespace titrate;
using namespace titrate::support;

namespace {

constexpr double k = 0.1;  // 1/h

// One compartment with a covariate W; `all` is the amount in it and `given` what has entered so far.
SmallModel with_covariate(OverTime rule, const std::string& F, const std::string& lag) {
  SmallModel m;
  m.covariates.resize(1);
  m.covariates[0].name = "W";
  m.covariates[0].over_time = rule;
  m.etas = {{"eta_R", 0.1}, {"eta_lag", 0.1}};
  m.individual = {{"F", F}, {"lag", lag}};
  m.states = {{"central", "-0.1 * central"}, {"gone", "0.1 * central"}};
  m.outputs = {{"amount", "central"}, {"given", "central + gone"}};
  m.entries = {into("central", "F", "lag")};
  return m;
}

// Only what has a steady state.
SmallModel without_account(SmallModel m) {
  m.states.pop_back();
  m.outputs.pop_back();
  return m;
}

DosingEvent dose(double time, double amt, int order, double ii, int addl, int ss = 0) {
  DosingEvent d = repeated(support::dose(time, amt, order), ii, addl);
  d.ss = ss;
  return d;
}

// What an infusion from one time to another has left at t.
double infused(double rate, double from, double to, double t) {
  return t <= from ? 0.0 : rate / k * (std::exp(-k * (t - std::min(t, to))) - std::exp(-k * (t - from)));
}

// W over time; with orders when times repeat.
Patient weighing(std::vector<double> times, std::vector<double> W, std::vector<int> orders = {}) {
  Patient patient;
  patient.covariates["W"] = {std::move(times), std::move(W), "", std::move(orders)};
  return patient;
}

Course run(const Compiled& model, const Patient& patient, const std::vector<Sample>& samples, const Vector& eta = Vector::Zero(2),
           const SimulateOptions& options = {}) {
  const auto built = build_schedule(*model, patient, samples);
  REQUIRE(built);
  Course course = simulate(*model, built->schedule, eta, options);
  REQUIRE_MESSAGE(course.ok, course.why);
  return course;
}

}  // namespace

TEST_CASE(
    "a level at the time of an additional dose is the trough, also where the clock's sum differs from its hour by rounding") {
  const auto model = compiled(with_covariate(OverTime::last, "1", "0"));
  // 0:38 and every 4 h, against 4:38; and days: 0.3 d and every 7 d, against 7.3 d.
  const std::vector<std::array<double, 3>> cases = {
      {38.0 / 60, 4.0, (38.0 + 240) / 60}, {0.3 * 24, 7.0 * 24, 7.3 * 24}, {1.0 / 3, 10.0 / 3, 220.0 / 60}};
  bool differs = false;
  for (const auto& [first, ii, level] : cases) {
    Patient patient = weighing({0}, {1});
    patient.doses = {dose(first, 100, 1, ii, 1)};
    Observation o;
    o.time = level;
    o.output = "amount";
    patient.observations = {o};
    const auto built = build_schedule(*model, patient, {{first + ii, after_all}});
    REQUIRE(built);
    const Course course = simulate(*model, built->schedule, Vector::Zero(2));
    REQUIRE(course.ok);
    const double trough = 100 * std::exp(-k * ii);
    CHECK(course.outputs(built->sample_of_observation[0], 0) == near(trough));
    CHECK(course.outputs(built->sample_of_extra[0], 0) == near(trough + 100));
    differs = differs || first + ii != level;
  }
  CHECK(differs);
}

TEST_CASE("0.8 days and 19.2 hours are one time, of doses, levels and covariates alike") {
  const double days = 0.8 * 24, hours = 19.2;
  REQUIRE(days != hours);
  const auto model = compiled(with_covariate(OverTime::last, "W / 10", "0"));
  for (const auto& [given, drawn] : {std::pair{days, hours}, std::pair{hours, days}}) {
    Patient patient = weighing({0, drawn}, {5, 8});
    patient.doses = {dose(0, 100, 1), dose(given, 100, 2)};
    Observation before;
    before.time = drawn;
    before.output = "amount";
    Observation after = before;
    after.order = after_all;
    patient.observations = {before, after};
    const auto built = build_schedule(*model, patient, {});
    REQUIRE(built);
    const Course course = simulate(*model, built->schedule, Vector::Zero(2));
    REQUIRE(course.ok);
    CHECK(course.outputs(built->sample_of_observation[0], 0) == near(50 * std::exp(-k * hours)));
    CHECK(course.outputs(built->sample_of_observation[1], 0) == near(50 * std::exp(-k * hours) + 80));
  }
}

TEST_CASE("an additional dose takes the bioavailability of where it enters, at a change the new one (III.F.2, III.B.2)") {
  for (const OverTime rule : {OverTime::next, OverTime::last}) {
    const auto model = compiled(with_covariate(rule, "W / 10", "0"));
    Patient patient = weighing({0, 12, 30}, {5, 8, 2});
    patient.doses = {dose(0, 100, 1, 12, 1)};
    CHECK(run(model, patient, {{20}}).outputs(0, 1) == near(50 + 80));
    // A third record at 12 h: the first one's value.
    patient = weighing({0, 12, 12, 30}, {5, 8, 3, 2}, {1, 2, 3, 4});
    patient.doses = {dose(0, 100, 1, 12, 1)};
    CHECK(run(model, patient, {{20}}).outputs(0, 1) == near(50 + 80));
  }
}

TEST_CASE("a lagged dose takes the bioavailability of where it enters, the additional doses of a record have its lag (III.F.6)") {
  // W 5 at the record, 8 later: lags of 1 and 4 h.
  const std::string lag = "if(W < 6, 1, 4)";
  for (const OverTime rule : {OverTime::next, OverTime::last}) {
    const auto model = compiled(with_covariate(rule, "W / 10", lag));
    Patient patient = weighing({0, 0.5, 40}, {5, 8, 8});
    patient.doses = {dose(0, 100, 1, 12, 1)};
    const Course course = run(model, patient, {{0.99}, {1.01}, {12.99}, {13.01}, {15.99}, {16.01}});
    CHECK(course.outputs(0, 1) == 0.0);
    CHECK(course.outputs(1, 1) == near(80));
    CHECK(course.outputs(2, 1) == near(80));
    // Where a covariate simply holds its last value, every dose is as if it had a record of its own.
    CHECK(course.outputs(3, 1) == near(rule == OverTime::next ? 160 : 80));
    CHECK(course.outputs(4, 1) == near(rule == OverTime::next ? 160 : 80));
    CHECK(course.outputs(5, 1) == near(160));
  }
}

TEST_CASE("a rate that the model determines changes while it runs, and the amount decides when it ends (III.F.4)") {
  SmallModel small = with_covariate(OverTime::next, "0.6", "1 * exp(eta_lag)");
  small.individual.push_back({"R", "W * exp(eta_R)"});
  small.entries[0].rate = Expression{"R", ""};
  const auto model = compiled(small);
  // 60 enter: 1 to 4 h at 10, 4 to 6 h at 5, the remaining 20 at 2.
  Patient patient = weighing({0, 4, 6, 30}, {10, 10, 5, 2});
  patient.doses = {dose(0, 100, 1)};
  const std::vector<Sample> samples = {{3}, {5}, {7}, {15.9}, {16.1}, {40}};
  const Course course = run(model, patient, samples);
  const std::vector<double> expected = {20, 35, 42, 59.8, 60, 60};
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(course.outputs(static_cast<Eigen::Index>(i), 1) == near(expected[i]));
  SUBCASE("its sensitivities are those of finite differences") {
    SimulateOptions options;
    options.sensitivities = true;
    Vector eta(2);
    eta << 0.05, -0.1;
    const Course at = run(model, patient, samples, eta, options);
    for (Eigen::Index j = 0; j < 2; ++j) {
      const double h = 1e-5;
      Vector up = eta, down = eta;
      up(j) += h;
      down(j) -= h;
      const Matrix slope = (run(model, patient, samples, up).outputs - run(model, patient, samples, down).outputs) / (2 * h);
      for (Eigen::Index i = 0; i < slope.rows(); ++i)
        for (Eigen::Index m = 0; m < 2; ++m)
          CHECK(at.sens[static_cast<std::size_t>(j)](i, m) == doctest::Approx(slope(i, m)).epsilon(1e-6).scale(1.0));
    }
  }
  SUBCASE("a rate that becomes nothing is a failure with its time") {
    patient.covariates["W"].value.back() = 0.0;
    const auto built = build_schedule(*model, patient, samples);
    REQUIRE(built);
    const Course stopped = simulate(*model, built->schedule, Vector::Zero(2));
    CHECK_FALSE(stopped.ok);
    CHECK(stopped.at == 6.0);
  }
}

TEST_CASE("the dose of a steady-state record takes the bioavailability of where it enters, the implied ones that of the record") {
  // F 0.5 at the record, 0.8 from 1 h on; given every 12 h with a lag of 2 h.
  const auto model = compiled(without_account(with_covariate(OverTime::last, "W / 10", "2")));
  Patient patient = weighing({0, 1}, {5, 8});
  patient.doses = {dose(0, 100, 1, 12, 0, 1)};
  const Course course = run(model, patient, {{0, after_all}, {1.99}, {2.01}});
  const double at_record = 50 / (1 - std::exp(-k * 12)) * std::exp(-k * 10);
  CHECK(course.outputs(0, 0) == near(at_record));
  CHECK(course.outputs(1, 0) == near(at_record * std::exp(-k * 1.99)));
  CHECK(course.outputs(2, 0) == near(at_record * std::exp(-k * 2.01) + 80 * std::exp(-k * 0.01)));
}

TEST_CASE("infusions of a steady state whose rate the model changes later go on at the new rate with what is left of them") {
  // 100 at 5 an hour every 12 h: at the record 40 of the dose before are left, and all of its own. From 4 h on at 10 an hour: the
  // 20 that are left then end at 6 h, the 80 at 12 h.
  SmallModel small = without_account(with_covariate(OverTime::last, "1", "0"));
  small.entries[0].rate = Expression{"W", ""};
  const auto model = compiled(small);
  Patient patient = weighing({0, 4}, {5, 10});
  patient.doses = {dose(0, 100, 1, 12, 0, 1)};
  const std::vector<double> times = {0, 4, 5.5, 6.5, 11.9, 12.1, 30};
  const Course course = run(model, patient, {{0, after_all}, {4}, {5.5}, {6.5}, {11.9}, {12.1}, {30}});
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double t = times[i];
    double sum = infused(5, -12, 4, t) + infused(10, 4, 6, t) + infused(5, 0, 4, t) + infused(10, 4, 12, t);
    for (int j = 2; j < 60; ++j) sum += infused(5, -12 * j, 20 - 12 * j, t);
    CHECK(course.outputs(static_cast<Eigen::Index>(i), 0) == near(sum));
  }
}

TEST_CASE("doses of a steady state that are on their way for longer than an interval enter at the model's rate of then") {
  // 100 every 12 h with a lag of 18 h; at 50 an hour until 4 h, then at 10: the dose of 12 h before the record enters at 6 h.
  SmallModel small = without_account(with_covariate(OverTime::last, "1", "18"));
  small.entries[0].rate = Expression{"W", ""};
  const auto model = compiled(small);
  Patient patient = weighing({0, 4}, {50, 10});
  patient.doses = {dose(0, 100, 1, 12, 0, 1)};
  const std::vector<double> times = {0, 3, 5.9, 7, 15, 17.9, 20};
  const Course course = run(model, patient, {{0, after_all}, {3}, {5.9}, {7}, {15}, {17.9}, {20}});
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double t = times[i];
    double sum = infused(10, 6, 16, t) + infused(10, 18, 28, t);
    for (int j = 1; j < 60; ++j) sum += infused(50, 6 - 12 * j, 8 - 12 * j, t);
    CHECK(course.outputs(static_cast<Eigen::Index>(i), 0) == near(sum));
  }
}

TEST_CASE("a steady state of a constant infusion at the model's rate, and one without any drug (V.F.2, V.F.3)") {
  SmallModel small = without_account(with_covariate(OverTime::last, "1", "0"));
  small.individual.push_back({"R", "W * exp(eta_R)"});
  small.states[0].second = "0.3 - 0.1 * central";
  Patient patient = weighing({0}, {5});
  patient.doses = {dose(0, 0, 1, 0, 0, 1)};
  CHECK(run(compiled(small), patient, {{0, after_all}, {9}}).outputs(1, 0) == near(3));
  small.entries[0].rate = Expression{"R", ""};
  SimulateOptions options;
  options.sensitivities = true;
  const Course course = run(compiled(small), patient, {{0, after_all}, {2}}, Vector::Zero(2), options);
  CHECK(course.outputs(0, 0) == near(53));
  CHECK(course.outputs(1, 0) == near(3 + 50 * std::exp(-0.2)));
  CHECK(course.sens[0](1, 0) == near(50 * std::exp(-0.2)));
}

TEST_CASE("a bioavailability of zero gives nothing, at steady state too, by whatever input (mrgsolve 497)") {
  for (const DosingEvent::Input input : {DosingEvent::Input::bolus, DosingEvent::Input::rate, DosingEvent::Input::duration}) {
    Patient patient = weighing({0}, {5});
    DosingEvent d = dose(0, 100, 1, 12, 2, 1);
    d.input = input;
    d.rate = input == DosingEvent::Input::rate ? 20 : 0;
    d.dur = input == DosingEvent::Input::duration ? 3 : 0;
    patient.doses = {d};
    const Course course =
        run(compiled(without_account(with_covariate(OverTime::last, "0", "0"))), patient, {{0, after_all}, {13}});
    CHECK(course.outputs.cwiseAbs().maxCoeff() == 0.0);
  }
}

TEST_CASE("a negative lag or bioavailability is a failure with its time, not a dose before its time or a dose taken away") {
  for (const auto& [F, lag] : {std::pair{"1", "W - 6"}, std::pair{"W - 6", "1"}}) {
    const auto model = compiled(with_covariate(OverTime::next, F, lag));
    Patient patient = weighing({0, 8, 20}, {9, 9, 5});
    patient.doses = {dose(0, 100, 1), dose(10, 100, 2)};
    const auto built = build_schedule(*model, patient, {{30}});
    REQUIRE(built);
    const Course course = simulate(*model, built->schedule, Vector::Zero(2));
    CHECK_FALSE(course.ok);
    CHECK(course.at == 10.0);
    CHECK(course.why.find("negative") != std::string::npos);
  }
}

TEST_CASE("an additional dose at the time of a reset comes before the records of that time: one before the reset sees it") {
  Patient patient = weighing({0}, {5});
  patient.doses = {dose(0, 100, 1, 12, 3)};
  patient.resets = {{12, 4}};
  const Course course =
      run(compiled(with_covariate(OverTime::next, "1", "0")), patient, {{12, before_all}, {12, 3}, {12, 5}, {30}});
  CHECK(course.outputs(0, 0) == near(100 * std::exp(-k * 12)));
  CHECK(course.outputs(1, 0) == near(100 * std::exp(-k * 12) + 100));
  CHECK(course.outputs(2, 0) == 0.0);
  CHECK(course.outputs(3, 0) == 0.0);
}

TEST_CASE("a reset lets the states begin anew with the covariates of its own record, of several at one time (III.B.2)") {
  SmallModel small = with_covariate(OverTime::next, "1", "0");
  small.initial = {{"central", "10 * W"}};
  const auto model = compiled(small);
  Patient patient = weighing({0, 8, 8, 8, 20}, {5, 6, 8, 9, 2}, {1, 2, 3, 4, 5});
  patient.resets = {{8, 3}};
  const Course course = run(model, patient, {{0, 1}, {8, 2}, {8, 3}, {9}});
  CHECK(course.outputs(0, 0) == near(50));
  CHECK(course.outputs(1, 0) == near(50 * std::exp(-k * 8)));
  CHECK(course.outputs(3, 0) == near(80 * std::exp(-k)));
}

TEST_CASE("an infusion whose end lies beyond all numbers is a failure with a reason, and no value that is no number") {
  const auto model = compiled(with_covariate(OverTime::next, "1", "0"));
  Patient patient = weighing({0}, {5});
  DosingEvent slow = dose(2, 1e12, 1);
  slow.input = DosingEvent::Input::rate;
  slow.rate = 1e-300;
  patient.doses = {slow};
  const auto built = build_schedule(*model, patient, {{1000.0}});
  REQUIRE(built);
  SimulateOptions options;
  options.sensitivities = true;
  const Course course = simulate(*model, built->schedule, Vector::Zero(model->k), options);
  CHECK(!course.ok);
  CHECK(course.why.find("never end") != std::string::npos);
}
