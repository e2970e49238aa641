// Steps through time under error control, explicit or implicit (sim/step_explicit, sim/step_implicit), for states and
// sensitivities together.
//
// Error: the largest of |error_i| / (atol + rtol |z_i|) over all states and sensitivities is at most 1; |z_i| is the larger of
// the step's two ends, and for a sensitivity to an effect at least the state itself (effects have no unit). A step that would
// pass the end is shortened, so events are met exactly; values in between come from the dense output.
//
// Which step: a course begins explicit. When fifteen steps say that stability, not accuracy, sets their size, the implicit step
// takes over; when ten of those in a row would be stable as explicit ones, and twice as long each time it happens again, it goes
// back. What was learnt is kept over events. The choice depends on the numbers alone, never on a clock.
//
// States that may not be negative: a step that takes one below -atol is taken again at half its length.
//
// Conditions (sim/conditions) are looked at on the dense output of every step, which is a polynomial of degree 4 or 5: a
// condition that is linear in the states and in time is never missed there, however short it holds, and one that touches its
// threshold without crossing it does not happen (sim/rise). Of another condition what exceeds the threshold by less than its
// difference to a polynomial of degree 8 on the step can be missed. The dense output itself errs by the tolerance, and so does
// the height of an excursion. The crossing is found by bisection and then by Newton's method on steps that end at it, to
// rounding; the earliest stops the course.

#pragma once

#include "sim/conditions.hpp"
#include "sim/rise.hpp"
#include "sim/simulate.hpp"
#include "sim/step_explicit.hpp"
#include "sim/step_implicit.hpp"

namespace titrate {

class SteppingSolver {
 public:
  // `solver`: automatic, dopri5 or rosenbrock; the latter two step through all states, also those that need it not.
  SteppingSolver(const CompiledModel& model, const System& system, Solver solver, Tolerance tolerance)
      : solver_(solver), tolerance_(tolerance), equations_(model, system, solver == Solver::automatic ? tolerance.rtol : 0.0) {
    memory_.stiff = solver == Solver::rosenbrock;
  }

  // From motion.t to `until` in one segment; `visit(i, motion)` is called for each of `times` (ascending, within the interval).
  // Stops at the first of `conditions` (which hold the segment's values) that becomes true on the way, and says which.
  std::optional<std::size_t> advance(Motion& motion, double until, const SegmentValues& p, const Forcing& forcing,
                                     const std::vector<double>& times, const Visit& visit, Conditions& conditions,
                                     Failure& failure);

  struct Count {
    int explicit_steps = 0, implicit_steps = 0, rejected = 0;
  };
  [[nodiscard]] const Count& count() const { return memory_.count; }

  // What was learnt on the way: with it, another solver goes on as this one would.
  struct Memory {
    bool stiff = false;
    int signs_of_stiffness = 0, signs_against = 0, patience = 10;
    double h = 0.0;
    Count count;
  };
  [[nodiscard]] const Memory& memory() const { return memory_; }
  void remember(const Memory& memory) { memory_ = memory; }

 private:
  bool begin();
  [[nodiscard]] double cost() const;
  bool attempt(double h);
  // One accepted step of at most `most`; its end is in z_new_, its length is returned. 0: failed.
  double step(double most, double smallest, Failure& failure);
  void interpolate(double t, Values& out);
  void finish_step(double h);
  [[nodiscard]] bool below_zero() const;
  // The condition that becomes true first within the step of length h, which is then shortened to end there.
  [[nodiscard]] std::optional<std::size_t> first_crossing(Conditions& conditions, double& h);
  // Of one condition, in (from, to]: where on the dense output; then to rounding.
  [[nodiscard]] double locate(Conditions& conditions, std::size_t which, double from, double to);
  void end_at_crossing(Conditions& conditions, std::size_t which, double& h);
  const Vector& states_at(double t);
  void measure_stiffness(double h);
  [[nodiscard]] double first_step(double span);
  void weigh();
  [[nodiscard]] double size_of_error() const;

  Solver solver_;
  Tolerance tolerance_;
  Equations equations_;
  ExplicitStep explicit_;
  ImplicitStep implicit_;
  Memory memory_;
  double t_ = 0.0;
  Values z_, z_new_, error_, weight_, seen_;
  Vector y_;
  std::vector<StepValues> g_;  // of each condition on a step
};

}  // namespace titrate
