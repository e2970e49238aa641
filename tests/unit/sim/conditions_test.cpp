// Events on a condition and at fixed intervals, against exact solutions; and states that may not be negative.

#include <doctest/doctest.h>

#include <cmath>

#include "base/text.hpp"
#include "sim/rise.hpp"
#include "sim/simulate.hpp"
#include "support/small_models.hpp"

using namespace titrate;
using namespace titrate::support;

namespace {

Compiled with_events(const SmallModel& small, std::vector<ConditionEvent> events, bool non_negative = false) {
  auto model = build(small);
  model->events = std::move(events);
  for (State& state : model->states) state.non_negative = non_negative;
  auto result = compile(model);
  REQUIRE_MESSAGE(result, result.diagnostics().front().message);
  return *result;
}

ConditionEvent when(const std::string& condition, std::vector<std::pair<std::string, Expression>> set) {
  ConditionEvent e;
  e.name = "it";
  e.when = {condition, "/events/0/when"};
  e.set = std::move(set);
  return e;
}

ConditionEvent every(const std::string& interval, std::vector<std::pair<std::string, Expression>> set) {
  ConditionEvent e;
  e.name = "again";
  e.every = Expression{interval, "/events/0/every"};
  e.set = std::move(set);
  return e;
}

Course course_of(const CompiledModel& model, const std::vector<double>& times, double eta, SimulateOptions options,
                 const Patient& patient = {}) {
  std::vector<Sample> samples{{0, before_all}};
  for (const double t : times) samples.push_back({t, before_all});
  const auto built = build_schedule(model, patient, samples);
  REQUIRE(built);
  return simulate(model, built->schedule, Vector::Constant(model.k, eta), options);
}

SimulateOptions by(Solver solver, bool sensitivities = true) {
  SimulateOptions options;
  options.solver = solver;
  options.sensitivities = sensitivities;
  options.rtol = 1e-10;
  return options;
}

SmallModel decay() {
  SmallModel m;
  m.etas = {{"eta", 0.1}};
  m.individual = {{"k", "0.3 * exp(eta)"}};
  m.states = {{"y", "-k * y"}};
  m.initial = {{"y", "10"}};
  m.outputs = {{"y", "y"}};
  m.entries = {into("y")};
  return m;
}

// Height x over the ground after bounces that keep the part e of the speed; exact.
double height(double x0, double e, double t) {
  const double g = 9.81;
  double v = std::sqrt(2 * g * x0), from = v / g;
  if (t < from) return x0 - 0.5 * g * t * t;
  for (v *= e; t > from + 2 * v / g; v *= e) from += 2 * v / g;
  return v * (t - from) - 0.5 * g * (t - from) * (t - from);
}

SmallModel ball() {
  SmallModel m;
  m.etas = {{"eta", 0.1}};
  m.individual = {{"x0", "10 * exp(eta)"}};
  m.states = {{"x", "v"}, {"v", "-9.81"}};
  m.initial = {{"x", "x0"}};
  m.outputs = {{"x", "x"}};
  return m;
}

}  // namespace

TEST_CASE("a threshold in an exponential decay is met at its exact time, and sensitivities jump with it") {
  const auto model = with_events(decay(), {when("y < 2", {{"y", {"10", ""}}})});
  for (const Solver solver : {Solver::automatic, Solver::dopri5, Solver::rosenbrock}) {
    INFO("solver " << static_cast<int>(solver));
    const std::vector<double> times{3, 7, 12, 30};
    const double eta = 0.2, k = 0.3 * std::exp(eta), between = std::log(5.0) / k;
    const Course course = course_of(*model, times, eta, by(solver));
    REQUIRE_MESSAGE(course.ok, course.why);
    for (std::size_t i = 0; i < times.size(); ++i) {
      const double t = times[i], y = 10 * std::exp(-k * (t - between * std::floor(t / between)));
      const auto row = static_cast<Eigen::Index>(i) + 1;
      CHECK(course.outputs(row, 0) == doctest::Approx(y).epsilon(1e-8));
      CHECK(course.sens[0](row, 0) == doctest::Approx(-k * t * y).epsilon(1e-8));  // y = 10 * 5^m exp(-k t)
    }
  }
}

TEST_CASE("a ball bounces at its exact times") {
  const auto model = with_events(ball(), {when("x < 0", {{"v", {"-0.8 * v", ""}}})});
  for (const Solver solver : {Solver::automatic, Solver::dopri5, Solver::rosenbrock}) {
    INFO("solver " << static_cast<int>(solver));
    const std::vector<double> times{1, 2, 5, 7.3};
    const Course course = course_of(*model, times, 0.1, by(solver));
    REQUIRE_MESSAGE(course.ok, course.why);
    for (std::size_t i = 0; i < times.size(); ++i) {
      const auto row = static_cast<Eigen::Index>(i) + 1;
      const auto exact = [&](double eta) { return height(10 * std::exp(eta), 0.8, times[i]); };
      CHECK(course.outputs(row, 0) == doctest::Approx(exact(0.1)).epsilon(1e-8));
      const double slope = (exact(0.1 + 1e-5) - exact(0.1 - 1e-5)) / 2e-5;
      CHECK(course.sens[0](row, 0) == doctest::Approx(slope).epsilon(1e-7));
    }
  }
}

