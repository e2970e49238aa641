// Carries a state through time: the solver that fits the system, the breaks between segments, and what events do to it.

#pragma once

#include "sim/simulate.hpp"
#include "sim/solve_linear.hpp"
#include "sim/solve_nonstiff.hpp"
#include "sim/solve_stiff.hpp"
#include "sim/timeline.hpp"

namespace titrate {

class Carrier {
 public:
  // `k` etas with sensitivities, 0 without.
  Carrier(const System& system, const Schedule& schedule, const Segments& segments, int k, bool exact,
          const SimulateOptions& options)
      : system_(system),
        schedule_(schedule),
        segments_(segments),
        k_(k),
        exact_(exact),
        linear_(system, k),
        nonstiff_(system, k, {options.rtol, options.atol, options.max_steps}),
        stiff_(system, {options.rtol, options.atol, options.max_steps}),
        explicit_only_(options.solver == Solver::dopri5) {}

  // To `until`, visiting `times` (ascending, all in (motion.t, until)) on the way.
  void move(Motion& motion, double until, const Forcing& forcing, const std::vector<double>& times, const Visit& visit,
            Failure& failure);

  // What an infusion, a bolus or a set state does, with the jump of the sensitivities when its time depends on eta.
  void apply(const Action& action, Motion& motion, Forcing& forcing);

  // dy/dt in the segment that holds at motion.t.
  [[nodiscard]] Vector rate_of_change(const Motion& motion, const Forcing& forcing);

  [[nodiscard]] Forcing at_rest() const { return {Vector::Zero(system_.n), Matrix::Zero(system_.n, k_)}; }
  [[nodiscard]] LinearSolver& linear() { return linear_; }

 private:
  const System& system_;
  const Schedule& schedule_;
  const Segments& segments_;
  int k_;
  bool exact_;
  LinearSolver linear_;
  NonstiffSolver nonstiff_;
  StiffSolver stiff_;
  bool explicit_only_;
  std::vector<double> registers_;
};

}  // namespace titrate
