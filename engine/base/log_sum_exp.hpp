// ln(sum of e^x): probabilities that are known by their logarithms are added without overflow.

#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

namespace titrate {

// `x` is not empty. All of minus infinity gives minus infinity.
[[nodiscard]] inline double log_sum_exp(const std::vector<double>& x) {
  const double top = *std::max_element(x.begin(), x.end());
  if (!std::isfinite(top)) return top;
  double sum = 0.0;
  for (const double v : x) sum += std::exp(v - top);
  return top + std::log(sum);
}

}  // namespace titrate
