#include "base/products.hpp"

#include <algorithm>
#include <cmath>

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

}  // namespace titrate
