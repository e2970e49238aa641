// Doses that enter along a density: against the convolution of a gamma density with an exponential, by every stepping solver.

#include "sim/inflow.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "sim/simulate.hpp"
#include "support/small_models.hpp"

using namespace titrate;
using namespace titrate::support;

namespace {

// The regularised lower incomplete gamma function, by its series.
double gamma_p(double a, double x) {
  if (x <= 0.0) return 0.0;
  double term = 1.0 / a, sum = term;
  for (int i = 1; i < 400; ++i) sum += term *= x / (a + i);
  return sum * std::exp(a * std::log(x) - x - std::lgamma(a));
}

struct Absorbed {
  double n = 0.0, ktr = 0.0, lag = 0.0, F = 0.0;
};

// What is left at t of one unit given at 0: F exp(-k s) (ktr / (ktr - k))^n P(n, (ktr - k) s), s = t - lag.
double left(const Absorbed& e, double k, double t) {
  const double s = t - e.lag;
  return s <= 0.0 ? 0.0 : e.F * std::exp(-k * s) * std::pow(e.ktr / (e.ktr - k), e.n) * gamma_p(e.n, (e.ktr - k) * s);
}

Absorbed absorbed(double n, const Vector& eta) {
  return {n, 1.7 * std::exp(eta(0)), 0.4 * std::exp(eta(1)), 0.8 * std::exp(eta(2))};
}

}  // namespace

TEST_CASE("a dose that enters along a gamma density is the convolution, with its sensitivities") {
  constexpr double k = 0.15;
  const std::vector<double> times{0.3, 0.7, 1.5, 4, 5.2, 6, 9, 20};
  // Erlang (whole n) and a transit chain of a number that is not whole.
  for (const double n : {1.0, 3.0, 2.6}) {
    SmallModel m;
    m.etas = {{"eta_ktr", 0.1}, {"eta_lag", 0.1}, {"eta_F", 0.1}};
    m.parameters = {{"n", n}};
    m.individual = {{"ktr", "1.7 * exp(eta_ktr)"}, {"lag", "0.4 * exp(eta_lag)"}, {"F", "0.8 * exp(eta_F)"}};
    m.states = {{"central", "-0.15 * central"}, {"z", "-z * z"}};
    m.initial = {{"z", "1"}};
    m.outputs = {{"y", "central"}};
    Entry entry = into("central", "F", "lag");
    entry.profile = Expression{"ktr * exp((n - 1) * log(ktr * tad) - ktr * tad - lgamma(n))", ""};
    m.entries = {entry};
    const auto model = compiled(m);
    Patient patient;
    for (const double time : {0.0, 5.0}) {  // the second while the first still enters
      DosingEvent dose;
      dose.time = time;
      dose.amt = 100;
      dose.route = "dose";
      patient.doses.push_back(dose);
    }
    std::vector<Sample> samples;
    for (const double t : times) samples.push_back({t, before_all});
    const auto built = build_schedule(*model, patient, samples);
    REQUIRE(built);
    Vector eta(3);
    eta << 0.1, -0.2, 0.05;
    const auto exact = [&](const Vector& at, double t) {
      const Absorbed e = absorbed(n, at);
      return 100 * (left(e, k, t) + left(e, k, t - 5));
    };
    for (const Solver solver : {Solver::automatic, Solver::dopri5, Solver::rosenbrock}) {
      SimulateOptions options;
      options.solver = solver;
      options.sensitivities = true;
      const Course course = simulate(*model, built->schedule, eta, options);
      REQUIRE_MESSAGE(course.ok, course.why);
      for (std::size_t i = 0; i < times.size(); ++i) {
        INFO("n " << n << ", solver " << static_cast<int>(solver) << ", t " << times[i]);
        const auto row = static_cast<Eigen::Index>(i);
        CHECK(course.outputs(row, 0) == doctest::Approx(exact(eta, times[i])).epsilon(1e-7));
        for (Eigen::Index j = 0; j < 3; ++j) {
          Vector up = eta, down = eta;
          up(j) += 1e-5;
          down(j) -= 1e-5;
          const double slope = (exact(up, times[i]) - exact(down, times[i])) / 2e-5;
          CHECK(course.sens[static_cast<std::size_t>(j)](row, 0) == doctest::Approx(slope).epsilon(1e-6).scale(10));
        }
      }
    }
  }
}

