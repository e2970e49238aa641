#include "sim/simulate.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "support/near.hpp"
#include "support/small_models.hpp"

using namespace titrate;
using namespace titrate::support;

namespace {

SmallModel oral_two_compartments() {
  SmallModel m;
  m.parameters = {{"Q", 7.0}, {"V2", 55.0}};
  m.etas = {{"eta_CL", 0.1}, {"eta_V", 0.2}, {"eta_ka", 0.2}, {"eta_F", 0.1}, {"eta_lag", 0.1}};
  m.individual = {{"CL", "4 * exp(eta_CL)"},
                  {"V", "30 * exp(eta_V)"},
                  {"ka", "0.8 * exp(eta_ka)"},
                  {"F", "0.7 * exp(eta_F)"},
                  {"lag", "0.4 * exp(eta_lag)"}};
  m.states = {{"depot", "-ka * depot"},
              {"central", "ka * depot - (CL / V + Q / V) * central + Q / V2 * peripheral"},
              {"peripheral", "Q / V * central - Q / V2 * peripheral"}};
  m.outputs = {{"Cc", "central / V"}};
  m.entries = {into("depot", "F", "lag")};
  return m;
}

std::vector<Sample> at(const std::vector<double>& times) {
  std::vector<Sample> samples;
  for (const double t : times) samples.push_back({t, before_all});
  return samples;
}

BuiltSchedule scheduled(const CompiledModel& model, const Patient& patient, const std::vector<double>& times) {
  auto built = build_schedule(model, patient, at(times));
  REQUIRE(built);
  return *built;
}

Course predicted(const Compiled& model, const Patient& patient, const std::vector<double>& times,
                 const SimulateOptions& options = {}, Vector eta = {}) {
  if (eta.size() == 0) eta = Vector::Zero(model->k);
  Course course = simulate(*model, scheduled(*model, patient, times).schedule, eta, options);
  REQUIRE_MESSAGE(course.ok, course.why);
  return course;
}

Patient given(std::vector<DosingEvent> doses) {
  Patient p;
  p.doses = std::move(doses);
  return p;
}

// Largest difference of two courses, relative to the largest value.
double distance(const Matrix& a, const Matrix& b) { return (a - b).cwiseAbs().maxCoeff() / b.cwiseAbs().maxCoeff(); }

void check_sensitivities(const Compiled& model, const Patient& patient, const std::vector<double>& times, SimulateOptions options,
                         double tolerance) {
  const auto built = scheduled(*model, patient, times);
  Vector eta(model->k);
  for (Eigen::Index j = 0; j < eta.size(); ++j) eta(j) = 0.1 + 0.05 * static_cast<double>(j);
  options.sensitivities = true;
  const Course course = simulate(*model, built.schedule, eta, options);
  REQUIRE_MESSAGE(course.ok, course.why);
  options.sensitivities = false;
  for (Eigen::Index j = 0; j < eta.size(); ++j) {
    const double h = 1e-4;
    const auto shifted = [&](double by) {
      Vector e = eta;
      e(j) += by;
      return simulate(*model, built.schedule, e, options).outputs;
    };
    // Five points: the error of the difference is of order h^4.
    const Matrix difference = (8.0 * (shifted(h) - shifted(-h)) - (shifted(2 * h) - shifted(-2 * h))) / (12.0 * h);
    INFO("eta " << j);
    CHECK((difference - course.sens[static_cast<std::size_t>(j)]).cwiseAbs().maxCoeff() <
          tolerance * course.outputs.cwiseAbs().maxCoeff());
  }
}

}  // namespace

TEST_CASE("a bolus falls exponentially from dose / V") {
  const auto model = compiled(one_compartment());
  const Course course = predicted(model, given({dose(0, 600)}), {0, 3, 24});
  CHECK(course.outputs(0, 0) == 0.0);  // before the dose at its own time
  CHECK(course.outputs(1, 0) == near(20.0 * std::exp(-4.0 / 30.0 * 3)));
  CHECK(course.outputs(2, 0) == near(20.0 * std::exp(-4.0 / 30.0 * 24)));
}

TEST_CASE("a constant infusion reaches rate / CL, whatever the volumes") {
  auto small = oral_two_compartments();
  small.entries = {into("central")};
  const Course course = predicted(compiled(small), given({infused(0, 100.0 * 900, 900)}), {899});
  CHECK(course.outputs(0, 0) == near(25.0));
}

