#include <algorithm>
#include <cmath>
#include <limits>

#include "base/normal.hpp"
#include "base/rng.hpp"
#include "infer/quantiles.hpp"

namespace titrate {

namespace {

// Of p (1 - p): a step from there leaves about the square of it (Newton) or the cube (Halley).
constexpr double near_newton = 1e-5, near_halley = 3e-4;

// Nodes of a condensed mixture stand for draws that lie that many sd beside them.
constexpr double between_nodes = 0.1;

struct AtPoint {
  double F = 0.0, slope = 0.0;
  double curvature = 0.0;  // stays 0 for a t distribution
};

AtPoint mixture_at(double x, const Vector& f, const Vector& sd, const Vector& weights, const StudentT* t = nullptr) {
  AtPoint sum;
  for (Eigen::Index s = 0; s < f.size(); ++s) {
    if (weights[s] == 0.0) continue;
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
    const NormalAt at = normal_at(z);
    sum.F += weights[s] * at.cdf;
    const double slope = weights[s] / sd[s] * at.density;
    sum.slope += slope;
    sum.curvature -= slope * z / sd[s];
  }
  return sum;
}

// Where the quantile of a mixture of normal distributions should lie, by its
// first four cumulants (Cornish and Fisher 1938); of other mixtures, or far
// from a normal one, by the first two.
class FirstGuess {
 public:
  FirstGuess(const Vector& f, const Vector& sd, const Vector& w, bool normal) {
    mean_ = w.dot(f);
    const Eigen::ArrayXd d = f.array() - mean_, v = sd.array().square(), weight = w.array();
    const double variance = (weight * (d.square() + v)).sum();
    sd_ = std::sqrt(variance);
    if (!normal || !(variance * variance > 0.0)) return;
    const double skewness = (weight * d * (d.square() + 3.0 * v)).sum() / (variance * sd_);
    const double excess =
        (weight * (d.square().square() + 6.0 * d.square() * v + 3.0 * v.square())).sum() / (variance * variance) - 3.0;
    if (std::abs(skewness) > 1.0 || std::abs(excess) > 2.0) return;
    skewness_ = skewness;
    excess_ = excess;
  }

  [[nodiscard]] double operator()(double p) const {
    const double z = normal_quantile(p), z2 = z * z;
    return mean_ + sd_ * (z + (z2 - 1.0) * skewness_ / 6.0 + z * (z2 - 3.0) * excess_ / 24.0 -
                          z * (2.0 * z2 - 5.0) * skewness_ * skewness_ / 36.0);
  }

 private:
  double mean_ = 0.0, sd_ = 0.0, skewness_ = 0.0, excess_ = 0.0;
};

double mixture_quantile(double p, double start, const Vector& f, const Vector& sd, const Vector& weights, const StudentT* t) {
  const double z = t != nullptr ? t->quantile(p) : normal_quantile(p);
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (Eigen::Index s = 0; s < f.size(); ++s) {
    if (weights[s] == 0.0) continue;
    low = std::min(low, f[s] + sd[s] * (z - between_nodes));
    high = std::max(high, f[s] + sd[s] * (z + between_nodes));
  }
  // Of the bracket as it is: parts of a mixture may lie decades apart.
  const auto enough = [&] { return 1e-12 * std::max(std::abs(low), std::abs(high)); };
  double x = std::clamp(start, low, high);
  for (int i = 0; i < 200 && high - low > enough(); ++i) {
    const auto at = mixture_at(x, f, sd, weights, t);
    (at.F < p ? low : high) = x;
    // Halley's step, which is Newton's where the curvature is unknown.
    const double miss = at.F - p, newton = miss / at.slope, bend = 1.0 - 0.5 * newton * at.curvature / at.slope;
    const double wanted = at.slope > 0.0 && bend > 0.5 ? x - newton / bend : low;
    const bool inside = wanted > low && wanted < high;
    const double next = inside ? wanted : 0.5 * (low + high);
    const double enough_of_p = (t != nullptr ? near_newton : near_halley) * p * (1.0 - p);
    if (inside && std::abs(miss) <= enough_of_p) return next;
    if (std::abs(next - x) <= enough()) return next;
    x = next;
  }
  return x;
}

}  // namespace

std::vector<double> mixture_quantiles(const Vector& f, const Vector& sd, const Vector& weights, const std::vector<double>& p,
                                      const StudentT* t) {
  const Vector w = weights / weights.sum();
  const FirstGuess guess(f, sd, w, t == nullptr);
  std::vector<double> result;
  for (const double q : p) result.push_back(mixture_quantile(q, guess(q), f, sd, w, t));
  return result;
}

double normal_mixture_cdf(double x, const Vector& f, const Vector& sd, const Vector& weights) {
  return mixture_at(x, f, sd, weights).F / weights.sum();
}

}  // namespace titrate
