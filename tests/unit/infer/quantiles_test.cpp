#include "infer/quantiles.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace titrate;

TEST_CASE("equal weights give Hazen's quantiles") {
  const Vector x{{5.0, 1.0, 4.0, 2.0, 3.0}};
  const auto q = weighted_quantiles(x, Vector::Constant(5, 0.2), {0.05, 0.1, 0.25, 0.5, 0.9, 0.99});
  const double expected[] = {1.0, 1.0, 1.75, 3.0, 5.0, 5.0};
  for (std::size_t i = 0; i < q.size(); ++i) CHECK(q[i] == doctest::Approx(expected[i]));
}

TEST_CASE("unequal weights move the joints of the broken line") {
  // joints at (1, 0.25), (2, 0.625), (3, 0.875)
  const auto q = weighted_quantiles(Vector{{3.0, 1.0, 2.0}}, Vector{{0.25, 0.5, 0.25}}, {0.25, 0.4375, 0.75});
  CHECK(q[0] == doctest::Approx(1.0));
  CHECK(q[1] == doctest::Approx(1.5));
  CHECK(q[2] == doctest::Approx(2.5));
}

TEST_CASE("draws of weight zero do not widen a band") {
  const auto q = weighted_quantiles(Vector{{-1e6, 1.0, 2.0, 1e6}}, Vector{{0.0, 0.5, 0.5, 0.0}}, {0.01, 0.99});
  CHECK(q[0] == 1.0);
  CHECK(q[1] == 2.0);
}

TEST_CASE("one draw with residual error has the quantiles of a normal distribution") {
  const auto q = mixture_quantiles(Vector{{10.0}}, Vector{{2.0}}, Vector{{1.0}}, {0.025, 0.5, 0.975});
  CHECK(q[0] == doctest::Approx(10.0 - 2.0 * 1.959963984540054).epsilon(1e-10));
  CHECK(q[1] == doctest::Approx(10.0).epsilon(1e-10));
  CHECK(q[2] == doctest::Approx(10.0 + 2.0 * 1.959963984540054).epsilon(1e-10));
}

TEST_CASE("each quantile of a mixture is a root of its distribution function, however different the widths") {
  const Vector f{{-3.0, 0.0, 50.0, 7.0}}, sd{{0.01, 1.0, 4.0, 1e-4}}, w{{0.1, 0.6, 0.2, 0.1}};
  for (const double p : {0.001, 0.05, 0.3, 0.5, 0.75, 0.85, 0.999}) {
    const double x = mixture_quantiles(f, sd, w, {p})[0];
    double F = 0.0;
    for (int s = 0; s < 4; ++s) F += w[s] * 0.5 * std::erfc((f[s] - x) / sd[s] / std::sqrt(2.0));
    CHECK(F == doctest::Approx(p).epsilon(1e-6));
  }
}

TEST_CASE("with a t distribution the quantiles of a mixture are roots of its distribution function, and wider") {
  const StudentT t(4.0);
  const Vector f{{-3.0, 0.0, 5.0}}, sd{{0.1, 1.0, 2.0}}, w{{0.1, 0.6, 0.3}};
  for (const double p : {0.001, 0.05, 0.5, 0.95}) {
    const double x = mixture_quantiles(f, sd, w, {p}, &t)[0];
    double F = 0.0;
    for (int s = 0; s < 3; ++s) F += w[s] * t.cdf((x - f[s]) / sd[s]);
    CHECK(F == doctest::Approx(p).epsilon(1e-5));
  }
  CHECK(mixture_quantiles(Vector{{10.0}}, Vector{{2.0}}, Vector{{1.0}}, {0.975}, &t)[0] ==
        doctest::Approx(10.0 + 2.0 * 2.776445105).epsilon(1e-6));
}

TEST_CASE("draws without residual error are steps, and the median of two symmetric hills is their middle") {
  CHECK(mixture_quantiles(Vector{{1.0, 2.0, 3.0}}, Vector::Zero(3), Vector{{0.2, 0.5, 0.3}}, {0.5})[0] == doctest::Approx(2.0));
  CHECK(std::abs(mixture_quantiles(Vector{{-4.0, 4.0}}, Vector{{2.0, 2.0}}, Vector{{0.5, 0.5}}, {0.5})[0]) < 1e-7);
  CHECK(normal_mixture_cdf(0.0, Vector{{-4.0, 4.0}}, Vector{{2.0, 2.0}}, Vector{{0.5, 0.5}}) == doctest::Approx(0.5));
}
