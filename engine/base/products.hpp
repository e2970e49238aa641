// Products, inverse and exponential of matrices, compiled in one place and for one type of matrix: each kind of operand would
// bring another copy of Eigen's kernels.

#pragma once

#include <vector>

#include "base/linalg.hpp"

namespace titrate {

[[nodiscard]] Matrix product(const Matrix& A, const Matrix& B);
[[nodiscard]] Matrix inverse(const Matrix& A);
// The entries of these rows and columns.
[[nodiscard]] Matrix part(const Matrix& A, const std::vector<Eigen::Index>& rows, const std::vector<Eigen::Index>& columns);
[[nodiscard]] Matrix exponential(const Matrix& A);

}  // namespace titrate
