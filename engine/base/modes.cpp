#include "base/modes.hpp"

#include <cmath>
#include <limits>

namespace titrate {

using Eigen::Index;

// A mode x of T at the rate T_kk: T is upper triangular, so that from x_k = 1 on all follows backwards. U x is that of A.
bool RealModes::find(const Matrix& A, Vector& rates, Matrix& V) {
  const Index n = A.rows();
  schur_.compute(A);
  if (schur_.info() != Eigen::Success) return false;
  const Matrix &T = schur_.matrixT(), &U = schur_.matrixU();
  if (!T.allFinite()) return false;
  for (Index i = 0; i + 1 < n; ++i)
    if (T(i + 1, i) != 0.0) return false;
  constexpr double rounding = std::numeric_limits<double>::epsilon();
  const double least = rounding * T.lpNorm<1>();  // instead of a difference of two equal rates
  rates = T.diagonal();
  X_.setIdentity(n, n);
  for (Index k = 0; k < n; ++k) {
    double* const x = &X_(0, k);
    for (Index i = k; i-- > 0;) {
      double sum = 0.0;
      for (Index j = i + 1; j <= k; ++j) sum += T(i, j) * x[j];
      if (sum == 0.0) continue;
      const double apart = rates[i] - rates[k];
      x[i] = -sum / (apart != 0.0 ? apart : least);
      const double size = std::abs(x[i]);
      if (rounding * size * size > 1.0)
        for (Index j = i; j <= k; ++j) x[j] /= size;
    }
  }
  V.noalias() = U * X_;
  return true;
}

std::vector<double> RealModes::real_parts(const Matrix& A) {
  std::vector<double> parts;
  schur_.compute(A);
  if (schur_.info() != Eigen::Success) return parts;
  const Matrix& T = schur_.matrixT();
  for (Index i = 0; i < T.rows(); ++i) {
    const bool first = i + 1 < T.rows() && T(i + 1, i) != 0.0, second = i > 0 && T(i, i - 1) != 0.0;
    const Index other = first ? i + 1 : second ? i - 1 : i;  // of a pair that swings
    parts.push_back(0.5 * (T(i, i) + T(other, other)));
  }
  return parts;
}

std::optional<RelativeModes> relative_modes(const Matrix& A, const Matrix& B) {
  const Eigen::LLT<Matrix> llt(B);
  if (llt.info() != Eigen::Success) return std::nullopt;
  RelativeModes out;
  out.L = llt.matrixL();
  const auto L = out.L.triangularView<Eigen::Lower>();
  Matrix relative = A;
  for (int side = 0; side < 2; ++side) {
    L.solveInPlace(relative);
    relative.transposeInPlace();
  }
  const Matrix symmetric = 0.5 * (relative + relative.transpose());
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(symmetric);
  if (solver.info() != Eigen::Success) return std::nullopt;
  out.U = solver.eigenvectors();
  out.values = solver.eigenvalues();
  return out;
}

}  // namespace titrate
