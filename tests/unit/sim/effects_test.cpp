// What one patient's history adds to the model's random effects, and the inputs that a model determines: each against a closed
// form, a model that says the same with plain etas, or finite differences.

#include "sim/effects.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "decide/regimen.hpp"
#include "infer/fit.hpp"
#include "sim/simulate.hpp"
#include "support/near.hpp"
#include "support/small_models.hpp"

using namespace titrate;
using namespace titrate::support;

namespace {

// Of the variance.
const std::string residual = "0.5 + 0.01 * prediction^2";

Compiled with_kappa(double variance) {
  auto model = build(one_compartment(residual));
  RandomEffect kappa;
  kappa.name = "kappa_CL";
  kappa.variance = variance;
  kappa.on = "CL";
  model->occasion_effects.push_back(kappa);
  model->pi = Matrix::Constant(1, 1, variance);
  auto result = compile(model);
  REQUIRE(result);
  return *result;
}

Course predicted(const Compiled& model, const Patient& patient, const std::vector<double>& times, const Vector& eta,
                 bool sensitivities = false) {
  std::vector<Sample> samples;
  for (const double t : times) samples.push_back({t, before_all});
  const auto built = build_schedule(*model, patient, samples);
  REQUIRE(built);
  SimulateOptions options;
  options.sensitivities = sensitivities;
  const Course course = simulate(*model, built->schedule, eta, options);
  REQUIRE(course.ok);
  return course;
}

// Every column of the sensitivities against central differences.
void check_sensitivities(const Compiled& model, const Patient& patient, const std::vector<double>& times, const Vector& eta) {
  const Course exact = predicted(model, patient, times, eta, true);
  for (Eigen::Index j = 0; j < eta.size(); ++j) {
    Vector up = eta, down = eta;
    up(j) += 1e-5;
    down(j) -= 1e-5;
    const Matrix difference =
        (predicted(model, patient, times, up).outputs - predicted(model, patient, times, down).outputs) / 2e-5;
    const Matrix& column = exact.sens[static_cast<std::size_t>(j)];
    CHECK((column - difference).norm() < 1e-7 * (1.0 + difference.norm()));
  }
}

// Zero-order input into one compartment: R/k (1 - exp(-k min(t, D))) exp(-k max(t - D, 0)).
double zero_order(double t, double R, double D, double k) {
  return R / k * (1.0 - std::exp(-k * std::min(t, D))) * std::exp(-k * std::max(t - D, 0.0));
}

}  // namespace

TEST_CASE("a dose enters over the duration that the model determines, and its end moves with eta") {
  SmallModel small = one_compartment(residual);
  small.etas.push_back({"eta_D", 0.1});
  small.individual.push_back({"D", "2 * exp(eta_D)"});
  small.entries[0].bioavailability.text = "0.8 * exp(0.3 * eta_V)";
  small.entries[0].duration = Expression{"D", ""};
  const Compiled model = compiled(small);
  Patient patient;
  patient.doses = {dose(0, 100), dose(12, 100)};
  Vector eta(3);
  eta << 0.2, -0.1, 0.3;
  const double k = 4.0 * std::exp(0.3) / 30.0, D = 2.0 * std::exp(0.3), amount = 80.0 * std::exp(-0.03),
               V = 30.0 * std::exp(-0.1);
  const std::vector<double> times{1, 2, 3, 8, 13, 20};
  const Course course = predicted(model, patient, times, eta);
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double t = times[i];
    const double expected = zero_order(t, amount / D, D, k) + (t > 12 ? zero_order(t - 12, amount / D, D, k) : 0.0);
    CHECK(course.outputs(static_cast<Eigen::Index>(i), 0) == near(expected / V, 1e-11));
  }
  check_sensitivities(model, patient, times, eta);
}

