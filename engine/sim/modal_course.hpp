// A course of a linear system along its modes (sim/solve_linear), its outputs read on the way.
//
// Between events each mode goes on by itself, z(t + h) = e^(l h) z + h exp[l h, 0] w with w = V^-1 u, and an event adds to z or
// to u: a bolus of amount a into state i adds a V^-1 e_i. States are formed only where parameters change, y = V z. An output is
// c z + d, its slope c (l z + w), its area c (integral of z) + d h.
//
// What happens when, which values are read where and which gaps recur is the same for all individuals with one timeline. It is
// laid out once, as steps; each individual walks them. What is rare (resets, steady states, states that are set, values read
// under other parameters than those that move) is left to the caller: the walk stops there with the states in place.

#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "sim/readout.hpp"
#include "sim/timeline.hpp"

namespace titrate {

// The beginning of a course up to its first value, as another schedule may have it too, and the modes at each of its steps in one
// individual.
struct ModalPast {
  struct Event {
    bool moves = false;  // by h, else: parameters or an action
    double h = 0.0;
    std::vector<double> inputs;  // of the segment that begins; empty: an action
    int first_kappa = -1;
    Action action;
  };
  struct Steps {
    const System* system = nullptr;
    double start = 0.0;
    std::vector<Event> events;
  };
  std::shared_ptr<const Steps> steps;
  std::vector<double> marks;
};

class ModalCourse {
 public:
  ModalCourse(const CompiledModel& model, const System& system, const Schedule& schedule)
      : model_(model), system_(system), schedule_(schedule) {}

  // Anew for another timeline or other moments.
  void lay_out(const std::vector<Action>& actions, const Moments& moments, const Segments& segments);
  // The next individual. False where one of its segments has no modes, or an output is an integral of the system: it moves
  // otherwise.
  [[nodiscard]] bool take_up(LinearSolver& solver, const Segments& segments);

  enum class Stop { end, action, sample };
  struct Place {
    Stop stop = Stop::end;
    std::size_t index = 0;  // of the actions, or the row of a sample
  };
  // From the states as `motion` and `forcing` have them at the beginning, or from where `past`, of this individual, has been
  // with the same steps. Without such steps it becomes this course's own past.
  [[nodiscard]] bool begin_at(ModalPast* past, Forcing& forcing);
  // To the end, or to what the caller has to do. Doses before `cancelled` act no more.
  [[nodiscard]] Place go(Motion& motion, Forcing& forcing, std::size_t cancelled, const Readout& readout);
  // Nothing on the way became infinite or undefined.
  [[nodiscard]] bool finite() const { return finite_; }

 private:
  struct Step {
    enum class Kind { enter, act, move, read, here, stop_at_action, stop_at_sample };
    Kind kind = Kind::enter;
    std::size_t index = 0;  // enter: parameters; actions: which; move: gap; read: first run; samples: row
    std::size_t count = 0;  // read: runs
    double time = 0.0;
  };
  // Values at the ends of equal gaps, in rows that follow one another.
  struct Run {
    std::size_t gap = 0, row = 0, count = 0;
  };
  // Segments with the same inputs.
  struct Parameters {
    std::size_t segment = 0;  // one of them
    LinearSolver::Modal modal;
  };
  struct Gap {
    std::size_t parameters = 0;
    double h = 0.0, time = 0.0;
    std::uint64_t version = 0;  // of the individual that the factors are of
    std::size_t kept_at = 0;    // by the solver
    std::vector<double> factors;
  };

  bool lay_stretch(std::size_t first, std::size_t last, double until, const Moments& moments);
  void lay_values_here(std::size_t from, std::size_t to, const Moments& moments);
  void lay_values(std::size_t from, std::size_t to, const Moments& moments);
  void enter(std::size_t segment);
  [[nodiscard]] std::size_t parameters_of(std::size_t segment, const Segments& segments);
  [[nodiscard]] std::size_t gap_of(double h, double time);
  void set_past(const std::vector<Action>& actions);
  const double* factors(std::size_t gap);

  class Walk;

  const CompiledModel& model_;
  const System& system_;
  const Schedule& schedule_;
  const std::vector<Action>* actions_ = nullptr;
  bool usable_ = false;
  std::vector<Step> steps_;
  std::vector<Run> runs_;
  std::vector<Parameters> parameters_;
  std::vector<std::size_t> of_segment_;  // the parameters of each
  std::vector<Gap> gaps_;
  // While steps are laid out: where they are, and the parameters that hold there.
  double t_ = 0.0;
  std::optional<std::size_t> in_;
  std::size_t last_gap_ = 0;

  std::shared_ptr<const ModalPast::Steps> past_steps_;
  std::shared_ptr<const ModalPast::Steps> compared_with_;  // of which the first `shared_` are this course's own
  std::size_t shared_ = 0;
  ModalPast* past_ = nullptr;  // that is to be marked

  LinearSolver* solver_ = nullptr;
  std::uint64_t version_ = 0;
  std::size_t next_ = 0;  // step
  bool finite_ = true;
  Parameters* here_ = nullptr;  // null: the states are in the motion alone
  const double* mark_ = nullptr;
  Vector z_, w_;  // of each mode
  Vector area_;   // of each output
};

}  // namespace titrate
