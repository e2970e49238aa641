#include "base/student_t.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "base/rng.hpp"

using namespace titrate;

namespace {
const double pi = std::acos(-1.0);
}

TEST_CASE("with 1, 2 and 3 degrees of freedom Student's distribution has its closed forms") {
  for (const double x : {-1e4, -20.0, -2.5, -0.7, -1e-3, 0.0, 0.4, 3.0, 80.0}) {
    CHECK(StudentT(1.0).cdf(x) == doctest::Approx(x < -1.0 ? -std::atan(1.0 / x) / pi : 0.5 + std::atan(x) / pi).epsilon(1e-13));
    const double root = std::sqrt(2.0 + x * x);
    CHECK(StudentT(2.0).cdf(x) == doctest::Approx(x < 0.0 ? 1.0 / (root * (root - x)) : 0.5 + 0.5 * x / root).epsilon(1e-13));
    const double y = x / std::sqrt(3.0);
    if (x > -100.0) CHECK(StudentT(3.0).cdf(x) == doctest::Approx(0.5 + (std::atan(y) + y / (1.0 + y * y)) / pi).epsilon(1e-10));
  }
}

TEST_CASE("the lower tail of Student's distribution keeps its digits, and its slope is the density") {
  // far out, nu = 2: F = 1 / (2 x^2) (1 - 3 / (2 x^2) ...)
  CHECK(StudentT(2.0).log_cdf(-1e8) == doctest::Approx(-std::log(2.0) - 16.0 * std::log(10.0)).epsilon(1e-14));
  for (const double nu : {0.8, 4.0, 11.5, 300.0})
    for (const double x : {-30.0, -3.0, -0.2, 1.7}) {
      const StudentT t(nu);
      const double h = 1e-5 * (1.0 + std::abs(x));
      CHECK(t.density(x) == doctest::Approx((t.cdf(x + h) - t.cdf(x - h)) / (2.0 * h)).epsilon(1e-6));
      CHECK(std::exp(t.log_cdf(x)) == doctest::Approx(t.cdf(x)).epsilon(1e-14));
      CHECK(t.quantile(t.cdf(x)) == doctest::Approx(x).epsilon(1e-10));
      CHECK(std::abs(t.quick_cdf(x) - t.cdf(x)) < 1e-8);
    }
  CHECK(StudentT(4.0).quantile(0.975) == doctest::Approx(2.776445105).epsilon(1e-9));  // of every table
}

TEST_CASE("with many degrees of freedom Student's distribution is the normal one") {
  const StudentT t(1e7);
  for (const double x : {-8.0, -1.3, 0.0, 2.0}) CHECK(t.log_cdf(x) == doctest::Approx(log_phi(x)).epsilon(1e-5));
}