TEST_CASE("events without end are a status with a time") {
  const auto model = with_events(ball(), {when("x < 0", {{"v", {"-0.5 * v", ""}}})});
  const Course course = course_of(*model, {20}, 0.0, by(Solver::automatic, false));
  CHECK_FALSE(course.ok);
  CHECK(course.why == "the event 'it' happens again and again");
  // Bounces end at sqrt(2 x0 / g) (1 + e) / (1 - e).
  CHECK(course.at == doctest::Approx(3 * std::sqrt(20 / 9.81)).epsilon(1e-6));
}

TEST_CASE("an event that leaves its state where it happens again at once says so") {
  const auto model = with_events(decay(), {when("y < 2", {{"y", {"2", ""}}})});
  const Course course = course_of(*model, {20}, 0.0, by(Solver::automatic, false));
  CHECK_FALSE(course.ok);
  CHECK(course.why == "the event 'it' happens again and again");
  CHECK(course.at == doctest::Approx(std::log(5.0) / 0.3).epsilon(1e-8));
}

TEST_CASE("a condition that holds from the start has not become true; a dose can make one true at once") {
  const auto holds = with_events(decay(), {when("y < 20", {{"y", {"0", ""}}})});
  const Course quiet = course_of(*holds, {4}, 0.0, by(Solver::automatic, false));
  REQUIRE(quiet.ok);
  CHECK(quiet.outputs(1, 0) == doctest::Approx(10 * std::exp(-1.2)).epsilon(1e-9));

  const auto capped = with_events(decay(), {when("y > 50", {{"y", {"50", ""}}})});
  Patient patient;
  DosingEvent dose;
  dose.time = 2;
  dose.amt = 100;
  dose.route = "dose";
  patient.doses = {dose};
  const Course course = course_of(*capped, {1, 5}, 0.0, by(Solver::automatic), patient);
  REQUIRE_MESSAGE(course.ok, course.why);
  CHECK(course.outputs(2, 0) == doctest::Approx(50 * std::exp(-0.9)).epsilon(1e-9));
  CHECK(course.sens[0](2, 0) == doctest::Approx(-0.9 * 50 * std::exp(-0.9)).epsilon(1e-8));
}

TEST_CASE("an interval of events that is not positive is a failure with its time, not a number") {
  const auto model = with_events(decay(), {every("0 * exp(eta)", {{"y", {"y + 5", ""}}})});
  const Course course = course_of(*model, {3, 9}, 0.1, by(Solver::automatic));
  CHECK(!course.ok);
  CHECK(course.why.find("is not positive") != std::string::npos);
}

TEST_CASE("an event at fixed intervals happens from the first interval on, exactly where the model is linear") {
  const auto model = with_events(decay(), {every("4 * exp(eta)", {{"y", {"y + 5", ""}}})});
  const auto exact = [](double eta, double t) {
    const double k = 0.3 * std::exp(eta), T = 4 * std::exp(eta);
    double y = 10 * std::exp(-k * t);
    for (int i = 1; i * T < t; ++i) y += 5 * std::exp(-k * (t - i * T));
    return y;
  };
  for (const Solver solver : {Solver::automatic, Solver::exact, Solver::dopri5, Solver::rosenbrock}) {
    INFO("solver " << static_cast<int>(solver));
    const Course course = course_of(*model, {3, 9, 21}, 0.1, by(solver));
    REQUIRE_MESSAGE(course.ok, course.why);
    Eigen::Index row = 0;
    for (const double t : {3.0, 9.0, 21.0}) {
      CHECK(course.outputs(++row, 0) == doctest::Approx(exact(0.1, t)).epsilon(1e-8));
      CHECK(course.sens[0](row, 0) == doctest::Approx((exact(0.1 + 1e-5, t) - exact(0.1 - 1e-5, t)) / 2e-5).epsilon(1e-7));
    }
  }
}

namespace {

// sin t, and how often `condition` on it became true until 40 pi.
double times_true(const std::string& condition, Solver solver, double rtol) {
  SmallModel m;
  m.states = {{"s", "c"}, {"c", "-s"}, {"count", "0"}};
  m.initial = {{"c", "1"}};
  m.outputs = {{"count", "count"}};
  SimulateOptions options;
  options.solver = solver;
  options.rtol = options.atol = rtol;
  const Course course = course_of(*with_events(m, {when(condition, {{"count", {"count + 1", ""}}})}), {125.66}, 0.0, options);
  REQUIRE_MESSAGE(course.ok, course.why);
  return course.outputs(1, 0);
}

}  // namespace

