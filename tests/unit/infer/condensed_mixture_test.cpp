#include "infer/condensed_mixture.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "base/rng.hpp"
#include "infer/quantiles.hpp"

using namespace titrate;

namespace {

// Log-normal predictions about 20 mg/L, with weights that differ.
struct Draws {
  Vector f, weights;
};

Draws skewed(Eigen::Index S, double omega) {
  Draws d{Vector(S), Vector(S)};
  for (Eigen::Index s = 0; s < S; ++s) {
    const double u = (static_cast<double>((s * 617) % S) + 0.5) / static_cast<double>(S);
    d.f[s] = 20.0 * std::exp(omega * normal_quantile(u));
    d.weights[s] = 1.0 + static_cast<double>(s % 7);
  }
  d.weights /= d.weights.sum();
  return d;
}

double combined(double f) { return std::sqrt(3.4 * 3.4 + std::pow(0.227 * f, 2)); }

Vector of_all(const Vector& f, double (*sd)(double)) { return f.unaryExpr(sd); }

}  // namespace

TEST_CASE("a condensed mixture has the distribution function of all its draws to nine digits, from far fewer nodes") {
  const Draws d = skewed(2000, 0.5);
  const Vector sd = of_all(d.f, combined);
  const auto few = condensed(d.f, d.weights, combined);
  REQUIRE(few);
  CHECK(few->f.size() < 300);
  CHECK(few->weights.sum() == doctest::Approx(1.0).epsilon(1e-12));
  for (double x = -10.0; x < 120.0; x += 3.7) {
    const double all = normal_mixture_cdf(x, d.f, sd, d.weights), here = normal_mixture_cdf(x, few->f, few->sd, few->weights);
    CHECK(std::abs(here - all) < 1e-9);
  }
}

TEST_CASE("quantiles of a condensed mixture are those of all draws, of a normal and of a t distribution") {
  const std::vector<double> p{0.05, 0.25, 0.75, 0.95};
  const StudentT t(4.0);
  for (const double omega : {0.02, 0.3, 0.8}) {
    const Draws d = skewed(3000, omega);
    const Vector sd = of_all(d.f, combined);
    const auto few = condensed(d.f, d.weights, combined);
    REQUIRE(few);
    for (const StudentT* const residual : {static_cast<const StudentT*>(nullptr), &t}) {
      const auto all = mixture_quantiles(d.f, sd, d.weights, p, residual);
      const auto here = mixture_quantiles(few->f, few->sd, few->weights, p, residual);
      for (std::size_t i = 0; i < p.size(); ++i) CHECK(here[i] == doctest::Approx(all[i]).epsilon(residual ? 1e-5 : 1e-8));
    }
  }
}

TEST_CASE("an error in proportion is condensed too, over decades of predictions") {
  const auto proportional = [](double f) { return 0.2 * f; };
  const Draws d = skewed(8000, 1.2);
  const auto few = condensed(d.f, d.weights, proportional);
  REQUIRE(few);
  const Vector sd = 0.2 * d.f;
  for (const double x : {0.5, 5.0, 20.0, 80.0, 700.0})
    CHECK(std::abs(normal_mixture_cdf(x, few->f, few->sd, few->weights) - normal_mixture_cdf(x, d.f, sd, d.weights)) < 1e-9);
}

TEST_CASE("draws that are all the same become the nodes of one bin and stay where they are") {
  const auto few = condensed(Vector::Constant(1000, 7.0), Vector::Constant(1000, 1e-3), combined);
  REQUIRE(few);
  CHECK(few->f.size() == 8);
  const double wanted = mixture_quantiles(Vector{{7.0}}, Vector{{combined(7.0)}}, Vector{{1.0}}, {0.05})[0];
  CHECK(mixture_quantiles(few->f, few->sd, few->weights, {0.05})[0] == doctest::Approx(wanted).epsilon(1e-9));
}

TEST_CASE("nothing is condensed where an error vanishes, has a kink, or draws are few") {
  const Draws d = skewed(2000, 0.5);
  CHECK_FALSE(condensed(d.f, d.weights, [](double) { return 0.0; }));
  CHECK_FALSE(condensed(d.f, d.weights, [](double f) { return std::max(3.0, 0.2 * f); }));
  CHECK_FALSE(condensed(d.f.head(20), d.weights.head(20), combined));
}
