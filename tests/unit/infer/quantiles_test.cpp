#include "infer/quantiles.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "base/rng.hpp"

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

TEST_CASE("quantiles of many draws are those of a full sort, whatever the shape of the draws") {
  const Rng rng{7, 3};
  constexpr int n = 5000;
  Vector weights(n);
  for (int i = 0; i < n; ++i) weights[i] = i % 11 == 0 ? 0.0 : 0.1 + rng.uniform(static_cast<std::uint64_t>(i));
  const std::vector<double> p{0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999};
  WeightedQuantiles quantiles(weights, p);
  for (int shape = 0; shape < 5; ++shape) {
    Vector x(n);
    for (int i = 0; i < n; ++i) {
      const double u = rng.uniform(static_cast<std::uint64_t>(n * (shape + 1) + i));
      x[i] = shape == 0   ? u
             : shape == 1 ? std::exp(8.0 * u * u)               // a long tail
             : shape == 2 ? std::floor(6.0 * u)                 // many ties
             : shape == 3 ? (i == 17 ? 1e300 : 1.0 + 1e-9 * u)  // one far away: all others in one bucket
                          : 4.25;
    }
    std::vector<std::pair<double, double>> sorted;
    double total = 0.0;
    for (int i = 0; i < n; ++i)
      if (weights[i] > 0.0) sorted.emplace_back(x[i], weights[i]), total += weights[i];
    std::sort(sorted.begin(), sorted.end());
    const auto& got = quantiles.of(x.data());
    for (std::size_t q = 0; q < p.size(); ++q) {
      double before = 0.0, x_last = sorted.front().first, at_last = -1.0, expected = sorted.back().first;
      for (const auto& [value, weight] : sorted) {
        const double at = (before + 0.5 * weight) / total;
        if (at >= p[q]) {
          expected = at_last < 0.0 ? value : x_last + (p[q] - at_last) / (at - at_last) * (value - x_last);
          break;
        }
        x_last = value, at_last = at, before += weight;
      }
      CHECK(got[q] == doctest::Approx(expected).epsilon(1e-12));
    }
  }
}

TEST_CASE("quantiles of each row are those of the row alone") {
  Matrix values(19, 40);
  const Rng rng{3, 1};
  for (Eigen::Index i = 0; i < values.size(); ++i) values(i) = rng.uniform(static_cast<std::uint64_t>(i));
  const Vector weights = Vector::LinSpaced(40, 1.0, 3.0);
  const Matrix q = row_quantiles(values, weights, {0.1, 0.8});
  for (Eigen::Index i = 0; i < values.rows(); ++i) {
    const auto alone = weighted_quantiles(values.row(i).transpose(), weights, {0.1, 0.8});
    CHECK(q(i, 0) == alone[0]);
    CHECK(q(i, 1) == alone[1]);
  }
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
