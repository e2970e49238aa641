// Modes of matrices: of dy/dt = A y, and of one symmetric matrix relative to another. Eigen's decompositions are large, so each
// is compiled here alone, for one type of matrix.

#pragma once

#include <optional>
#include <vector>

#include "base/linalg.hpp"

namespace titrate {

// Rates and modes of dy/dt = A y by the real Schur form A = U T U' (Golub & Van Loan, Matrix Computations, 7.4 to 7.6). Asks for
// little memory when the size is that of the time before.
class RealModes {
 public:
  // The columns of V are the modes. False where rates swing or are not found.
  [[nodiscard]] bool find(const Matrix& A, Vector& rates, Matrix& V);
  // The real parts of all rates, also of those that swing. Empty where they are not found.
  [[nodiscard]] std::vector<double> real_parts(const Matrix& A);

 private:
  Eigen::RealSchur<Matrix> schur_;
  Matrix X_;
};

// A relative to B = L L', both symmetric: L^-1 A L^-T = U diag(values) U', in rising order.
struct RelativeModes {
  Matrix L, U;
  Vector values;
};
// Nothing where B is not positive definite.
[[nodiscard]] std::optional<RelativeModes> relative_modes(const Matrix& A, const Matrix& B);

}  // namespace titrate
