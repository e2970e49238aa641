#include "base/rng.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <stdexcept>

using namespace titrate;

namespace {

double from_words(std::uint32_t w0, std::uint32_t w1) {
  const std::uint64_t bits = (std::uint64_t{w1} << 32) | w0;
  return static_cast<double>((bits >> 11) | 1u) * 0x1p-53;
}

// ln Phi(x) for x < 0 by Laplace's continued fraction of Mills' ratio, in long double: a second method.
long double log_phi_by_fraction(long double x) {
  const long double z = -x;
  long double f = z;
  for (int k = 20000; k >= 1; --k) f = z + static_cast<long double>(k) / f;
  return -0.5L * z * z - 0.918938533204672741780329736406L - std::log(f);
}

}  // namespace

TEST_CASE("Philox gives the published words for known counters and keys") {
  // Random123, kat_vectors, philox4x32 10: counter and key of zeros, of ones, and of the digits of pi.
  CHECK(Rng{0, 0}.uniform(0) == from_words(0x6627e8d5u, 0xe169c58du));
  const std::uint64_t ones = ~std::uint64_t{0};
  CHECK(Rng{ones, ones}.uniform(ones) == from_words(0x408f276du, 0x41c83b0eu));
  CHECK(Rng{0x299f31d0a4093822u, 0x0370734413198a2eu}.uniform(0x85a308d3243f6a88u) == from_words(0xd16cfe09u, 0x94fdccebu));
}

TEST_CASE("uniforms and normals have the moments of their distributions") {
  const Rng rng{7, 3};
  const int n = 100000;
  double sum = 0.0, square = 0.0, fourth = 0.0, u = 0.0;
  for (int i = 0; i < n; ++i) {
    const double z = rng.normal(static_cast<std::uint64_t>(i));
    const double x = rng.uniform(static_cast<std::uint64_t>(i));
    CHECK_UNARY(x > 0.0 && x < 1.0);
    sum += z, square += z * z, fourth += z * z * z * z, u += x;
  }
  // Five standard errors.
  CHECK(std::abs(sum / n) < 5 / std::sqrt(1.0 * n));
  CHECK(std::abs(square / n - 1) < 5 * std::sqrt(2.0 / n));
  CHECK(std::abs(fourth / n - 3) < 5 * std::sqrt(96.0 / n));
  CHECK(std::abs(u / n - 0.5) < 5 * std::sqrt(1.0 / 12 / n));
}

TEST_CASE("chi-square has mean df and variance 2 df") {
  const Rng rng{11, 0};
  const int n = 20000, df = 5;
  double sum = 0.0, square = 0.0;
  for (int i = 0; i < n; ++i) {
    const double x = rng.chi_square(static_cast<std::uint64_t>(i), df);
    sum += x, square += (x - df) * (x - df);
  }
  CHECK(std::abs(sum / n - df) < 5 * std::sqrt(2.0 * df / n));
  CHECK(std::abs(square / n - 2 * df) < 5 * std::sqrt((12.0 * df * (df + 4) - 4.0 * df * df) / n));
  CHECK_THROWS_AS((void)rng.chi_square(0, 0), std::domain_error);
}

TEST_CASE("streams and seeds give other numbers") {
  CHECK(Rng{1, 0}.uniform(0) != Rng{1, 1}.uniform(0));
  CHECK(Rng{1, 0}.uniform(0) != Rng{2, 0}.uniform(0));
  CHECK(Rng{1, 0}.uniform(0) != Rng{1, 0}.uniform(1));
}

TEST_CASE("the normal quantile inverts the distribution function over the whole range") {
  CHECK(normal_quantile(0.5) == 0.0);
  CHECK(normal_quantile(0.975) == doctest::Approx(1.959963984540054).epsilon(1e-15));
  CHECK(normal_quantile(1e-10) == doctest::Approx(-6.361340902404056).epsilon(1e-14));
  for (double x = -37.0; x < 5.0; x += 0.37) {
    const double p = normal_cdf(x);
    // p knows x to 1e-16 p / phi(x); in the upper half 1 - p is what loses digits.
    const double tolerance = 1e-14 + 4e-16 * p / (0.3989422804014327 * std::exp(-0.5 * x * x));
    CHECK(std::abs(normal_quantile(p) - x) < tolerance * std::max(1.0, std::abs(x)));
  }
  for (const double p : {0.0, 1.0, -1.0, std::nan("")}) CHECK_THROWS_AS((void)normal_quantile(p), std::domain_error);
}

TEST_CASE("log Phi agrees with a continued fraction far into the lower tail and with log1p in the upper one") {
  CHECK(log_phi(0.0) == doctest::Approx(std::log(0.5)).epsilon(1e-15));
  CHECK(std::abs(log_phi(-10.0) + 53.23128515051247) < 1e-12);  // header: -53.23129
  for (double x = -40.0; x < -1.9; x += 0.1) {
    const auto expected = static_cast<double>(log_phi_by_fraction(x));
    CHECK(std::abs(log_phi(x) / expected - 1) < 1e-13);
  }
  for (double x = -2.0; x <= 10.0; x += 0.05) {
    const auto expected = static_cast<double>(x > 0 ? std::log1p(-0.5L * std::erfc(static_cast<long double>(x) / std::sqrt(2.0L)))
                                                    : std::log(0.5L * std::erfc(-static_cast<long double>(x) / std::sqrt(2.0L))));
    CHECK(std::abs(log_phi(x) / expected - 1) < 1e-13);
  }
  // No step where the method changes.
  CHECK(std::abs(log_phi(std::nextafter(-20.0, -21.0)) - log_phi(std::nextafter(-20.0, 0.0))) < 1e-12);
  CHECK(std::isfinite(log_phi(-1e10)));
}
