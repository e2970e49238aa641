#include "base/decompositions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace titrate {

using Eigen::Index;

namespace {

struct Term {
  double factor;
  const Matrix& of;
};

Matrix sum(Term a, Term b, Term c) { return a.factor * a.of + b.factor * b.of + c.factor * c.of; }

}  // namespace

Matrix product(const Matrix& A, const Matrix& B) { return A * B; }

Matrix inverse(const Matrix& A) {
  const Matrix identity = Matrix::Identity(A.rows(), A.cols());
  return Eigen::PartialPivLU<Matrix>(A).solve(identity);
}

Matrix part(const Matrix& A, const std::vector<Index>& rows, const std::vector<Index>& columns) {
  Matrix out(static_cast<Index>(rows.size()), static_cast<Index>(columns.size()));
  for (Index j = 0; j < out.cols(); ++j)
    for (Index i = 0; i < out.rows(); ++i) out(i, j) = A(rows[static_cast<std::size_t>(i)], columns[static_cast<std::size_t>(j)]);
  return out;
}

// exp(A) = exp(A / 2^s)^(2^s), and that by the Pade approximant of degree 13, (V - U)^-1 (V + U), exact to rounding where the
// norm is below 5.37 (Higham 2005, SIAM J Matrix Anal Appl 26:1179).
Matrix exponential(const Matrix& A) {
  constexpr double b[] = {64764752532480000.0,
                          32382376266240000.0,
                          7771770303897600.0,
                          1187353796428800.0,
                          129060195264000.0,
                          10559470521600.0,
                          670442572800.0,
                          33522128640.0,
                          1323241920.0,
                          40840800.0,
                          960960.0,
                          16380.0,
                          182.0,
                          1.0};
  constexpr double largest = 5.371920351148152;
  double norm = 0.0;
  for (Index j = 0; j < A.cols(); ++j) norm = std::max(norm, A.col(j).lpNorm<1>());
  int squarings = 0;
  std::frexp(norm / largest, &squarings);
  squarings = std::max(squarings, 0);
  const Matrix X = A * std::ldexp(1.0, -squarings);
  const Matrix X2 = product(X, X), X4 = product(X2, X2), X6 = product(X4, X2);
  Matrix W = product(X6, sum({b[13], X6}, {b[11], X4}, {b[9], X2})) + sum({b[7], X6}, {b[5], X4}, {b[3], X2});
  W.diagonal().array() += b[1];
  const Matrix U = product(X, W);
  Matrix V = product(X6, sum({b[12], X6}, {b[10], X4}, {b[8], X2})) + sum({b[6], X6}, {b[4], X4}, {b[2], X2});
  V.diagonal().array() += b[0];
  const Matrix upper = V + U, lower = V - U;
  Matrix out = Eigen::PartialPivLU<Matrix>(lower).solve(upper);
  for (; squarings > 0; --squarings) out = product(out, out);
  return out;
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

}  // namespace titrate
