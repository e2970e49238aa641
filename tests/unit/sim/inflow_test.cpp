// Doses that enter along a density: against the convolution of a gamma density with an exponential, by every stepping solver.

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