TEST_CASE("a dose enters at the rate that the model determines, unless the record states one") {
  SmallModel small = one_compartment(residual);
  small.entries[0].rate = Expression{"25 * exp(eta_CL)", ""};
  const Compiled model = compiled(small);
  Patient patient;
  patient.doses = {dose(0, 100)};
  Vector eta(2);
  eta << 0.2, -0.1;
  const double k = 4.0 * std::exp(0.3) / 30.0, V = 30.0 * std::exp(-0.1), R = 25.0 * std::exp(0.2);
  const std::vector<double> times{1, 3, 6, 20};
  Course course = predicted(model, patient, times, eta);
  for (std::size_t i = 0; i < times.size(); ++i)
    CHECK(course.outputs(static_cast<Eigen::Index>(i), 0) == near(zero_order(times[i], R, 100.0 / R, k) / V, 1e-11));
  check_sensitivities(model, patient, times, eta);
  patient.doses[0].input = DosingEvent::Input::duration;
  patient.doses[0].dur = 5.0;
  course = predicted(model, patient, times, eta);
  CHECK(course.outputs(1, 0) == near(zero_order(3.0, 20.0, 5.0, k) / V, 1e-11));
}

TEST_CASE("a duration that the model determines repeats at steady state like a long course, also longer than the interval") {
  SmallModel small = one_compartment(residual);
  small.entries[0].lag.text = "1.5 * exp(eta_V)";
  small.entries[0].duration = Expression{"15 * exp(eta_CL)", ""};
  const Compiled model = compiled(small);
  Patient steady, course;
  steady.doses = {dose(0, 100)};
  steady.doses[0].ss = 1;
  steady.doses[0].ii = 12.0;
  course.doses = {dose(-1200, 100)};
  course.doses[0].ii = 12.0;
  course.doses[0].addl = 100;
  Vector eta(2);
  eta << 0.1, -0.2;
  const std::vector<double> times{0.5, 3, 6, 11, 14};
  const Course a = predicted(model, steady, times, eta, true), b = predicted(model, course, times, eta, true);
  CHECK((a.outputs - b.outputs).norm() < 1e-10 * b.outputs.norm());
  for (std::size_t j = 0; j < 2; ++j) CHECK((a.sens[j] - b.sens[j]).norm() < 1e-9 * b.sens[j].norm());
}

TEST_CASE("a duration that is not positive is a failure with its time, not a number") {
  SmallModel small = one_compartment(residual);
  small.entries[0].duration = Expression{"eta_CL", ""};
  const Compiled model = compiled(small);
  Patient patient;
  patient.doses = {dose(3, 100)};
  const auto built = build_schedule(*model, patient, {{6.0, before_all}});
  REQUIRE(built);
  const Course course = simulate(*model, built->schedule, Vector::Zero(2));
  CHECK(!course.ok);
  CHECK(course.at == 3.0);
}

TEST_CASE("occasions give the numbers of a model that writes each kappa as an eta of its own") {
  const Compiled occasions = with_kappa(0.04);
  SmallModel plain = one_compartment(residual);
  plain.etas.push_back({"k1", 0.04});
  plain.etas.push_back({"k2", 0.04});
  Covariate occ;
  occ.name = "OCC";
  occ.over_time = OverTime::last;
  plain.covariates = {occ};
  plain.individual[0].second = "TVCL * exp(eta_CL + if(OCC == 1, k1, 0) + if(OCC == 2, k2, 0))";
  const Compiled written = compiled(plain);
  Patient patient;
  patient.doses = {dose(0, 500), dose(12, 500), dose(24, 500)};
  patient.observations = {level("Cc", 6, 9.0), level("Cc", 30, 14.0), level("Cc", 35, 6.0)};
  Patient with_covariate = patient;
  with_covariate.covariates["OCC"] = {{0, 12, 24}, {1, 0, 2}, ""};

  const auto a = build_schedule(*occasions, patient, {}), b = build_schedule(*written, with_covariate, {});
  REQUIRE(a);
  REQUIRE(b);
  const Effects& effects = a->schedule.effects;
  CHECK(effects.occasions == 2);  // the interval from 12 to 24 h holds no level
  CHECK(effects.size == 4);
  CHECK(effects.names[3] == "kappa_CL, occasion 2");
  const auto one = Objective::make(occasions, patient, *a), other = Objective::make(written, with_covariate, *b);
  REQUIRE(one);
  REQUIRE(other);
  Vector eta(4);
  eta << 0.1, -0.2, 0.3, -0.15;
  const auto x = one->evaluate(eta), y = other->evaluate(eta);
  REQUIRE(x);
  REQUIRE(y);
  CHECK(x->ofv == near(y->ofv, 1e-12));
  CHECK((x->gradient - y->gradient).norm() < 1e-10 * y->gradient.norm());
  CHECK(one->log_det_omega() == near(other->log_det_omega(), 1e-13));
  CHECK(find_map(*one).modes.front().ofv == near(find_map(*other).modes.front().ofv, 1e-10));
}

