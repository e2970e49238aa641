#include "infer/laplace.hpp"

#include <cmath>

#include "base/normal.hpp"

namespace titrate {

namespace {

double log_det(const Eigen::LLT<Matrix>& llt) { return 2.0 * llt.matrixLLT().diagonal().array().log().sum(); }

// The inverse of a symmetric matrix with its log determinant, or nothing when it is not positive definite.
struct Inverse {
  Matrix value;
  double log_det = 0.0;  // of the matrix itself
};

std::optional<Inverse> invert(const Matrix& A) {
  if (A.rows() == 0) return Inverse{A, 0.0};
  if (!A.allFinite()) return std::nullopt;
  const Eigen::LLT<Matrix> llt(A);
  if (llt.info() != Eigen::Success) return std::nullopt;
  const Matrix identity = Matrix::Identity(A.rows(), A.cols());
  Matrix inverse = llt.solve(identity);
  inverse = (0.5 * (inverse + inverse.transpose())).eval();
  return Inverse{inverse, log_det(llt)};
}

}  // namespace

std::optional<Laplace> laplace(const Objective& objective, const Mode& mode, std::string* why) {
  const auto C = invert(mode.information);
  if (!C) {
    if (why) *why = "the information about the random effects is not positive definite";
    return std::nullopt;
  }
  Laplace result;
  result.covariance = C->value;
  result.objective = mode.ofv + objective.log_det_weighted_omega() + C->log_det;

  double log_det_curvature = C->log_det;
  if (const auto H = mode.hessian ? mode.hessian : hessian(objective, mode.eta, mode.information); !H) {
    result.why = "the objective has no value beside the mode";
  } else if (const auto inverse = invert(0.5 * *H); !inverse) {
    result.why = "the Hessian at the mode is not positive definite";
  } else {
    result.hessian_covariance = inverse->value;
    log_det_curvature = inverse->log_det;
  }
  result.log_evidence = -0.5 * (mode.ofv + objective.dropped_constant() - objective.k() * ln_2_pi + log_det_curvature);
  return result;
}

}  // namespace titrate
