// Rates and modes of a linear system (sim/solve_linear.hpp).

#include <cmath>

#include "base/products.hpp"
#include "base/work.hpp"
#include "sim/solve_linear.hpp"

namespace titrate {

namespace {

using Eigen::Index;

// Rounding grows by the condition of the modes; beyond this the exponential of the matrix is the better way.
constexpr double most_condition = 1000.0;

// Two states, the most frequent case: (A - l) v = 0 has the solutions (b, l - a) and (l - d, c).
bool two_real_modes(const Matrix& A, Vector& rates, Matrix& V) {
  const double a = A(0, 0), b = A(0, 1), c = A(1, 0), d = A(1, 1);
  const double half = 0.5 * (a - d), square = half * half + b * c;
  if (!(square >= 0.0)) return false;
  const double apart = std::sqrt(square), middle = 0.5 * (a + d);
  rates.resize(2);
  V.resize(2, 2);
  for (const Index i : {0, 1}) {
    const double way = i == 0 ? -apart : apart;  // from the middle
    rates[i] = middle + way;
    // Of the two, the one without cancellation.
    if ((half >= 0.0) == (way >= 0.0))
      V.col(i) << way + half, c;
    else
      V.col(i) << b, way - half;
    if (apart == 0.0 && b == 0.0 && c == 0.0) V.col(i) = Vector::Unit(2, i);
    V.col(i).normalize();
  }
  return V.allFinite();
}

// Real rates with their modes as columns of length 1.
bool modes_of_length_1(const Matrix& A, RealModes& real_modes, Vector& rates, Matrix& V) {
  if (A.size() == 0) return true;  // integrals alone
  if (!A.allFinite()) return false;
  if (A.rows() == 2) return two_real_modes(A, rates, V);
  if (!real_modes.find(A, rates, V)) return false;
  for (Index i = 0; i < V.cols(); ++i) V.col(i).normalize();
  return V.allFinite();
}

}  // namespace

void LinearSolver::find_modes(Coefficients& c) {
  Work::spend(500.0 + 20.0 * static_cast<double>(moving_.size() * moving_.size() * moving_.size()));
  c.has_modes = false;
  Modes& modes = c.modes;
  if (!modes_of_length_1(part(c.A, moving_, moving_), real_modes_, modes.rate, modes.V)) return;
  if (moving_.size() == 2)
    modes.V_inverse = Eigen::Matrix2d(modes.V).inverse();
  else if (!moving_.empty())
    modes.V_inverse = inverse(modes.V);
  if (!(modes.V.norm() * modes.V_inverse.norm() <= most_condition)) return;
  modes.CV = product(part(c.A, integrals_, moving_), modes.V);
  modes.E.clear();
  modes.dCV.clear();
  for (const Matrix& dA : c.dA) {
    modes.E.emplace_back();
    modes.dCV.emplace_back();
    if (dA.isZero(0.0)) continue;
    modes.E.back() = product(product(modes.V_inverse, part(dA, moving_, moving_)), modes.V);
    modes.dCV.back() = product(part(dA, integrals_, moving_), modes.V);
  }
  c.has_modes = true;
}

}  // namespace titrate
