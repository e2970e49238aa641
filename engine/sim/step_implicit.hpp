// One implicit step, for systems whose fastest rate an explicit step would have to follow although nothing happens there any
// more: Rodas5P, a Rosenbrock method of order 5(4) with eight stages and a dense output of order 4 (Steinebach, BIT Numerical
// Mathematics 63:27, 2023).
//
//   W = I / (gamma h) - J;   W u_i = f(t + c_i h, z + sum a_ij u_j) + h d_i df/dt + sum c_ij u_j / h,   i = 1 ... 8
//   z_new = z + sum a_8j u_j + u_8, and u_8 is its error; L-stable.
//
// J, df/dt and, for the sensitivities, the curvature (sim/equations) are exact, so their order is 5 too: the columns of S take
// W u_i = ... + curvature(u_i of the states).

#pragma once

#include <optional>

#include "sim/equations.hpp"
#include "sim/newton_matrix.hpp"

namespace titrate {

class ImplicitStep {
 public:
  static constexpr double order = 5.0;

  // False: f or J is not finite at z.
  [[nodiscard]] bool begin(Equations& equations, const Values& z, double t);
  // False: W is singular.
  [[nodiscard]] bool attempt(Equations& equations, const Values& z, double t, double h, Values& z_new, Values& error);
  void restart() { began_ = false; }
  [[nodiscard]] const Values& slope() const { return slope_; }

  // Within the step attempted last, before it is accepted.
  void interpolate(const Values& z, const Values& z_new, double t, Values& out);

  // The fastest rate at the state where the step began: one iteration of the power method each time it is asked for.
  [[nodiscard]] double fastest_rate(const Equations& equations);

 private:
  std::optional<NewtonMatrix> W_;
  const Pattern* pattern_ = nullptr;  // of W_
  Values slope_, stage_, u_[8], between_[3];
  Vector v_, Jv_;
  double t_ = 0.0, h_ = 0.0;
  bool began_ = false, has_between_ = false, has_v_ = false;
};

}  // namespace titrate
