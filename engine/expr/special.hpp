// Functions of the expression language that <cmath> lacks, and min and max as every producer of kernels must compute them.

#pragma once

#include <cmath>

namespace titrate {

// The derivative of ln Gamma, by recurrence to x >= 10 and Stirling's series; by reflection for x <= 0.
[[nodiscard]] double digamma(double x);

// As the wasm instructions f64.min and f64.max: NaN goes through, and -0 < +0.
[[nodiscard]] inline double minimum(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return a + b;
  if (a == b) return std::signbit(a) ? a : b;
  return a < b ? a : b;
}
[[nodiscard]] inline double maximum(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return a + b;
  if (a == b) return std::signbit(a) ? b : a;
  return a < b ? b : a;
}

}  // namespace titrate