TEST_CASE("a condition that holds for a small part of a step is met, one that only touches its threshold is not") {
  for (const Solver solver : {Solver::dopri5, Solver::rosenbrock})
    for (const double rtol : {1e-7, 1e-9, 1e-11}) {
      INFO("solver " << static_cast<int>(solver) << ", tolerance " << rtol);
      const double size = 1.0 - 2000.0 * rtol;  // the wave's height is within 2000 tolerances of 1 to the end
      const std::string just_below = to_text(size), just_above = to_text(2.0 - size);
      CHECK(times_true("s > " + just_below, solver, rtol) == 20.0);
      CHECK(times_true("s > " + just_above, solver, rtol) == 0.0);
      CHECK(times_true("s < " + just_below, solver, rtol) == 20.0);  // ceases to hold at each crest
      CHECK(times_true("s < " + just_above, solver, rtol) == 0.0);
      CHECK(times_true("exp(s) > exp(" + just_below + ")", solver, rtol) == 20.0);
      CHECK(times_true("exp(s) > exp(" + just_above + ")", solver, rtol) == 0.0);
    }
}

TEST_CASE("the first rise of a polynomial is found between equal values, and a touch is none") {
  const auto yes = [](double) { return true; };
  const auto values = [](double (*f)(double)) {
    StepValues v;
    for (std::size_t i = 0; i <= rise_parts; ++i) v[i] = f(static_cast<double>(i) / rise_parts);
    return v;
  };
  // Above 0 between 0.3000 and 0.3001, and from 0.9 on.
  const auto narrow = first_rise(values([](double x) { return (x - 0.3) * (x - 0.3001) * (x - 0.9); }), false, yes);
  REQUIRE(narrow);
  CHECK(narrow->after <= 0.3);
  CHECK(narrow->by > 0.3);
  CHECK(narrow->by <= 0.3001);
  const auto from_below = [](double x) { return -(x - 0.3) * (x - 0.3); };
  CHECK_FALSE(first_rise(values(from_below), false, [&](double x) { return from_below(x) > 0.0; }));
  // Holds at first, falls for a ten-thousandth of the step.
  const auto again = first_rise(values([](double x) { return (x - 0.7) * (x - 0.7001); }), true, yes);
  REQUIRE(again);
  CHECK(again->after <= 0.7001);
  CHECK(again->by > 0.7001);
  CHECK_FALSE(first_rise(values([](double x) { return (x - 0.7) * (x - 0.7) + 1e-9; }), true, yes));
  CHECK_FALSE(first_rise(values([](double x) { return 0.5 - x; }), true, yes));
  // What the polynomial says and the quantity does not confirm is passed over; the next rise counts.
  const auto later = [](double x) { return x > 0.5; };
  const auto confirmed = first_rise(values([](double x) { return (x - 0.3) * (x - 0.3001) * (x - 0.9); }), false, later);
  REQUIRE(confirmed);
  CHECK(confirmed->by > 0.9);
}

TEST_CASE("new values are computed from the states before the event") {
  SmallModel m = decay();
  m.states.push_back({"z", "1"});
  m.outputs.push_back({"z", "z"});
  const auto model = with_events(m, {when("z >= 3", {{"y", {"z", ""}}, {"z", {"y", ""}}})});
  const Course course = course_of(*model, {3.5}, 0.0, by(Solver::automatic, false));
  REQUIRE_MESSAGE(course.ok, course.why);
  CHECK(course.outputs(1, 0) == doctest::Approx(3 * std::exp(-0.15)).epsilon(1e-9));
  CHECK(course.outputs(1, 1) == doctest::Approx(10 * std::exp(-0.9) + 0.5).epsilon(1e-9));
}

TEST_CASE("a condition that is no comparison is refused") {
  auto model = build(decay());
  model->events = {when("y + 1", {{"y", {"0", ""}}})};
  const auto result = compile(model);
  REQUIRE_FALSE(result);
  CHECK(result.diagnostics().front().code == "model.bad_value");
}

TEST_CASE("a state that may not be negative stays above minus the tolerance where plain steps go below") {
  SmallModel m;
  m.states = {{"y", "-300 * y / (0.001 + abs(y))"}, {"z", "-z"}};
  m.initial = {{"y", "10"}, {"z", "1"}};
  m.outputs = {{"y", "y"}};
  std::vector<double> times;
  for (int i = 1; i <= 400; ++i) times.push_back(0.001 * i);
  SimulateOptions options;
  options.solver = Solver::dopri5;
  options.rtol = options.atol = 1e-3;
  const Course plain = course_of(*with_events(m, {}), times, 0.0, options);
  const Course guarded = course_of(*with_events(m, {}, true), times, 0.0, options);
  REQUIRE_MESSAGE(plain.ok, plain.why);
  REQUIRE_MESSAGE(guarded.ok, guarded.why);
  CHECK(plain.outputs.minCoeff() < -1e-3);
  CHECK(guarded.outputs.minCoeff() >= -1e-3);
}

TEST_CASE("a model whose state must become negative fails with the time") {
  SmallModel m;
  m.states = {{"y", "-2 + 0 * y * y"}, {"z", "-z * z"}};
  m.initial = {{"y", "1"}, {"z", "1"}};
  m.outputs = {{"y", "y"}};
  const Course course = course_of(*with_events(m, {}, true), {1}, 0.0, by(Solver::dopri5, false));
  CHECK_FALSE(course.ok);
  CHECK(course.why == "a state that may not be negative would become so");
  CHECK(course.at == doctest::Approx(0.5).epsilon(1e-6));
}
