// Carries a state through time: the solver that fits the system, the breaks between segments, and what events do to it.

#pragma once

#include <optional>
#include <span>

#include "sim/simulate.hpp"
#include "sim/solve_stepping.hpp"
#include "sim/timeline.hpp"

namespace titrate {

class Carrier {
 public:
  // `K` effects with sensitivities, 0 without. `system` is one of the model's two.
  Carrier(const CompiledModel& model, const System& system, const Schedule& schedule, const Segments& segments, int K, bool exact,
          const SimulateOptions& options, Individual& individual)
      : model_(model), system_(system), schedule_(schedule), segments_(segments), k_(K), conditions_(model) {
    if (exact)
      linear_ = &individual.linear(system, K);
    else
      stepping_.emplace(model, system, options.solver, Tolerance{options.rtol, options.atol, options.max_steps});
  }

  // The next individual's, where nothing else is remembered: an exact system without conditions.
  void take_up(Individual& individual) { linear_ = &individual.linear(system_, k_); }

  // To `until`, visiting `times` (ascending, all in (motion.t, until)) on the way.
  void move(Motion& motion, double until, const Forcing& forcing, std::span<const double> times, const Visit& visit,
            Failure& failure);
  // What is read at motion.t, where the solver is exact and the segment that holds there is the one that is read.
  [[nodiscard]] bool read(const Motion& motion, std::size_t segment, const Forcing& forcing, const Readout& readout,
                          std::size_t row);

  // States begin anew: what holds of conditions there has not become true.
  void forget_conditions() { watching_ = false; }

  // What an infusion, a bolus or a set state does, with the jump of the sensitivities when its time depends on eta.
  void apply(const Action& action, Motion& motion, Forcing& forcing);

  // dy/dt in the segment that holds at motion.t.
  void rate_of_change(const Motion& motion, const Forcing& forcing, Vector& dy);
  [[nodiscard]] Vector rate_of_change(const Motion& motion, const Forcing& forcing) {
    Vector dy;
    rate_of_change(motion, forcing, dy);
    return dy;
  }

  // From now on the values of one segment hold at all times: steady states repeat what one record says.
  void hold(std::size_t segment) { held_ = segment; }

  // Of the stepping solver, where there is one.
  [[nodiscard]] SteppingSolver::Memory memory() const { return stepping_ ? stepping_->memory() : SteppingSolver::Memory{}; }
  void remember(const SteppingSolver::Memory& memory) {
    if (stepping_) stepping_->remember(memory);
  }

  [[nodiscard]] Forcing at_rest() const { return {Vector::Zero(system_.n), Matrix::Zero(system_.n, k_), {}}; }

 private:
  const CompiledModel& model_;
  const System& system_;
  const Schedule& schedule_;
  const Segments& segments_;
  int k_;
  void happen(std::size_t which, const Vector& d_time, Motion& motion, const Forcing& forcing, Failure& failure);
  void look_at_conditions(Motion& motion, const Forcing& forcing, Failure& failure);
  void explain(Failure& failure) const;
  // The next time after motion.t at which an event of fixed interval happens, at most `until`.
  [[nodiscard]] double next_interval(double t, double until, std::size_t segment) const;
  void happen_at_interval(Motion& motion, std::size_t segment, const Forcing& forcing, Failure& failure);

  Conditions conditions_;
  bool watching_ = false;   // the conditions know what held so far
  bool disturbed_ = false;  // an action may have made a condition true
  Vector action_d_time_;    // of that action
  int happened_ = 0, in_place_ = 0;
  double last_happened_ = 0.0;
  std::string last_event_;
  LinearSolver* linear_ = nullptr;  // this one or the other
  std::optional<SteppingSolver> stepping_;
  std::optional<std::size_t> held_;
  std::vector<double> registers_;
};

}  // namespace titrate
