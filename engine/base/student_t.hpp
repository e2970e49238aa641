// Student's t distribution with nu degrees of freedom (any positive number), location 0 and scale 1.
//
//   density  Gamma((nu+1)/2) / (Gamma(nu/2) sqrt(nu pi)) (1 + x^2/nu)^(-(nu+1)/2)
//   P(X <= x) = I_w(nu/2, 1/2) / 2 for x <= 0,  w = nu / (nu + x^2),  I the regularised incomplete beta function
//
// by its continued fraction (Abramowitz and Stegun 26.5.8 in the form of Lentz), in logarithms, so that the lower tail keeps its
// digits. As nu grows it becomes the normal distribution.

#pragma once

#include <vector>

namespace titrate {

class StudentT {
 public:
  explicit StudentT(double nu);

  [[nodiscard]] double nu() const { return nu_; }
  [[nodiscard]] double log_norm() const { return log_norm_; }  // ln of the density at 0
  [[nodiscard]] double log_density(double x) const;
  [[nodiscard]] double density(double x) const;
  [[nodiscard]] double log_cdf(double x) const;
  [[nodiscard]] double cdf(double x) const;
  [[nodiscard]] double quantile(double p) const;  // p in (0, 1)

  // The same to 1e-8, from a table of values and slopes over asinh x: for sums over many draws.
  [[nodiscard]] double quick_cdf(double x) const;

 private:
  [[nodiscard]] double log_lower(double x) const;  // ln P(X <= -|x|)

  double nu_;
  double log_norm_ = 0.0;
  double log_beta_ = 0.0;  // ln B(nu/2, 1/2)
  double reach_ = 0.0;     // asinh of the last tabulated x
  std::vector<double> value_, slope_;
};

}  // namespace titrate