TEST_CASE("the area under a bolus to infinity is F dose / CL and the integral is exact at any time") {
  SimulateOptions options;
  options.auc = true;
  const Course course = predicted(compiled(oral_two_compartments()), given({dose(0, 600)}), {2000}, options);
  CHECK(course.auc(0, 0) == near(0.7 * 600 / 4.0));
  const Course partial = predicted(compiled(one_compartment()), given({dose(0, 600)}), {5}, options);
  CHECK(partial.auc(0, 0) == near(600 / 4.0 * (1 - std::exp(-4.0 / 30 * 5))));
}

TEST_CASE("an infusion of a given rate lasts F amt / rate") {
  auto small = one_compartment();
  small.entries = {into("central", "0.5")};
  DosingEvent d = dose(0, 400);
  d.input = DosingEvent::Input::rate;
  d.rate = 100;
  const Course course = predicted(compiled(small), given({d}), {2, 6});
  const double k = 4.0 / 30.0, peak = 100 / 4.0 * (1 - std::exp(-2 * k));
  CHECK(course.outputs(0, 0) == near(peak));
  CHECK(course.outputs(1, 0) == near(peak * std::exp(-4 * k)));
}

TEST_CASE("linear models solved exactly and by dopri5 at tight tolerance agree") {
  const auto model = compiled(oral_two_compartments());
  const Patient patient = given({repeated(dose(0, 500), 12, 5), infused(30, 200, 4)});
  const std::vector<double> times{0.2, 1, 5, 12, 12.4, 13, 30, 33, 34, 50, 80};
  SimulateOptions dopri5;
  dopri5.solver = Solver::dopri5;
  dopri5.rtol = 1e-11;
  dopri5.sensitivities = true;
  SimulateOptions exact;
  exact.sensitivities = true;
  const Course a = predicted(model, patient, times, exact), b = predicted(model, patient, times, dopri5);
  CHECK(distance(a.outputs, b.outputs) < 1e-8);
  for (std::size_t j = 0; j < a.sens.size(); ++j) CHECK(distance(a.sens[j], b.sens[j]) < 1e-8);
}

TEST_CASE("sensitivities equal finite differences, also where lag and bioavailability depend on eta") {
  const auto model = compiled(oral_two_compartments());
  DosingEvent by_rate = dose(20, 300);
  by_rate.input = DosingEvent::Input::rate;
  by_rate.rate = 60;
  const Patient patient = given({repeated(dose(0, 500), 12, 2), by_rate, infused(40, 200, 4)});
  const std::vector<double> times{0.3, 1, 5, 12.2, 13, 22, 26, 41, 50};
  check_sensitivities(model, patient, times, {}, 1e-8);
  SimulateOptions dopri5;
  dopri5.solver = Solver::dopri5;
  dopri5.rtol = 1e-11;
  check_sensitivities(model, patient, times, dopri5, 1e-6);
}

TEST_CASE("the steady state equals a long series of doses") {
  for (const double dur : {0.0, 3.0, 17.0, 30.0}) {
    for (const Solver solver : {Solver::automatic, Solver::dopri5}) {
      INFO("infusion of " << dur << " h, solver " << static_cast<int>(solver));
      const auto model = compiled(oral_two_compartments());
      const DosingEvent one = dur > 0 ? infused(0, 500, dur) : dose(0, 500);
      DosingEvent steady = one;
      steady.time = 1200;
      steady.ss = 1;
      steady.ii = 12;
      steady.addl = 3;
      SimulateOptions options;
      options.solver = solver;
      const std::vector<double> times{1200.1, 1200.5, 1203, 1211, 1212.3, 1215, 1230, 1250};
      Course a = predicted(model, given({repeated(one, 12, 103)}), times, options);
      Course b = predicted(model, given({steady}), times, options);
      CHECK(distance(b.outputs, a.outputs) < (solver == Solver::dopri5 ? 1e-7 : 1e-11));
    }
  }
}

TEST_CASE("sensitivities at steady state equal finite differences") {
  DosingEvent steady = infused(0, 500, 17);
  steady.ss = 1;
  steady.ii = 12;
  check_sensitivities(compiled(oral_two_compartments()), given({steady}), {0.1, 0.5, 3, 9, 20}, {}, 1e-8);
}

TEST_CASE("the steady state of a nonlinear model equals a long series of doses") {
  SmallModel small;
  small.etas = {{"eta_Vmax", 0.1}};
  small.individual = {{"Vmax", "60 * exp(eta_Vmax)"}};
  small.states = {{"depot", "-0.9 * depot"}, {"central", "0.9 * depot - Vmax * central / 20 / (5 + central / 20)"}};
  small.outputs = {{"Cc", "central / 20"}};
  small.entries = {into("depot", "1", "0.5")};
  const auto model = compiled(small);
  CHECK_FALSE(model->states.linear);
  DosingEvent steady = dose(2400, 400);
  steady.ss = 1;
  steady.ii = 12;
  const std::vector<double> times{2400.1, 2403, 2411, 2420};
  const Course a = predicted(model, given({repeated(dose(0, 400), 12, 200)}), times),
               b = predicted(model, given({steady}), times);
  CHECK(distance(b.outputs, a.outputs) < 1e-6);
  check_sensitivities(model, given({steady}), times, {}, 1e-5);
}

