// Divided differences of the exponential: all that a linear system with constant coefficients needs.
//
//   exp[x0] = e^x0,   exp[x0 ... xn] = (exp[x0 ... x(n-1)] - exp[x1 ... xn]) / (x0 - xn),   e^x / n! where all nodes coincide
//
// For a rate l and a time h:  e^(l h);  integral over h = h exp[lh, 0];  integral of that = h^2 exp[lh, 0, 0].  The derivative of
// f(A h) in the direction dA joins two rates l and m: exp[lh, mh], exp[lh, mh, 0] ... Nodes that lie together cancel in the
// quotient; there the series about their middle c is summed, with h_k the complete homogeneous polynomials:
//
//   exp[x0 ... xn] = e^c sum_k h_k(x0 - c, ..., xn - c) / (n + k)!
//
// Reference: McCurdy, Ng, Parlett 1984, Math Comp 43:501.

#pragma once

#include <array>
#include <cmath>

#include "base/linalg.hpp"

namespace titrate {

// e^x, exp[x, 0] and exp[x, 0, 0].
struct Exponentials {
  double e0, e1, e2;
};

inline Exponentials exponentials(double x) {
  if (std::abs(x) < 0.5) {  // each from the next, which does not cancel
    constexpr double one_over_factorial[] = {1.0 / 2,         1.0 / 6,          1.0 / 24,         1.0 / 120,     1.0 / 720,
                                             1.0 / 5040,      1.0 / 40320,      1.0 / 362880,     1.0 / 3628800, 1.0 / 39916800,
                                             1.0 / 479001600, 1.0 / 6227020800, 1.0 / 87178291200};
    double e2 = 0.0;
    for (int k = 12; k >= 0; --k) e2 = one_over_factorial[k] + x * e2;
    const double e1 = 1.0 + x * e2;
    return {1.0 + x * e1, e1, e2};
  }
  const double e0 = std::exp(x), e1 = (e0 - 1.0) / x;
  return {e0, e1, (e1 - 1.0) / x};
}

// Two to four nodes, in any order.
template <std::size_t N>
[[nodiscard]] double exp_difference(std::array<double, N> nodes);

// f_q = e^(l s) s^q / q! for q < count, and, where asked for, their integrals from 0 to s. Positive l: for two q at most.
void exponential_powers(double l, double s, Eigen::Index count, double* f, double* integral);

}  // namespace titrate
