// Courses of one individual that begin alike: plans differ from the first planned dose on, and what lies before it is stepped
// through once.
//
// The first course marks its state before each event; a later one goes on from the last mark up to which it is the same: the same
// events at the same times, the same individual parameters in each segment, and no value wanted before. It is then the course
// that it would have been. Models with events of their own (conditions) begin anew.

#pragma once

#include <optional>
#include <vector>

#include "sim/carrier.hpp"
#include "sim/modal_course.hpp"

namespace titrate {

class History {
 public:
  struct Mark {
    Action event;  // which comes next
    Motion motion;
    Forcing forcing;
    std::size_t cancelled = 0;  // doses before this one act no more
    SteppingSolver::Memory solver;
  };

  // What else decides how a course moves. Its schedule and segments are looked at only during this call.
  struct Moves {
    const System* system = nullptr;
    int k = 0;  // effects with sensitivities
    SimulateOptions options;
    const Schedule* schedule = nullptr;
    const Segments* segments = nullptr;
    const std::vector<Action>* actions = nullptr;
    std::size_t past = 0;  // of the actions: those before the first wanted value
  };
  struct Place {
    const Mark* mark = nullptr;
    std::size_t action = 0;  // the course's own: what comes next
  };

  // Where the course may go on from. Nothing: it begins anew, and is to be marked.
  [[nodiscard]] std::optional<Place> shared_with(const Moves& course) const;
  void begin(const Moves& course);
  void mark(const Action& event, const Motion& motion, const Forcing& forcing, std::size_t cancelled,
            const SteppingSolver::Memory& solver);
  // The next individual, or the same one with other effects.
  void forget() {
    marked_ = 0;
    modal.marks.clear();
  }

  ModalPast modal;  // of courses along modes, which share by themselves

 private:
  [[nodiscard]] bool same_kind(const Moves& course) const;
  [[nodiscard]] bool same_segments(const Moves& course, double until) const;

  Moves first_;  // without its schedule, segments and actions
  double start_ = 0.0;
  std::vector<Position> breaks_;
  std::vector<const SegmentValues*> segments_;  // of the individual, who keeps them
  std::vector<Mark> marks_;                     // the first `marked_` of them; the others are memory for the next individual
  std::size_t marked_ = 0;
};

}  // namespace titrate
