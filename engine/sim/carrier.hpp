// Carries a state through time: the solver that fits the system, the breaks between segments, and what events do to it.

#pragma once

#include <optional>

#include "sim/simulate.hpp"
#include "sim/solve_linear.hpp"
#include "sim/solve_stepping.hpp"
#include "sim/timeline.hpp"

namespace titrate {

class Carrier {
 public:
  // `K` effects with sensitivities, 0 without. `system` is one of the model's two.
  Carrier(const CompiledModel& model, const System& system, const Schedule& schedule, const Segments& segments, int K, bool exact,
          const SimulateOptions& options)
      : model_(model),
        system_(system),
        schedule_(schedule),
        segments_(segments),
        k_(K),
        exact_(exact),
        linear_(system, K),
        stepping_(model, system, options.solver, {options.rtol, options.atol, options.max_steps}) {}

  // To `until`, visiting `times` (ascending, all in (motion.t, until)) on the way.
  void move(Motion& motion, double until, const Forcing& forcing, const std::vector<double>& times, const Visit& visit,
            Failure& failure);

  // What an infusion, a bolus or a set state does, with the jump of the sensitivities when its time depends on eta.
  void apply(const Action& action, Motion& motion, Forcing& forcing);

  // dy/dt in the segment that holds at motion.t.
  [[nodiscard]] Vector rate_of_change(const Motion& motion, const Forcing& forcing);

  // From now on the values of one segment hold at all times: steady states repeat what one record says.
  void hold(std::size_t segment) { held_ = segment; }

  [[nodiscard]] Forcing at_rest() const { return {Vector::Zero(system_.n), Matrix::Zero(system_.n, k_), {}}; }
  [[nodiscard]] LinearSolver& linear() { return linear_; }

 private:
  const CompiledModel& model_;
  const System& system_;
  const Schedule& schedule_;
  const Segments& segments_;
  int k_;
  bool exact_;
  LinearSolver linear_;
  SteppingSolver stepping_;
  std::optional<std::size_t> held_;
  std::vector<double> registers_;
};

}  // namespace titrate
