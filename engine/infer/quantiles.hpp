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

#include <cstdint>
#include <vector>

#include "base/linalg.hpp"
#include "base/student_t.hpp"

namespace titrate {

// Quantiles of many columns of values that share their weights: what depends on the weights alone is kept.
class WeightedQuantiles {
 public:
  // At least one weight is positive; p in (0, 1).
  WeightedQuantiles(const Vector& weights, std::vector<double> p);
  // One quantile per p; valid until the next call. One finite value per weight.
  [[nodiscard]] const std::vector<double>& of(const double* values);

 private:
  // A joint of the distribution function's broken line.
  struct Joint {
    double x = 0.0;
    std::uint32_t draw = 0;
    double at = 0.0;
  };
  const double* counted(const double* values);
  void fill_buckets(const double* x, double low, double high);
  void choose_buckets();
  void order_chosen(const double* x);
  [[nodiscard]] double quantile(double p) const;

  std::vector<double> p_, result_;
  std::vector<Eigen::Index> counted_;  // draws of positive weight
  std::vector<double> weight_, x_;     // of these; x_ only where some do not count
  std::vector<std::uint16_t> bucket_;  // likewise
  std::vector<double> held_, before_;  // weight of each bucket and of those below it
  std::vector<char> wanted_;
  std::vector<Joint> chosen_;
};

// One quantile per p in (0, 1). `values` and `weights` have one size; at least one weight is positive.
[[nodiscard]] std::vector<double> weighted_quantiles(const Vector& values, const Vector& weights, const std::vector<double>& p);

// Of each row of `values`, whose columns are draws: rows x p.
[[nodiscard]] Matrix row_quantiles(const Matrix& values, const Vector& weights, const std::vector<double>& p);

// sd may hold zeros: those draws are steps. Weights may be those of a condensed mixture (infer/condensed_mixture).
[[nodiscard]] std::vector<double> mixture_quantiles(const Vector& f, const Vector& sd, const Vector& weights,
                                                    const std::vector<double>& p, const StudentT* t = nullptr);

// sum_s w_s Phi((x - f_s) / sd_s)
[[nodiscard]] double normal_mixture_cdf(double x, const Vector& f, const Vector& sd, const Vector& weights);

}  // namespace titrate
