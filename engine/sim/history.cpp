#include "sim/history.hpp"

#include <algorithm>

namespace titrate {

namespace {

bool same(const Vector& a, const Vector& b) { return a.size() == b.size() && a == b; }

bool same(const Action& a, const Action& b) {
  return a.kind == b.kind && a.time == b.time && a.order == b.order && a.state == b.state && a.profile == b.profile &&
         a.amount == b.amount && a.index == b.index && same(a.d_amount, b.d_amount) && same(a.d_time, b.d_time);
}

}  // namespace

bool History::same_kind(const Moves& course) const {
  const SimulateOptions &a = first_.options, &b = course.options;
  return first_.system == course.system && first_.k == course.k && start_ == course.schedule->start && a.solver == b.solver &&
         a.rtol == b.rtol && a.atol == b.atol && a.max_steps == b.max_steps;
}

bool History::same_segments(const Moves& course, double until) const {
  const auto& breaks = course.schedule->breaks;
  for (std::size_t i = 0;; ++i) {
    if (segments_[i] != &course.segments->values(i)) return false;
    const bool here = i < breaks_.size() && breaks_[i].time <= until, there = i < breaks.size() && breaks[i].time <= until;
    if (here != there) return false;
    if (!here) return true;
    if (breaks_[i].time != breaks[i].time || breaks_[i].order != breaks[i].order) return false;
  }
}

std::optional<History::Place> History::shared_with(const Moves& course) const {
  if (marked_ == 0 || !same_kind(course)) return std::nullopt;
  const std::vector<Action>& actions = *course.actions;
  // The next mark's state is reached when all events before it are the same and it comes at the same time.
  std::optional<Place> place;
  for (std::size_t i = 0; i < marked_ && i < course.past; ++i) {
    const Action &event = marks_[i].event, &own = actions[i];
    if (own.time != event.time || !same_segments(course, event.time)) break;
    place = Place{&marks_[i], i};
    // A steady state is that of its dose, of which the event does not say all.
    if (!same(own, event) || event.kind == Action::Kind::steady_state) break;
  }
  if (!place) return std::nullopt;
  // A steady state is found by a solver that remembers the one before.
  const bool steady = std::any_of(actions.begin() + static_cast<std::ptrdiff_t>(place->action), actions.end(),
                                  [](const Action& a) { return a.kind == Action::Kind::steady_state; });
  return steady ? std::nullopt : place;
}

void History::begin(const Moves& course) {
  first_ = course;
  start_ = course.schedule->start;
  breaks_ = course.schedule->breaks;
  segments_.clear();
  for (std::size_t i = 0; i <= breaks_.size(); ++i) segments_.push_back(&course.segments->values(i));
  first_.schedule = nullptr;
  first_.segments = nullptr;
  first_.actions = nullptr;
  marked_ = 0;
}

void History::mark(const Action& event, const Motion& motion, const Forcing& forcing, std::size_t cancelled,
                   const SteppingSolver::Memory& solver) {
  if (marks_.size() == marked_) marks_.emplace_back();
  Mark& mark = marks_[marked_++];
  mark.event = event;
  mark.motion = motion;
  mark.forcing = forcing;
  mark.cancelled = cancelled;
  mark.solver = solver;
}

}  // namespace titrate