TEST_CASE("a constant infusion at steady state stands at rate / CL and stops at its record") {
  DosingEvent constant = dose(0, 0);
  constant.input = DosingEvent::Input::rate;
  constant.rate = 80;
  constant.ss = 1;
  const Course course = predicted(compiled(one_compartment()), given({constant}), {1});
  CHECK(course.outputs(0, 0) == near(20.0 * std::exp(-4.0 / 30.0)));
}

TEST_CASE("what goes in comes out: eliminated plus remaining equals the doses") {
  auto small = oral_two_compartments();
  small.states.push_back({"gone", "CL / V * central"});
  small.outputs = {{"all", "depot + central + peripheral + gone"}};
  const Course course = predicted(compiled(small), given({repeated(dose(0, 500), 12, 3)}), {100});
  CHECK(course.outputs(0, 0) == near(0.7 * 2000, 1e-11));
}

TEST_CASE("covariates follow their rule: last value, next value, straight line") {
  SmallModel small;
  Covariate w;
  w.name = "W";
  w.label = "W";
  small.states = {{"area", "W"}};
  small.outputs = {{"area", "area"}, {"now", "W + 0 * area"}};
  small.entries = {into("area")};
  Patient patient;
  patient.covariates["W"] = {{0, 10, 20}, {1, 3, 5}, ""};
  const auto run = [&](OverTime rule) {
    w.over_time = rule;
    small.covariates = {w};
    return predicted(compiled(small), patient, {0, 10, 15, 30});
  };
  const Course last = run(OverTime::last), next = run(OverTime::next), linear = run(OverTime::linear);
  CHECK(last.outputs(3, 0) == near(10 * 1 + 10 * 3 + 10 * 5));
  CHECK(last.outputs(1, 1) == 3.0);
  CHECK(next.outputs(3, 0) == near(10 * 3 + 10 * 5 + 10 * 5));
  CHECK(next.outputs(1, 1) == 3.0);
  CHECK(next.outputs(2, 1) == 5.0);
  CHECK(linear.outputs(3, 0) == near(10 * 2 + 10 * 4 + 10 * 5));
  CHECK(linear.outputs(2, 1) == near(4.0));
}

TEST_CASE("a value at the time of a dose is the one before it, unless it is asked for after") {
  const auto model = compiled(one_compartment());
  Patient patient = given({dose(0, 600), dose(10, 300)});
  auto built = build_schedule(*model, patient, {{10, before_all}, {10, after_all}});
  REQUIRE(built);
  const Course course = simulate(*model, built->schedule, Vector::Zero(2));
  CHECK(course.outputs(1, 0) - course.outputs(0, 0) == near(10.0));
}

TEST_CASE("a reset empties the states and cancels what was still to come") {
  const auto model = compiled(oral_two_compartments());
  Patient patient = given({repeated(infused(0, 500, 8), 12, 10), dose(40, 500)});
  patient.resets = {{30, 0}};
  Patient alone = given({dose(40, 500)});
  const Course a = predicted(model, patient, {31, 39, 41, 60}), b = predicted(model, alone, {31, 39, 41, 60});
  CHECK((a.outputs - b.outputs).cwiseAbs().maxCoeff() == 0.0);
  // The same where the states are stepped through instead of walked along their modes.
  SimulateOptions stepped;
  stepped.solver = Solver::dopri5;
  const Course c = predicted(model, patient, {31, 39, 41, 60}, stepped);
  CHECK((c.outputs - b.outputs).cwiseAbs().maxCoeff() <= 1e-6 * b.outputs.maxCoeff());
}

TEST_CASE("slopes are taken on the side that the sample stands on") {
  const auto model = compiled(one_compartment());
  auto built =
      build_schedule(*model, given({infused(0, 100, 2)}), {{0, before_all}, {0, after_all}, {2, before_all}, {2, after_all}});
  REQUIRE(built);
  SimulateOptions options;
  options.slopes = true;
  const Course course = simulate(*model, built->schedule, Vector::Zero(2), options);
  CHECK(course.slopes(0, 0) == 0.0);
  CHECK(course.slopes(1, 0) == near(50.0 / 30));
  CHECK(course.slopes(2, 0) == near(50.0 / 30 - 4.0 / 30 * course.outputs(2, 0)));
  CHECK(course.slopes(3, 0) == near(-4.0 / 30 * course.outputs(3, 0)));
}

