// Steady states that other programs once got wrong, each beside the long series of doses, or the closed form, that it must equal.
// The names of the cases say where the report stands.

#include <doctest/doctest.h>

#include <cmath>

#include "sim/simulate.hpp"
#include "support/near.hpp"
#include "support/small_models.hpp"

using namespace titrate;
using namespace titrate::support;

namespace {

DosingEvent every(double amt, double ii, int ss = 0) {
  DosingEvent d = dose(0, amt, 1);
  d.ii = ii;
  d.ss = ss;
  return d;
}

DosingEvent over(DosingEvent d, double hours) {
  d.input = DosingEvent::Input::duration;
  d.dur = hours;
  return d;
}

DosingEvent at_rate(DosingEvent d, double rate) {
  d.input = DosingEvent::Input::rate;
  d.rate = rate;
  return d;
}

// The same regimen begun so many doses before, without a steady state.
DosingEvent long_series(DosingEvent d, int doses) {
  d.ss = 0;
  d.addl = doses + 40;
  d.time -= doses * d.ii;
  return d;
}

DosingEvent going_on(DosingEvent d, int addl) {
  d.addl = addl;
  return d;
}

Course course(const Compiled& model, const std::vector<DosingEvent>& doses, const std::vector<double>& times,
              const SimulateOptions& options = {}) {
  Patient patient;
  patient.doses = doses;
  std::vector<Sample> samples;
  for (const double t : times) samples.push_back({t, after_all});
  const auto built = build_schedule(*model, patient, samples);
  REQUIRE(built);
  Course result = simulate(*model, built->schedule, Vector::Zero(model->k), options);
  REQUIRE_MESSAGE(result.ok, result.why);
  return result;
}

void check_equal(const Course& a, const Course& b, double relative) {
  REQUIRE(a.outputs.rows() == b.outputs.rows());
  for (Eigen::Index i = 0; i < a.outputs.rows(); ++i) CHECK(a.outputs(i, 0) == near(b.outputs(i, 0), relative));
}

// Absorbed with rate ka after `lag`, V 20, CL 1.
SmallModel oral(const std::string& lag, const std::string& F = "1") {
  SmallModel m;
  m.states = {{"depot", "-1.5 * depot"}, {"central", "1.5 * depot - 1 / 20 * central"}};
  m.outputs = {{"Cc", "central / 20"}};
  m.entries = {into("depot", F, lag)};
  return m;
}

SmallModel with_bioavailability(const std::string& F = "1", const std::string& lag = "0") {
  SmallModel m;
  m.states = {{"central", "-1.1 / 20 * central"}};
  m.outputs = {{"Cc", "central / 20"}};
  m.entries = {into("central", F, lag)};
  return m;
}

const std::vector<double> through_a_day = {0, 0.2, 0.25, 1, 3, 6, 12.5, 13.5, 18, 23.9};

}  // namespace

TEST_CASE("a steady state with a lag is that of a long series: three states, absorption slowed by a second drug (mrgsolve 239)") {
  SmallModel m;
  m.states = {{"inhibitor", "-0.209 * inhibitor"},
              {"gut", "-0.777 * (1 + 2.96 * (inhibitor / 0.25) / (0.961 + inhibitor / 0.25)) * gut"},
              {"central", "0.777 * gut + 87.8 / 592 * peripheral - (87.8 + 15.7) / 150 * central"},
              {"peripheral", "87.8 / 150 * central - 87.8 / 592 * peripheral"}};
  m.initial = {{"inhibitor", "0.5"}};
  m.outputs = {{"Cc", "central / 150"}};
  m.entries = {into("gut", "1", "0.536")};
  SUBCASE("without the second drug the steady state is exact") {
    m.initial = {};
    const auto model = compiled(m);
    const DosingEvent d = every(100, 24, 1);
    check_equal(course(model, {going_on(d, 2)}, through_a_day), course(model, {long_series(d, 60)}, through_a_day), 1e-6);
  }
  SUBCASE("a steady state replaces what the states began with: the second drug is gone with it") {
    const auto model = compiled(m);
    SmallModel bare = m;
    bare.initial = {};
    const DosingEvent d = every(100, 24, 1);
    check_equal(course(model, {d}, through_a_day), course(compiled(bare), {d}, through_a_day), 1e-6);
  }
}

