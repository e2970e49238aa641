// Composite Gauss-Legendre with five points: a second way to the integrals of smooth functions.

#pragma once

#include <functional>

namespace titrate::support {

inline double integral(const std::function<double(double)>& f, double from, double to, int pieces = 400) {
  const double x[] = {0.0, 0.5384693101056831, 0.9061798459386640}, w[] = {128.0 / 225, 0.4786286704993665, 0.2369268850561891};
  double sum = 0.0;
  const double h = (to - from) / pieces;
  for (int i = 0; i < pieces; ++i) {
    const double middle = from + (i + 0.5) * h;
    sum += w[0] * f(middle);
    for (const int j : {1, 2}) sum += w[j] * (f(middle - 0.5 * h * x[j]) + f(middle + 0.5 * h * x[j]));
  }
  return 0.5 * h * sum;
}

}  // namespace titrate::support
