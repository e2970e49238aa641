// Loss and probabilities of decide/target: functions of one number per draw and its weight.

#include <algorithm>
#include <cmath>

#include "decide/target.hpp"
#include "decide/words.hpp"
#include "infer/quantiles.hpp"

namespace titrate {

namespace {

// A level of nothing is not infinitely bad: on the logarithm, distances end at a factor of 1000.
const double farthest = std::log(1000.0);

bool on_log(const Target& target) {
  return target.log_scale && (!target.low || *target.low > 0.0) && (!target.high || *target.high > 0.0);
}

double log_ratio(double above, double below) {
  if (above <= 0.0 || above <= below) return 0.0;
  return below <= 0.0 ? farthest : std::min(std::log(above / below), farthest);
}

// What costs 1: the width of the window; a factor of two, or the limit itself, when one side is open.
double width(const Target& target) {
  if (target.low && target.high) return on_log(target) ? std::log(*target.high / *target.low) : *target.high - *target.low;
  if (on_log(target)) return std::log(2.0);
  const double limit = std::abs(target.low ? *target.low : *target.high);
  return limit > 0.0 ? limit : 1.0;
}

}  // namespace

double loss(const Target& target, double h) {
  double below = 0.0, above = 0.0;
  if (on_log(target)) {
    if (target.low) below = log_ratio(*target.low, h);
    if (target.high) above = log_ratio(h, *target.high);
  } else {
    if (target.low) below = std::max(0.0, *target.low - h);
    if (target.high) above = std::max(0.0, h - *target.high);
  }
  if (below == 0.0 && above == 0.0) return 0.0;
  return (target.weight_low * below + target.weight_high * above) / width(target);
}

Vector losses(const Target& target, const Vector& h) {
  return h.unaryExpr([&](double x) { return loss(target, x); });
}

std::string describe_loss(const Target& target) {
  const std::string scale = on_log(target) ? "as ratios" : "as differences";
  const std::string unit = target.low && target.high ? "the width of the window"
                           : on_log(target)          ? "a factor of two"
                                                     : "the size of the limit";
  std::string sides;
  if (!target.high) {
    sides = "Only too low costs";
  } else if (!target.low) {
    sides = "Only too high costs";
  } else if (target.weight_low == target.weight_high) {
    sides = "Too low costs as much as too high";
  } else if (target.weight_low <= 0.0 || target.weight_high <= 0.0) {
    sides = target.weight_low > target.weight_high ? "Only too low costs" : "Only too high costs";
  } else if (target.weight_low > target.weight_high) {
    sides = "Too low costs " + number_words(target.weight_low / target.weight_high) + " times as much as too high";
  } else {
    sides = "Too high costs " + number_words(target.weight_high / target.weight_low) + " times as much as too low";
  }
  return sides + "; distances outside the target count " + scale + ", in units of " + unit + ".";
}

Spread spread(const Vector& h, const Vector& weights, const Unit& unit) {
  const auto q = weighted_quantiles(h, weights, {0.05, 0.25, 0.5, 0.75, 0.95});
  return {unit, q[2], q[0], q[1], q[3], q[4]};
}

Chances chances(const Target& target, const Vector& h, const Vector& losses, const Vector& weights) {
  Chances c;
  for (Eigen::Index s = 0; s < h.size(); ++s) {
    double& where = target.low && h[s] < *target.low ? c.p_below : target.high && h[s] > *target.high ? c.p_above : c.p_in;
    where += weights[s];
  }
  // Sums of weights miss 1 by rounding; the exact bound asks whether any draw lies on the other side.
  const auto tidy = [](double p) { return p < 1e-12 ? 0.0 : p > 1.0 - 1e-12 ? 1.0 : p; };
  c.p_below = tidy(c.p_below);
  c.p_in = tidy(c.p_in);
  c.p_above = tidy(c.p_above);
  c.loss = weights.dot(losses);
  const double ess = 1.0 / weights.squaredNorm();
  c.loss_error = std::sqrt((weights.array().square() * (losses.array() - c.loss).square()).sum());
  c.p_error = c.p_in > 0.0 && c.p_in < 1.0 ? std::sqrt(c.p_in * (1.0 - c.p_in) / ess) : 1.0 - std::pow(0.05, 1.0 / ess);
  return c;
}

}  // namespace titrate
