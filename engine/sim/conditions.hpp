// Events on a condition: when g(t, y; p) rises above 0 a course stops, states are set, and it goes on.
//
// The event's time t* moves with the effects, so sensitivities jump (S is taken at fixed t; f = dy/dt before and after):
//
//   dt* = -(g_y S + g_eta) / (g_t + g_y f-),   Y = S- + f- dt*          (along the moving time)
//   S+ = v_y Y + v_eta + v_t dt* - f+ dt*      for a state set to v(t, y);   S+ = Y - f+ dt* for the others
//
// A condition that holds at the beginning of a course has not become true: it must first cease to hold. One that an event left
// where it was (g unchanged) counts as fallen if g falls from there, so that a reflection can repeat; it holds if g rises.

#pragma once

#include <optional>

#include "sim/motion.hpp"

namespace titrate {

class Conditions {
 public:
  explicit Conditions(const CompiledModel& model);

  [[nodiscard]] bool any() const { return watched_ > 0; }
  // The segment's values, from now on.
  void set(const SegmentValues& values) { values_ = &values; }

  // The condition that has become true without a step (a dose did it), if one has.
  [[nodiscard]] std::optional<std::size_t> risen(double t, const Vector& y);
  // g of a condition.
  [[nodiscard]] double g(std::size_t which, double t, const Vector& y);
  [[nodiscard]] bool holds(std::size_t which) const { return holds_[which]; }
  // Whether a comparison is to be looked at on every step.
  [[nodiscard]] bool watched(std::size_t which) const { return (*this)[which].compares && (*this)[which].every < 0; }
  // At the end of a step that nothing happened in: notes what holds.
  void pass(double t, const Vector& y);
  // At the end of a step that another condition ended: notes what no longer holds.
  void note_falls(double t, const Vector& y);

  // dt* for every column of S, for a condition met at motion.t where dy/dt is `f`. Empty without sensitivities.
  [[nodiscard]] Vector time_slope(std::size_t which, const Motion& motion, const Vector& f, Eigen::Index effects);
  // Whether something that must not be negative when this happens is, beyond rounding.
  [[nodiscard]] bool broken(std::size_t which, double t, const Vector& y);
  // Sets the states and the derivatives along the moving time (Y above); what remains is -f+ dt*.
  void set_states(std::size_t which, Motion& motion, const Vector& f, const Vector& d_time, Eigen::Index effects);
  // After the event: what counts as holding. What happens `again` at one time does not: it would be passed over in the end.
  void settle(std::size_t which, double g_before, const Motion& motion, const Vector& f_after, bool again);

  [[nodiscard]] const CompiledCondition& operator[](std::size_t which) const { return model_.condition_events[which]; }
  [[nodiscard]] std::size_t size() const { return model_.condition_events.size(); }

 private:
  const double* numbers(double t, const Vector& y);
  const double* derivatives(double t, const Vector& y);
  // Of one number: its slope along the moving time.
  [[nodiscard]] Vector total(const double* at, const Matrix& Y, const Vector& d_time, Eigen::Index effects) const;

  const CompiledModel& model_;
  const SegmentValues* values_ = nullptr;
  std::size_t watched_ = 0;
  std::vector<char> holds_;
  std::vector<char> leaving_;   // falls from where its event left it
  std::vector<char> entering_;  // rises from there, by rounding perhaps from below 0: it holds
  std::vector<double> numbers_, derivatives_, registers_;
};

}  // namespace titrate
