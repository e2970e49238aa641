// A mixture of many draws as one of few nodes, with the same distribution function.
//
// The predictive distribution of a measurement (infer/quantiles) is F(x) = sum_s w_s g(f_s) with g(f) = Phi((x - f) / sd(f)): the
// residual error depends on the prediction alone. g is smooth over distances of sd, so within a bin of width sd / 2 it is its
// interpolation at n = 8 Chebyshev nodes c_j, and each bin's draws become those nodes, with the weights
//
//   W_j = sum_s w_s l_j(t_s) = (1 / n) [M_0 + 2 sum_k T_k(c_j) M_k],      M_k = sum_s w_s T_k(t_s),  k < n
//
// (t the place of f within the bin, -1 to 1; l_j the Lagrange polynomials; T_k Chebyshev's). The interpolation errs by at most
// 2 / n! (H / 4)^n |g^(n)| = 1e-10 for a normal distribution and bins of H = 1/2 sd; F then errs by no more, whatever the draws
// are, and moments up to the seventh are kept. Weights may be negative. A thousand draws become some hundred nodes.
// Reference: Trefethen 2013, Approximation Theory and Approximation Practice, chapters 3 and 8.

#pragma once

#include <functional>
#include <optional>

#include "base/linalg.hpp"

namespace titrate {

struct Mixture {
  Vector f, sd, weights;
};

// Nothing where it would not help or not be the same: nodes that are not far fewer than the draws, an sd that is zero or missing,
// or one that is not smooth over a bin.
[[nodiscard]] std::optional<Mixture> condensed(const Vector& f, const Vector& weights,
                                               const std::function<std::optional<double>(double)>& sd_at);

}  // namespace titrate
