#include "base/minimise.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace titrate {

namespace {

constexpr double armijo = 1e-4;    // a step must give this part of the fall that the slope promises
constexpr double curvature = 0.9;  // and leave no more than this part of the slope
constexpr double close = 1e-9;     // decrement, relative to max(1, |f|), below which f cannot judge a step
constexpr int max_bisections = 60;

double size_of(double f) { return std::max(1.0, std::abs(f)); }

bool usable(const std::optional<ValueAndGradient>& at) { return at && std::isfinite(at->f) && at->gradient.allFinite(); }

struct Search {
  const SmoothFunction& function;
  Minimum at;

  std::optional<ValueAndGradient> evaluate(const Vector& x) {
    ++at.evaluations;
    auto value = function(x);
    if (!usable(value)) return std::nullopt;
    return value;
  }

  [[nodiscard]] double decrement() const { return at.gradient.dot(at.inverse_hessian * at.gradient); }

  // Moves to x + step d and learns the curvature along it, when it is safely positive.
  void move(const Vector& x, const ValueAndGradient& value) {
    const Vector s = x - at.x;
    const Vector y = value.gradient - at.gradient;
    const double sy = s.dot(y);
    at.x = x;
    at.f = value.f;
    at.gradient = value.gradient;
    if (!(sy > 1e-10 * s.norm() * y.norm())) return;
    const Vector By = at.inverse_hessian * y;
    const double yBy = y.dot(By);
    at.inverse_hessian += ((sy + yBy) / (sy * sy)) * (s * s.transpose()) - (By * s.transpose() + s * By.transpose()) / sy;
    at.inverse_hessian = (0.5 * (at.inverse_hessian + at.inverse_hessian.transpose())).eval();
  }

  // Weak Wolfe by bracketing; false when no step lowers f enough.
  bool line_search(const Vector& d) {
    const double slope = at.gradient.dot(d);
    double low = 0.0, high = std::numeric_limits<double>::infinity(), step = 1.0;
    Vector best_x;
    std::optional<ValueAndGradient> best;
    for (int i = 0; i < max_bisections; ++i) {
      const Vector x = at.x + step * d;
      auto value = evaluate(x);
      if (!value || value->f > at.f + armijo * step * slope) {
        high = step;
      } else {
        best_x = x;
        best = value;
        if (value->gradient.dot(d) >= curvature * slope) break;
        low = step;
      }
      const bool bracketed = high < std::numeric_limits<double>::infinity();
      if (best && bracketed && high - low < 1e-3 * high) break;  // beside a region without values: take what was gained
      step = bracketed ? 0.5 * (low + high) : 2.0 * step;
      if (step * d.norm() < 1e-15 * (1.0 + at.x.norm())) break;
    }
    if (!best) return false;
    move(best_x, *best);
    return true;
  }

  // Close to the minimum: the full step, kept when it lowers the decrement.
  bool polish() {
    const double before = decrement();
    const Minimum kept = at;
    const Vector x = at.x - at.inverse_hessian * at.gradient;
    const auto value = evaluate(x);
    if (!value) return false;
    const double after_old_metric = value->gradient.dot(at.inverse_hessian * value->gradient);
    if (!(after_old_metric < 0.81 * before)) {
      const int evaluations = at.evaluations;
      at = kept;
      at.evaluations = evaluations;
      return false;
    }
    move(x, *value);
    return true;
  }

  Minimum finish(MinimiseVerdict verdict, std::string words) {
    at.decrement = decrement();
    at.verdict = verdict;
    at.words = std::move(words);
    return at;
  }
};

}  // namespace

Minimum minimise(const SmoothFunction& function, const Vector& start, const Matrix& inverse_hessian,
                 const MinimiseSettings& settings) {
  Search search{function, {}};
  search.at.x = start;
  search.at.gradient = Vector::Zero(start.size());
  search.at.inverse_hessian = inverse_hessian;
  const auto first = search.evaluate(start);
  if (!first) return search.finish(MinimiseVerdict::no_value, "the function has no value at the start");
  search.at.f = first->f;
  search.at.gradient = first->gradient;

  bool fresh = true;  // the inverse Hessian is the supplied one
  for (; search.at.iterations < settings.max_iterations; ++search.at.iterations) {
    const double decrement = search.decrement();
    const double size = size_of(search.at.f);
    if (decrement <= settings.decrement * size) return search.finish(MinimiseVerdict::converged, "converged");
    if (decrement < close * size && search.polish()) {
      fresh = false;
      continue;
    }
    if (search.line_search(-search.at.inverse_hessian * search.at.gradient)) {
      fresh = false;
      continue;
    }
    if (decrement < settings.rounding * size)
      return search.finish(MinimiseVerdict::at_rounding, "converged as far as rounding allows");
    if (fresh) return search.finish(MinimiseVerdict::stuck, "no step along the direction of descent lowers the function");
    search.at.inverse_hessian = inverse_hessian;
    fresh = true;
  }
  return search.finish(MinimiseVerdict::iteration_limit, "not converged within the allowed iterations");
}

}  // namespace titrate