TEST_CASE("a steady-state dose with a lag is taken, not refused, in two compartments (mrgsolve 264)") {
  SmallModel m;
  m.states = {{"gut", "-3.15 * gut"},
              {"central", "3.15 * gut + 0.1 * peripheral - (0.32 + 0.09) * central"},
              {"peripheral", "0.32 * central - 0.1 * peripheral"}};
  m.outputs = {{"Cc", "central / 172.7"}};
  m.entries = {into("gut", "1", "0.21")};
  const auto model = compiled(m);
  const DosingEvent d = every(250, 24, 1);
  check_equal(course(model, {going_on(d, 1)}, through_a_day), course(model, {long_series(d, 80)}, through_a_day), 1e-9);
  SimulateOptions stepping;
  stepping.solver = Solver::dopri5;
  check_equal(course(model, {d}, through_a_day, stepping), course(model, {d}, through_a_day), 1e-7);
}

TEST_CASE("a lag moves an infusion, its length stays: over 10 h after 5 h ends at 15 h (mrgsolve 267)") {
  const auto model = compiled(with_bioavailability("1", "5"));
  const Course c = course(model, {over(every(100, 0), 10)}, {4.99, 10, 15, 20});
  const double k = 1.1 / 20;
  CHECK(c.outputs(0, 0) == 0.0);
  CHECK(c.outputs(1, 0) == near(10 / 1.1 * (1 - std::exp(-k * 5))));
  CHECK(c.outputs(2, 0) == near(10 / 1.1 * (1 - std::exp(-k * 10))));
  CHECK(c.outputs(3, 0) == near(10 / 1.1 * (1 - std::exp(-k * 10)) * std::exp(-k * 5)));
}

TEST_CASE("infusions that are late and longer than their interval overlap (mrgsolve 270)") {
  // 100 over 30 h every 12 h, 5 h late: up to three run at once.
  const auto model = compiled(with_bioavailability("1", "5"));
  const double k = 1.1 / 20, rate = 100.0 / 30;
  const auto one = [&](double since) {
    if (since <= 0) return 0.0;
    return since < 30 ? rate / 1.1 * (1 - std::exp(-k * since))
                      : rate / 1.1 * (1 - std::exp(-k * 30)) * std::exp(-k * (since - 30));
  };
  const std::vector<double> times = {3, 10, 28, 41, 66, 100};
  const Course c = course(model, {going_on(over(every(100, 12), 30), 3)}, times);
  for (std::size_t i = 0; i < times.size(); ++i) {
    double sum = 0.0;
    for (int n = 0; n < 4; ++n) sum += one(times[i] - 5 - 12 * n);
    CHECK(c.outputs(static_cast<Eigen::Index>(i), 0) == doctest::Approx(sum).epsilon(1e-9).scale(1.0));
  }
  const DosingEvent steady = over(every(100, 12, 1), 30);
  check_equal(course(model, {going_on(steady, 5)}, {0, 2, 4.9, 5.1, 11, 12, 30}),
              course(model, {long_series(steady, 80)}, {0, 2, 4.9, 5.1, 11, 12, 30}), 1e-8);
}

TEST_CASE("at steady state with a lag of 13 of 24 h the dose of yesterday still enters today (mrgsolve 596)") {
  const auto model = compiled(oral("13"));
  const DosingEvent d = every(100, 24, 1);
  check_equal(course(model, {going_on(d, 1)}, through_a_day), course(model, {long_series(d, 60)}, through_a_day), 1e-9);
  SimulateOptions areas;
  areas.auc = true;
  const Course c = course(model, {going_on(d, 2)}, {0, 24, 48}, areas);
  CHECK(c.auc(1, 0) - c.auc(0, 0) == near(100.0));  // dose / CL
  CHECK(c.auc(2, 0) - c.auc(1, 0) == near(100.0));
}