TEST_CASE("a fast rate that has died out does not slow a long course, and the implicit steps agree with the explicit ones") {
  // A drug that leaves within an hour, and cells with feedback that take weeks: explicit steps would follow the drug throughout.
  SmallModel small;
  small.states = {{"drug", "-9 * drug"},
                  {"prol", "0.04 * prol * ((1 - 2 * drug) * (5 / circ)^0.2 - 1)"},
                  {"transit", "0.04 * (prol - transit)"},
                  {"circ", "0.04 * (transit - circ)"}};
  small.initial = {{"prol", "5"}, {"transit", "5"}, {"circ", "5"}};
  small.outputs = {{"circ", "circ"}};
  small.entries = {into("drug")};
  const auto model = compiled(small);
  const Patient patient = given({dose(0, 60)});
  const std::vector<double> times{10, 100, 200.5, 300, 504};
  SimulateOptions tight;
  tight.solver = Solver::dopri5;
  tight.rtol = 1e-12;
  const Matrix reference = predicted(model, patient, times, tight).outputs;
  double coarse = 0.0;
  for (const double rtol : {1e-5, 1e-7, 1e-9}) {
    SimulateOptions options;
    options.rtol = rtol;
    const double error = distance(predicted(model, patient, times, options).outputs, reference);
    INFO("rtol " << rtol << " error " << error);
    CHECK(error < 100 * rtol);
    if (coarse > 0.0) CHECK(error < 0.1 * coarse);
    coarse = error;
  }
}

TEST_CASE("implicit steps know how the equations change with time: y' = -1000 (y - cos t) - sin t has the solution cos t") {
  SmallModel small;
  small.states = {{"y", "-1000 * (y - cos(t)) - sin(t) + 0 * y * y"}, {"z", "-z * z"}};
  small.initial = {{"y", "1"}, {"z", "1"}};
  small.outputs = {{"y", "y"}, {"z", "z"}};
  const Course course = predicted(compiled(small), {}, {0, 1.5, 3, 10}, {});
  CHECK(course.outputs(1, 0) == doctest::Approx(std::cos(1.5)).epsilon(1e-7));
  CHECK(course.outputs(3, 0) == near(std::cos(10.0), 1e-7));
  CHECK(course.outputs(3, 1) == near(1.0 / 11.0, 1e-7));
}

TEST_CASE("Robertson's reaction is solved to its published values") {
  SmallModel small;
  small.states = {{"a", "-0.04 * a + 1e4 * b * c"}, {"b", "0.04 * a - 1e4 * b * c - 3e7 * b^2"}, {"c", "3e7 * b^2"}};
  small.initial = {{"a", "1"}};
  small.outputs = {{"a", "a"}, {"b", "b"}, {"c", "c"}};
  SimulateOptions options;
  options.rtol = 1e-8;
  options.atol = 1e-14;
  // Values at t = 40: Hairer & Wanner, Solving ODEs II, IV.10.
  const auto model = compiled(small);
  const Course course = predicted(model, {}, {0, 40}, options);
  CHECK(course.outputs(1, 0) == near(0.7158270687, 1e-6));
  CHECK(course.outputs(1, 1) == near(9.185534765e-6, 1e-6));
}

TEST_CASE("a solution that runs away is a status with a time, not a number") {
  SmallModel small;
  small.states = {{"y", "y * y"}};
  small.outputs = {{"y", "y"}};
  small.initial = {{"y", "1"}};
  const auto model = compiled(small);
  auto built = build_schedule(*model, {}, {{0, before_all}, {2, before_all}});
  REQUIRE(built);
  const Course course = simulate(*model, built->schedule, Vector{});
  CHECK_FALSE(course.ok);
  CHECK(course.at == doctest::Approx(1.0).epsilon(0.01));
}

TEST_CASE("a missing covariate is an error that names it") {
  SmallModel small = one_compartment();
  Covariate w;
  w.name = "WT";
  w.label = "Body weight";
  small.covariates = {w};
  small.individual[0].second = "TVCL * WT * exp(eta_CL)";
  const auto model = compiled(small);
  const auto built = build_schedule(*model, given({dose(0, 1)}), {});
  REQUIRE_FALSE(built);
  CHECK(built.diagnostics().front().code == "patient.missing_covariate");
  CHECK(built.diagnostics().front().path == "/patient/covariates/WT");
}