TEST_CASE("the occasion to come is drawn from its prior, and plans use it from the planned dose on") {
  const Compiled model = with_kappa(0.09);
  Patient patient;
  patient.doses = {dose(0, 500), dose(12, 500)};
  patient.observations = {level("Cc", 6, 9.0), level("Cc", 20, 9.0)};
  patient.now = 24.0;
  const auto posterior = fit(model, situation(model, patient, std::nullopt).patient);
  REQUIRE(posterior);
  REQUIRE(posterior->ok());
  REQUIRE(posterior->draws.rows() == 5);  // 2 etas, 2 occasions, the one to come
  CHECK(posterior->mode.size() == 4);
  const Vector to_come = posterior->draws.row(4).transpose();
  const double mean = posterior->weights.dot(to_come);
  CHECK(std::abs(mean) < 0.05);
  CHECK(posterior->weights.dot((to_come.array() - mean).square().matrix()) == doctest::Approx(0.09).epsilon(0.15));

  Regimen regimen;
  regimen.amt = 500;
  regimen.ii = 12;
  regimen.route = "dose";
  const Situation now = situation(model, patient, regimen);
  const auto planned = build_schedule(*model, with_regimen(now, regimen, 60.0), {{50.0, before_all}});
  const auto steady = build_schedule(*model, at_steady_state(now, regimen, 200.0), {{206.0, before_all}});
  REQUIRE(planned);
  REQUIRE(steady);
  for (const auto* schedule : {&planned->schedule, &steady->schedule}) {
    CHECK(schedule->effects.size == 5);
    CHECK(schedule->effects.kappa_column(schedule->occasion.back()) == 4);
  }
  CHECK(planned->schedule.effects.kappa_column(planned->schedule.occasion[segment_at(planned->schedule, 20.0)]) == 3);
}

TEST_CASE("an unrecorded earlier dose is an amount at the start with an effect of its own") {
  const Compiled model = compiled(one_compartment(residual));
  Patient patient;
  patient.observations = {level("Cc", 0, 20.0), level("Cc", 6, 8.0)};
  patient.initial_amounts = {{"central", 400.0, 0.5, ""}};
  Vector eta(3);
  eta << 0.1, 0.0, -0.4;
  const Course course = predicted(model, patient, {5.0}, eta);
  const double A = 400.0 * std::exp(-0.4), k = 4.0 * std::exp(0.1) / 30.0;
  CHECK(course.outputs(0, 0) == near(A / 30.0, 1e-12));
  CHECK(course.outputs(1, 0) == near(A / 30.0 * std::exp(-5.0 * k), 1e-12));
  check_sensitivities(model, patient, {5.0}, eta);
  const auto posterior = fit(model, patient);
  REQUIRE(posterior);
  CHECK(posterior->ok());
  CHECK(posterior->mode(2) > 0.2);  // a first level of 20 mg/L says that more than 400 mg were there
  patient.initial_amounts[0].state = "centre";
  CHECK(!build_schedule(*model, patient, {}));
}

TEST_CASE("an uncertain time of draw is an effect that moves the level along the curve") {
  const Compiled model = compiled(one_compartment(residual));
  Patient patient;
  patient.doses = {dose(0, 500)};
  patient.observations = {level("Cc", 6, 9.0), level("Cc", 8, 4.0)};
  patient.observations[0].sd_time = 0.5;
  Vector eta(3);
  eta << 0.1, -0.1, 0.7;
  const Course course = predicted(model, patient, {}, eta);
  const double V = 30.0 * std::exp(-0.1), k = 4.0 * std::exp(0.2) / 30.0;
  CHECK(course.outputs(0, 0) == near(500.0 / V * std::exp(-6.7 * k), 1e-12));
  CHECK(course.outputs(1, 0) == near(500.0 / V * std::exp(-8.0 * k), 1e-12));
  check_sensitivities(model, patient, {}, eta);
}

