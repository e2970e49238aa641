// Quantiles of weighted draws, without and with residual error.
//
// Weighted draws x_1 <= ... <= x_S with weights w (sum 1): the distribution function is the broken line through
//   ( x_i,  w_1 + ... + w_(i-1) + w_i / 2 ),
// held at x_1 and x_S beyond its ends. Draws of weight zero do not count. Equal weights give Hazen's definition.
//
// With residual error the predictive distribution is a mixture, F(x) = sum_s w_s Phi((x - f_s) / sd_s), Phi normal or a t
// distribution; its quantile is the root of F(x) = p, bracketed by the extremes of f_s + sd_s z_p, found by Halley's method with
// bisection as a guard. On a transformed scale f_s is the transformed prediction, and the root is transformed back.

#pragma once

#include <vector>

#include "base/linalg.hpp"
#include "base/student_t.hpp"

namespace titrate {

// One quantile per p in (0, 1). `values` and `weights` have one size; at least one weight is positive.
[[nodiscard]] std::vector<double> weighted_quantiles(const Vector& values, const Vector& weights, const std::vector<double>& p);

// sd may hold zeros: those draws are steps.
[[nodiscard]] std::vector<double> mixture_quantiles(const Vector& f, const Vector& sd, const Vector& weights,
                                                    const std::vector<double>& p, const StudentT* t = nullptr);

// sum_s w_s Phi((x - f_s) / sd_s)
[[nodiscard]] double normal_mixture_cdf(double x, const Vector& f, const Vector& sd, const Vector& weights);

}  // namespace titrate