TEST_CASE("a dose that enters twice, at once and late, has one steady state in whatever order it is written (mrgsolve 921)") {
  // A fifth over half an hour into the blood, four fifths into the depot when that is over.
  SmallModel both = oral("0");
  both.entries = {into("central", "0.2"), into("depot", "0.8", "0.5")};
  SmallModel turned = both;
  std::swap(turned.entries[0], turned.entries[1]);
  const DosingEvent d = over(every(100, 24, 1), 0.5);
  const Course expected = course(compiled(both), {long_series(d, 60)}, through_a_day);
  check_equal(course(compiled(both), {going_on(d, 1)}, through_a_day), expected, 1e-9);
  check_equal(course(compiled(turned), {going_on(d, 1)}, through_a_day), expected, 1e-9);
}

TEST_CASE("two records of one time make one steady state when the second is added, in both orders (mrgsolve 921)") {
  auto model = build(oral("0"));
  Route slow = model->routes[0], fast = model->routes[0];
  fast.name = "fast";
  fast.entries = {into("central", "0.2")};
  slow.name = "slow";
  slow.entries = {into("depot", "0.8", "0.5")};
  model->routes = {fast, slow};
  const auto result = compile(model);
  REQUIRE(result);
  const auto record = [](const std::string& route, int ss, int order) {
    DosingEvent d = route == "fast" ? over(every(100, 24, ss), 0.5) : every(100, 24, ss);
    d.route = route;
    d.order = order;
    return d;
  };
  const Course expected =
      course(*result, {long_series(record("fast", 0, 1), 60), long_series(record("slow", 0, 2), 60)}, through_a_day);
  check_equal(course(*result, {going_on(record("fast", 1, 1), 1), going_on(record("slow", 2, 2), 1)}, through_a_day), expected,
              1e-9);
  check_equal(course(*result, {going_on(record("slow", 1, 1), 1), going_on(record("fast", 2, 2), 1)}, through_a_day), expected,
              1e-9);
}

TEST_CASE("an infusion that bioavailability makes exactly as long as its interval is a constant one (mrgsolve 947)") {
  // 0.412 of 100 at 4.12 an hour lasts 10 h, given every 10 h.
  for (const Solver solver : {Solver::automatic, Solver::dopri5}) {
    SimulateOptions options;
    options.solver = solver;
    const Course c = course(compiled(with_bioavailability("0.412")), {going_on(at_rate(every(100, 10, 1), 4.12), 3)},
                            {0, 3, 9.999, 10, 17, 39}, options);
    for (Eigen::Index i = 0; i < c.outputs.rows(); ++i) CHECK(c.outputs(i, 0) == near(4.12 / 1.1, 1e-7));
  }
}

TEST_CASE("a reset and a steady state on one record give the steady state, with its lag (mrgsolve 1261)") {
  const auto model = compiled(oral("1"));
  DosingEvent before = every(400, 0);
  before.time = -30;
  before.order = 1;
  Patient patient;
  const DosingEvent steady = every(100, 6, 1);
  patient.doses = {before, going_on(steady, 3)};
  patient.resets = {{0.0, 1}};
  std::vector<Sample> samples;
  for (const double t : {0.0, 0.5, 1.5, 6.0, 12.0, 23.0}) samples.push_back({t, after_all});
  const auto built = build_schedule(*model, patient, samples);
  REQUIRE(built);
  const Course c = simulate(*model, built->schedule, Vector::Zero(0));
  REQUIRE_MESSAGE(c.ok, c.why);
  check_equal(c, course(model, {long_series(steady, 200)}, {0.0, 0.5, 1.5, 6.0, 12.0, 23.0}), 1e-8);
}

