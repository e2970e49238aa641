// Laplace approximation to the posterior of one patient's random effects.
//
//   p(eta | y)  ~  Normal(mode, C),     C^-1 = lambda Omega^-1 + sum_j [ a_j a_j' / V_j + c_j c_j' / 2 ]
//   objective  =  OFV(mode) + ln det (Omega / lambda) - ln det C
//
// C is NONMEM's ETC and the objective its individual first-order conditional one with interaction (Wang 2007,
// J Pharmacokinet Pharmacodyn 34:575). Exact when f is linear in eta and V fixed; too narrow when the data are sparse and
// omega is large, which importance sampling corrects.
//
// hessian_covariance = 2 H^-1, H the Hessian of OFV from central differences of its exact gradient: the width for proposals and
// the curvature for evidence,  ln p(y) ~ -(OFV + dropped constants) / 2 + (k/2) ln 2 pi + ln det(hessian_covariance) / 2.

#pragma once

#include <optional>
#include <string>

#include "infer/map.hpp"

namespace titrate {

struct Laplace {
  Matrix covariance;  // C
  double objective = 0.0;
  std::optional<Matrix> hessian_covariance;
  std::string why;            // why there is no hessian_covariance
  double log_evidence = 0.0;  // with hessian_covariance, else with C
};

// Nothing, and why, when the information at the mode is not positive definite.
[[nodiscard]] std::optional<Laplace> laplace(const Objective& objective, const Mode& mode, std::string* why = nullptr);

}  // namespace titrate