namespace {

// Doses along a gamma density every 12 h; ktr may change with a covariate.
SmallModel repeated(double n) {
  SmallModel m;
  m.covariates.resize(1);
  m.covariates[0].name = "X";
  m.individual = {{"ktr", "X"}};
  m.parameters = {{"n", n}};
  m.states = {{"central", "-0.15 * central"}, {"z", "-z * z"}};
  m.initial = {{"z", "1"}};
  m.outputs = {{"y", "central"}};
  Entry entry = into("central");
  entry.profile = Expression{"ktr * exp((n - 1) * log(ktr * tad) - ktr * tad - lgamma(n))", ""};
  m.entries = {entry};
  return m;
}

Patient every_12_h(int doses, const CovariateCourse& ktr) {
  Patient patient;
  patient.covariates["X"] = ktr;
  DosingEvent dose;
  dose.amt = 100;
  dose.ii = 12;
  dose.addl = doses - 1;
  dose.route = "dose";
  patient.doses = {dose};
  return patient;
}

// What is left to enter, of 1: the continued fraction of the upper incomplete gamma function (Lentz).
double gamma_q(double a, double x) {
  double b = x + 1 - a, c = 1e300, d = 1 / b, h = d;
  for (int i = 1; i < 500; ++i) {
    const double an = -i * (i - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    h *= d * c;
  }
  return h * std::exp(a * std::log(x) - x - std::lgamma(a));
}

// The ages of pulses, whole h to 200 h, that are kept at 1000 h.
std::vector<double> ages_kept(double n, const CovariateCourse& ktr, double until) {
  const auto model = compiled(repeated(n));
  const auto built = build_schedule(*model, every_12_h(1, ktr), {{until, before_all}});
  REQUIRE(built);
  Individual individual(*model, Vector::Zero(0));
  const Segments segments(*model, built->schedule, individual, false);
  Forcing forcing{Vector::Zero(2), Matrix(2, 0), {}};
  for (int age = 0; age <= 200; ++age) forcing.pulses.push_back({0, 0, 1000.0 - age, 1.0, {}, {}});
  drop_faded(*model, built->schedule, segments, 1000.0, forcing);
  std::vector<double> ages;
  for (const Pulse& pulse : forcing.pulses) ages.push_back(1000.0 - pulse.begin);
  return ages;
}

}  // namespace

TEST_CASE("a dose along a density is forgotten when less than 1e-16 of it can still enter, and only then") {
  for (const double n : {0.7, 1.0, 5.0, 20.0}) {
    CAPTURE(n);
    const auto ages = ages_kept(n, {{0}, {0.9}, ""}, 1100.0);
    REQUIRE(ages.size() < 150);
    CHECK(ages.size() == doctest::Approx(ages.back() + 1));  // the young ones stay, all of them
    const double next = 0.9 * (ages.back() + 1);             // the youngest that went
    CHECK(gamma_q(n, next) < 1e-16);
    CHECK(gamma_q(n, next) > 1e-26);
  }
}

TEST_CASE("a dose whose entry slows down later is not forgotten") {
  // At ktr 0.02 from 1010 h on, much of a dose of 200 h before would still enter.
  CHECK(ages_kept(1.0, {{0, 1010}, {0.9, 0.02}, ""}, 1100.0).size() == 201);
  CHECK(ages_kept(1.0, {{0, 1010}, {0.9, 0.8}, ""}, 1100.0).size() < 60);
}

TEST_CASE("a long course of doses along a density is the sum of all of them") {
  const auto model = compiled(repeated(3.0));
  std::vector<Sample> samples;
  for (const double t : {5.0, 118.0, 700.0, 1447.0}) samples.push_back({t, before_all});
  const auto built = build_schedule(*model, every_12_h(120, {{0}, {0.9}, ""}), samples);
  REQUIRE(built);
  const Course course = simulate(*model, built->schedule, Vector::Zero(0));
  REQUIRE_MESSAGE(course.ok, course.why);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    double sum = 0.0;
    for (int j = 0; j < 120; ++j)
      if (const double age = samples[i].time - 12.0 * j; age < 400) sum += 100 * left({3.0, 0.9, 0.0, 1.0}, 0.15, age);
    CHECK(course.outputs(static_cast<Eigen::Index>(i), 0) == doctest::Approx(sum).epsilon(1e-8));
  }
}
