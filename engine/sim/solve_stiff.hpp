// An implicit solver for systems whose fastest rate an explicit step would have to follow although nothing happens there any
// more: a Rosenbrock method of order 4(3), RODAS (Hairer & Wanner, Solving ODEs II, IV.7), with Boost.Odeint's coefficients.
//
//   W = I / (gamma h) - J;   W g_i = f(y + sum a_ij g_j) + h d_i df/dt + sum c_ij g_j / h,   i = 1 ... 6
//
// J and df/dt are exact (symbolic). One LU factorisation a step serves all stages and the error estimate. States only: with
// sensitivities the explicit solver is used. Scaled as in solve_nonstiff. Wanted times are stepped to: the method's dense output
// is of order 3 only, and its steps are long.

#pragma once

#include "sim/motion.hpp"

namespace titrate {

class StiffSolver {
 public:
  StiffSolver(const System& system, Tolerance tolerance) : system_(system), tolerance_(tolerance) {}

  // Whether stability, not accuracy, would set the explicit solver's step over this interval: the steps that a bound of the
  // largest rate (a norm of J at its start) asks for are more than the accuracy of a smooth course ever needs.
  [[nodiscard]] bool pays(const Motion& motion, double until, const SegmentValues& p);

  // As NonstiffSolver::advance.
  void advance(Motion& motion, double until, const SegmentValues& p, const Forcing& forcing, const std::vector<double>& times,
               const Visit& visit, Failure& failure);

 private:
  const System& system_;
  Tolerance tolerance_;
  int steps_ = 0;
};

}  // namespace titrate
