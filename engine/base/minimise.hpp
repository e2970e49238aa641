// Minimum of a smooth function with an exact gradient, without constraints.
//
// BFGS on the inverse Hessian B:   d = -B g,   x <- x + step d,
//   B <- (I - r s y') B (I - r y s') + r s s',   s = x' - x,  y = g' - g,  r = 1 / (s' y)   (only while s' y > 0 safely).
// The step meets the weak Wolfe conditions by bracketing and bisection (Lewis and Overton 2013, Math Program 141:135); a point
// where the function has no value shortens the step like a point that is too high, so no stand-in number is needed.
//
// The measure of distance is the decrement g' B g: twice the fall that a quadratic of Hessian B^-1 still promises, whatever the
// units of x. Close to the minimum differences of f drown in rounding before the gradient does, so there full steps are judged
// by the decrement alone, until it is below `decrement * max(1, |f|)` or no longer falls.

#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/linalg.hpp"

namespace titrate {

struct ValueAndGradient {
  double f = 0.0;
  Vector gradient;
};

// Nothing where the function has no value.
using SmoothFunction = std::function<std::optional<ValueAndGradient>(const Vector&)>;

struct MinimiseSettings {
  int max_iterations = 200;
  double decrement = 1e-16;  // relative to max(1, |f|)
  double rounding = 1e-10;   // a decrement below this, that no longer falls, is the end that rounding allows
};

enum class MinimiseVerdict {
  converged,    // decrement below the tolerance
  at_rounding,  // decrement below `rounding`, and no step lowers it further
  no_value,     // no value at the start
  stuck,        // no step along the direction is accepted
  iteration_limit,
};

struct Minimum {
  Vector x;
  double f = 0.0;
  Vector gradient;
  Matrix inverse_hessian;  // the approximation B at the end
  double decrement = 0.0;
  int iterations = 0;
  int evaluations = 0;
  MinimiseVerdict verdict = MinimiseVerdict::no_value;
  std::string words;

  [[nodiscard]] bool converged() const {
    return verdict == MinimiseVerdict::converged || verdict == MinimiseVerdict::at_rounding;
  }
};

// `inverse_hessian` at the start: symmetric and positive definite.
[[nodiscard]] Minimum minimise(const SmoothFunction& function, const Vector& start, const Matrix& inverse_hessian,
                               const MinimiseSettings& settings = {});

}  // namespace titrate