TEST_CASE("a constant infusion at steady state needs a rate: a duration is refused, never solved to zero (rxode2 1350)") {
  const auto model = compiled(with_bioavailability());
  const auto run = [&](const DosingEvent& d) {
    Patient patient;
    patient.doses = {d};
    const auto built = build_schedule(*model, patient, {{0.0, after_all}, {10.0, after_all}});
    REQUIRE(built);
    return simulate(*model, built->schedule, Vector::Zero(0));
  };
  const Course by_rate = run(at_rate(every(0, 0, 1), 10));
  REQUIRE(by_rate.ok);
  CHECK(by_rate.outputs(0, 0) == near(10 / 1.1));
  CHECK(by_rate.outputs(1, 0) == near(10 / 1.1 * std::exp(-1.1 / 20 * 10)));  // switched off at the record
  const Course by_duration = run(over(every(0, 0, 1), 10));
  CHECK_FALSE(by_duration.ok);
  CHECK(by_duration.why.find("interval") != std::string::npos);
}
TEST_CASE("a lag longer than the interval keeps the phase of the doses that are on their way (mrgsolve 596)") {
  const auto model = compiled(oral("31"));
  const DosingEvent d = every(100, 24, 1);
  check_equal(course(model, {going_on(d, 3)}, {0, 1, 6.9, 7.1, 12, 23, 25}),
              course(model, {long_series(d, 60)}, {0, 1, 6.9, 7.1, 12, 23, 25}), 1e-9);
}

TEST_CASE(
    "a steady state that replaces cancels the additional doses of records before it, one that adds does not (NONMEM's SS item)") {
  const auto model = compiled(oral("0.7"));
  const std::vector<double> times = {14, 14.3, 15, 18, 18.7, 24, 30, 42};
  const DosingEvent before = going_on(every(100, 6), 9);
  DosingEvent replaces = every(80, 12, 1);
  replaces.time = 14;
  check_equal(course(model, {before, replaces}, times), course(model, {replaces}, times), 1e-9);
  DosingEvent adds = replaces;
  adds.ss = 2;
  const Course both = course(model, {before, adds}, times), first = course(model, {before}, times),
               second = course(model, {replaces}, times);
  for (Eigen::Index i = 0; i < both.outputs.rows(); ++i)
    CHECK(both.outputs(i, 0) == near(first.outputs(i, 0) + second.outputs(i, 0), 1e-9));

  Patient patient;
  patient.doses = {before, replaces};
  const auto built = build_schedule(*model, patient, {{20.0}});
  REQUIRE(built);
  REQUIRE(built->schedule.remarks.size() == 1);
  CHECK(built->schedule.remarks[0].code == "patient.doses_replaced");
  CHECK(built->schedule.remarks[0].message.find("7 additional doses") != std::string::npos);
  CHECK(built->schedule.doses.size() == 4);  // 0, 6, 12 h, and the one at steady state

  // At the very time of an additional dose: that one is replaced at once, and counts as left out.
  replaces.time = 18;
  const std::vector<double> after = {18, 18.3, 19, 24, 30, 42};
  check_equal(course(model, {before, replaces}, after), course(model, {replaces}, after), 1e-9);
  patient.doses = {before, replaces};
  const auto tied = build_schedule(*model, patient, {{20.0}});
  REQUIRE(tied);
  REQUIRE(tied->schedule.remarks.size() == 1);
  CHECK(tied->schedule.remarks[0].message.find("7 additional doses") != std::string::npos);
}

TEST_CASE("a lag as long as the interval: the dose of the interval before enters at the record") {
  const auto model = compiled(oral("12"));
  for (const DosingEvent& d : {every(100, 12, 1), over(every(100, 12, 1), 3), every(100, 6, 1)})
    check_equal(course(model, {going_on(d, 3)}, {0, 1, 5.9, 6.1, 11, 12.5, 20}),
                course(model, {long_series(d, 120)}, {0, 1, 5.9, 6.1, 11, 12.5, 20}), 1e-9);
}

TEST_CASE("infusions that run on after a steady-state record end without a remainder: three of 0.1 an hour leave nothing") {
  const auto model = compiled(with_bioavailability());
  const DosingEvent d = at_rate(every(1.25, 4, 1), 0.1);  // 12.5 h every 4 h
  const Course c = course(model, {d}, {0, 1e6});
  CHECK(c.outputs(0, 0) > 0.2);
  CHECK(c.outputs(1, 0) == 0.0);
}
