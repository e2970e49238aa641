// Boost.Odeint's Dormand-Prince 5(4) with dense output, on states and sensitivities together, both under error control.
//
// States are divided by the size of their unit first, so that one absolute tolerance serves mg and 1e9 cells/L alike. A step that
// would pass the end is shortened, so events are met exactly; values in between come from the dense output.

#pragma once

#include "sim/motion.hpp"

namespace titrate {

class NonstiffSolver {
 public:
  NonstiffSolver(const System& system, Tolerance tolerance) : system_(system), tolerance_(tolerance) {}

  // From motion.t to `until`; `visit(i, motion)` is called for each of `times` (ascending, within the interval).
  void advance(Motion& motion, double until, const SegmentValues& p, const Forcing& forcing, const std::vector<double>& times,
               const Visit& visit, Failure& failure);

 private:
  const System& system_;
  Tolerance tolerance_;
  double step_ = 0.0;  // the last step's size, kept over events
  int steps_ = 0;
};

}  // namespace titrate
