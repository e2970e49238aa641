#include "infer/quantiles.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/rng.hpp"

namespace titrate {

namespace {

constexpr double near = 1e-5;
constexpr double one_over_root_2_pi = 0.39894228040143267794;

// Draws of positive weight in the order of their values, ties in the order of the draws, with cumulative midpoints.
struct Sorted {
  std::vector<double> x, at;

  Sorted(const Vector& values, const Vector& weights) {
    std::vector<Eigen::Index> order;
    for (Eigen::Index i = 0; i < values.size(); ++i)
      if (weights[i] > 0.0) order.push_back(i);
    std::stable_sort(order.begin(), order.end(), [&](Eigen::Index a, Eigen::Index b) { return values[a] < values[b]; });
    double total = 0.0;
    for (const auto i : order) total += weights[i];
    double before = 0.0;
    for (const auto i : order) {
      x.push_back(values[i]);
      at.push_back((before + 0.5 * weights[i]) / total);
      before += weights[i];
    }
  }

  [[nodiscard]] double quantile(double p) const {
    const auto above = std::lower_bound(at.begin(), at.end(), p);
    if (above == at.begin()) return x.front();
    if (above == at.end()) return x.back();
    const auto i = static_cast<std::size_t>(above - at.begin());
    const double part = (p - at[i - 1]) / (at[i] - at[i - 1]);
    return x[i - 1] + part * (x[i] - x[i - 1]);
  }
};

struct ValueAndSlope {
  double F = 0.0, slope = 0.0;
};

ValueAndSlope mixture_at(double x, const Vector& f, const Vector& sd, const Vector& weights, const StudentT* t = nullptr) {
  ValueAndSlope sum;
  for (Eigen::Index s = 0; s < f.size(); ++s) {
    if (!(weights[s] > 0.0)) continue;
    if (!(sd[s] > 0.0)) {
      sum.F += x >= f[s] ? weights[s] : 0.0;
      continue;
    }
    const double z = (x - f[s]) / sd[s];
    if (t != nullptr) {
      sum.F += weights[s] * t->quick_cdf(z);
      sum.slope += weights[s] / sd[s] * t->density(z);
      continue;
    }
    if (z > 9.0) sum.F += weights[s];
    if (z > 9.0 || z < -9.0) continue;  // beyond 9 sd both tails are below 1e-18
    sum.F += weights[s] * normal_cdf(z);
    sum.slope += weights[s] / sd[s] * one_over_root_2_pi * std::exp(-0.5 * z * z);
  }
  return sum;
}

double mixture_quantile(double p, double start, const Vector& f, const Vector& sd, const Vector& weights, const StudentT* t) {
  const double z = t != nullptr ? t->quantile(p) : normal_quantile(p);
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (Eigen::Index s = 0; s < f.size(); ++s) {
    if (!(weights[s] > 0.0)) continue;
    low = std::min(low, f[s] + sd[s] * z);
    high = std::max(high, f[s] + sd[s] * z);
  }
  const double enough = 1e-9 * (high - low) + 1e-14 * std::max(std::abs(low), std::abs(high));
  double x = std::clamp(start, low, high);
  for (int i = 0; i < 200 && high - low > enough; ++i) {
    const auto at = mixture_at(x, f, sd, weights, t);
    (at.F < p ? low : high) = x;
    const double newton = at.slope > 0.0 ? x - (at.F - p) / at.slope : low;
    const bool inside = newton > low && newton < high;
    const double next = inside ? newton : 0.5 * (low + high);
    if (inside && std::abs(at.F - p) <= near * p * (1.0 - p)) return next;  // the step leaves about the square of this
    if (std::abs(next - x) <= enough) return next;
    x = next;
  }
  return x;
}

}  // namespace

std::vector<double> weighted_quantiles(const Vector& values, const Vector& weights, const std::vector<double>& p) {
  const Sorted sorted(values, weights);
  std::vector<double> result;
  for (const double q : p) result.push_back(sorted.quantile(q));
  return result;
}

std::vector<double> mixture_quantiles(const Vector& f, const Vector& sd, const Vector& weights, const std::vector<double>& p,
                                      const StudentT* t) {
  // Start where a normal distribution of the same mean and variance has the quantile.
  const Vector w = weights / weights.sum();
  const double mean = w.dot(f);
  const double variance = w.dot((f.array() - mean).square().matrix()) + w.dot(sd.cwiseAbs2());
  std::vector<double> result;
  for (const double q : p) result.push_back(mixture_quantile(q, mean + std::sqrt(variance) * normal_quantile(q), f, sd, w, t));
  return result;
}

double normal_mixture_cdf(double x, const Vector& f, const Vector& sd, const Vector& weights) {
  return mixture_at(x, f, sd, weights).F / weights.sum();
}

}  // namespace titrate
