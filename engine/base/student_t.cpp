#include "base/student_t.hpp"

#include <algorithm>
#include <cmath>

#include "base/rng.hpp"

namespace titrate {

namespace {

constexpr double ln_pi = 1.1447298858494001741;
constexpr double step = 0.02;         // of the table, in asinh x
constexpr double negligible = 1e-10;  // tail beyond the table

// The continued fraction of the incomplete beta function: I_w(a, b) = w^a (1-w)^b / (a B(a, b)) * fraction.
double beta_fraction(double a, double b, double w) {
  constexpr double tiny = 1e-300;
  const auto away = [](double x) { return std::abs(x) < tiny ? tiny : x; };
  double c = 1.0, d = 1.0 / away(1.0 - (a + b) * w / (a + 1.0));
  double product = d;
  for (int m = 1; m <= 20000; ++m) {
    const double even = m * (b - m) * w / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
    d = 1.0 / away(1.0 + even * d);
    c = away(1.0 + even / c);
    product *= d * c;
    const double odd = -(a + m) * (a + b + m) * w / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
    d = 1.0 / away(1.0 + odd * d);
    c = away(1.0 + odd / c);
    const double change = d * c;
    product *= change;
    if (std::abs(change - 1.0) < 1e-16) break;
  }
  return product;
}

}  // namespace

StudentT::StudentT(double nu) : nu_(nu) {
  log_beta_ = std::lgamma(0.5 * nu) + 0.5 * ln_pi - std::lgamma(0.5 * (nu + 1.0));
  log_norm_ = -0.5 * std::log(nu) - log_beta_;
  while (log_lower(std::sinh(reach_)) > std::log(negligible)) reach_ += step;
  const int points = static_cast<int>(std::lround(2.0 * reach_ / step)) + 1;
  for (int i = 0; i < points; ++i) {
    const double u = -reach_ + step * i;
    value_.push_back(cdf(std::sinh(u)));
    slope_.push_back(density(std::sinh(u)) * std::cosh(u));
  }
}

double StudentT::log_density(double x) const { return log_norm_ - 0.5 * (nu_ + 1.0) * std::log1p(x * x / nu_); }

double StudentT::density(double x) const { return std::exp(log_density(x)); }

double StudentT::log_lower(double x) const {
  if (x == 0.0) return std::log(0.5);
  const double a = 0.5 * nu_, b = 0.5;
  const double ratio = x * x / nu_;
  const double w = 1.0 / (1.0 + ratio), rest = ratio / (1.0 + ratio);  // rest = 1 - w
  const double log_front = -a * std::log1p(ratio) + b * std::log(rest) - log_beta_;
  if (w < (a + 1.0) / (a + b + 2.0)) return std::log(0.5) + log_front + std::log(beta_fraction(a, b, w) / a);
  return std::log(0.5) + std::log1p(-std::exp(log_front) * beta_fraction(b, a, rest) / b);
}

double StudentT::log_cdf(double x) const { return x <= 0.0 ? log_lower(x) : std::log1p(-std::exp(log_lower(x))); }

double StudentT::cdf(double x) const { return x <= 0.0 ? std::exp(log_lower(x)) : 1.0 - std::exp(log_lower(x)); }

double StudentT::quantile(double p) const {
  if (p == 0.5) return 0.0;
  if (p > 0.5) return -quantile(1.0 - p);
  const double target = std::log(p);
  double high = 0.0, low = std::min(-1.0, normal_quantile(p));
  while (log_lower(low) > target) high = low, low *= 2.0;
  double x = 0.5 * (low + high);
  for (int i = 0; i < 200 && high - low > 1e-15 * std::abs(low); ++i) {
    const double log_p = log_lower(x);
    (log_p < target ? low : high) = x;
    const double newton = x - (log_p - target) * std::exp(log_p) / density(x);
    const double next = newton > low && newton < high ? newton : 0.5 * (low + high);
    if (std::abs(next - x) <= 1e-15 * std::abs(x)) return next;
    x = next;
  }
  return x;
}

double StudentT::quick_cdf(double x) const {
  const double u = std::asinh(x);
  if (!(std::abs(u) < reach_ - step)) return cdf(x);
  const double place = (u + reach_) / step;
  const auto i = static_cast<std::size_t>(place);
  const double s = place - static_cast<double>(i);
  // Hermite's cubic between two entries.
  const double s2 = s * s, s3 = s2 * s;
  return (2.0 * s3 - 3.0 * s2 + 1.0) * value_[i] + (s3 - 2.0 * s2 + s) * step * slope_[i] +
         (3.0 * s2 - 2.0 * s3) * value_[i + 1] + (s3 - s2) * step * slope_[i + 1];
}

}  // namespace titrate