TEST_CASE("the steady state of a record uses the covariates of the record throughout") {
  SmallModel small = one_compartment(residual);
  Covariate x;
  x.name = "X";
  x.over_time = OverTime::last;
  small.covariates = {x};
  small.individual[0].second = "TVCL * X * exp(eta_CL)";
  const Compiled model = compiled(small);
  Patient changing, constant;
  changing.doses = {dose(24, 500)};
  changing.doses[0].ss = 1;
  changing.doses[0].ii = 12;
  constant = changing;
  changing.covariates["X"] = {{0, 20, 24}, {5.0, 0.2, 1.0}, ""};
  constant.covariates["X"] = {{0}, {1.0}, ""};
  CHECK(predicted(model, changing, {30.0}, Vector::Zero(2)).outputs(0, 0) ==
        near(predicted(model, constant, {30.0}, Vector::Zero(2)).outputs(0, 0), 1e-12));
}

TEST_CASE("the steady state of a constant infusion into saturable elimination is where input and output are equal") {
  SmallModel small = one_compartment(residual);
  small.states[0].second = "-100 * exp(eta_CL) * (central / V) / (5 + central / V)";
  const Compiled model = compiled(small);
  Patient patient;
  patient.doses = {dose(0, 0)};
  patient.doses[0].input = DosingEvent::Input::rate;
  patient.doses[0].rate = 60.0;
  patient.doses[0].ss = 1;
  Vector eta(2);
  eta << 0.1, 0.2;
  const double Vmax = 100.0 * std::exp(0.1);
  const std::vector<Sample> after{{0.0, after_all}};
  const auto built = build_schedule(*model, patient, after);
  REQUIRE(built);
  SimulateOptions options;
  options.sensitivities = true;
  const Course course = simulate(*model, built->schedule, eta, options);
  REQUIRE(course.ok);
  CHECK(course.outputs(0, 0) == near(5.0 * 60.0 / (Vmax - 60.0), 1e-11));
  CHECK(course.sens[0](0, 0) == near(-300.0 * Vmax / ((Vmax - 60.0) * (Vmax - 60.0)), 1e-9));
  CHECK(std::abs(course.sens[1](0, 0)) < 1e-9);  // the volume does not matter at rest
  patient.doses[0].rate = 120.0;                 // more than can be eliminated
  const auto too_much = build_schedule(*model, patient, after);
  REQUIRE(too_much);
  CHECK(!simulate(*model, too_much->schedule, eta).ok);
}

TEST_CASE("states that start at rest are found with their sensitivities") {
  SmallModel small = one_compartment(residual);
  small.states.push_back({"response", "10 * exp(eta_V) - 0.5 * exp(eta_CL) * response * response"});
  small.outputs.push_back({"R", "response"});
  small.initial = {{"response", "1"}};
  auto model = build(small);
  model->states[1].at_steady_state = true;
  const auto made = compile(model);
  REQUIRE(made);
  Vector eta(2);
  eta << 0.1, 0.2;
  Patient patient;
  patient.doses = {dose(0, 1)};
  const Course course = predicted(*made, patient, {0.0, 50.0}, eta, true);
  const double rest = std::sqrt(20.0 * std::exp(0.1));
  for (Eigen::Index i = 0; i < 2; ++i) {
    CHECK(course.outputs(i, 1) == near(rest, 1e-9));
    CHECK(course.sens[0](i, 1) == near(-0.5 * rest, 1e-8));
    CHECK(course.sens[1](i, 1) == near(0.5 * rest, 1e-8));
  }
}

TEST_CASE("records of one time may have different covariates, each its own") {
  SmallModel small = one_compartment(residual);
  Covariate x;
  x.name = "X";
  x.over_time = OverTime::next;
  small.covariates = {x};
  small.entries[0].bioavailability.text = "X";
  small.outputs[0].second = "central / V * X";
  const Compiled model = compiled(small);
  Patient patient;  // a dose at 0, a level before the dose of 12 h with X = 2, that dose with X = 3, a level after it with X = 5
  patient.doses = {dose(0, 100, 0), dose(12, 100, 2)};
  patient.observations = {level("Cc", 12, 1, 1), level("Cc", 12, 1, 3)};
  patient.covariates["X"] = {{0, 12, 12, 12}, {1, 2, 3, 5}, "", {0, 1, 2, 3}};
  const Course course = predicted(model, patient, {}, Vector::Zero(2));
  const double before = 100.0 * std::exp(-12.0 * 4.0 / 30.0);
  CHECK(course.outputs(0, 0) == near(before / 30.0 * 2.0, 1e-12));
  CHECK(course.outputs(1, 0) == near((before + 300.0) / 30.0 * 5.0, 1e-12));
}
