#include "sim/conditions.hpp"

#include <algorithm>

namespace titrate {

using Eigen::Index;

Conditions::Conditions(const CompiledModel& model)
    : model_(model),
      holds_(model.condition_events.size(), 0),
      leaving_(model.condition_events.size(), 0),
      entering_(model.condition_events.size(), 0),
      numbers_(model.conditions.outputs.size()),
      derivatives_(model.conditions_sens.outputs.size()) {
  for (const CompiledCondition& c : model.condition_events) watched_ += c.compares && c.every < 0 ? 1 : 0;
}

const double* Conditions::numbers(double t, const Vector& y) {
  run(model_.conditions, t, y.data(), values_->p.data(), numbers_.data(), registers_);
  return numbers_.data();
}

const double* Conditions::derivatives(double t, const Vector& y) {
  run(model_.conditions_sens, t, y.data(), values_->p.data(), derivatives_.data(), registers_);
  return derivatives_.data();
}

double Conditions::g(std::size_t which, double t, const Vector& y) { return numbers(t, y)[model_.condition_events[which].first]; }

void Conditions::pass(double t, const Vector& y) {
  const double* const at = numbers(t, y);
  for (std::size_t i = 0; i < size(); ++i) {
    const CompiledCondition& c = model_.condition_events[i];
    holds_[i] = c.compares && at[c.first] > 0.0;
    leaving_[i] = entering_[i] = 0;
  }
}

void Conditions::note_falls(double t, const Vector& y) {
  const double* const at = numbers(t, y);
  for (std::size_t i = 0; i < size(); ++i)
    if (entering_[i] == 0 && !(at[model_.condition_events[i].first] > 0.0)) holds_[i] = leaving_[i] = 0;
}

std::optional<std::size_t> Conditions::risen(double t, const Vector& y) {
  const double* const at = numbers(t, y);
  for (std::size_t i = 0; i < size(); ++i) {
    const CompiledCondition& c = model_.condition_events[i];
    if (!c.compares || c.every >= 0 || leaving_[i] != 0 || entering_[i] != 0) continue;
    if (holds_[i] == 0 && at[c.first] > 0.0) return i;
    holds_[i] = at[c.first] > 0.0;
  }
  return std::nullopt;
}

Vector Conditions::time_slope(std::size_t which, const Motion& motion, const Vector& f, Index effects) {
  if (motion.S.cols() == 0) return {};
  const Index n = model_.n;
  const double* const at =
      derivatives(motion.t, motion.y) + model_.condition_events[which].first * static_cast<int>(2 + n + model_.effects());
  const Eigen::Map<const Vector> g_y(at + 2, n);
  const Vector zero = Vector::Zero(motion.S.cols());
  const Vector slope = total(at, motion.S.topRows(n), zero, effects);
  return -slope / (at[1] + g_y.dot(f.head(n)));
}

Vector Conditions::total(const double* at, const Matrix& Y, const Vector& d_time, Index effects) const {
  const Index n = model_.n;
  Vector slope = Y.transpose() * Eigen::Map<const Vector>(at + 2, n) + at[1] * d_time;
  for (std::size_t j = 0; j < values_->columns.size(); ++j)
    if (const Index column = values_->columns[j]; column >= 0 && column < effects)
      slope(column) += at[2 + n + static_cast<Index>(j)];
  return slope;
}

bool Conditions::broken(std::size_t which, double t, const Vector& y) {
  const CompiledCondition& c = model_.condition_events[which];
  const double* const after_values =
      numbers(t, y) + c.first + (c.compares ? 1 : 0) + static_cast<std::ptrdiff_t>(c.states.size());
  return std::any_of(after_values, after_values + c.not_negative, [](double x) { return !(x >= -1e-9); });
}

void Conditions::set_states(std::size_t which, Motion& motion, const Vector& f, const Vector& d_time, Index effects) {
  const CompiledCondition& c = model_.condition_events[which];
  const auto stride = static_cast<std::size_t>(2 + model_.n + model_.effects());
  const double* const all = derivatives(motion.t, motion.y);
  const auto number = [&](std::size_t j) {
    return all + (static_cast<std::size_t>(c.first + (c.compares ? 1 : 0)) + j) * stride;
  };
  if (motion.S.cols() > 0) motion.S += f * d_time.transpose();
  const Matrix Y = motion.S.topRows(model_.n);
  for (std::size_t j = 0; j < c.states.size(); ++j) {
    motion.y(c.states[j]) = number(j)[0];
    if (motion.S.cols() > 0) motion.S.row(c.states[j]) = total(number(j), Y, d_time, effects).transpose();
  }
}

void Conditions::settle(std::size_t which, double g_before, const Motion& motion, const Vector& f_after, bool again) {
  const double* const now = numbers(motion.t, motion.y);
  for (std::size_t i = 0; i < size(); ++i) {
    const CompiledCondition& c = model_.condition_events[i];
    if (!c.compares || i == which) continue;
    if (now[c.first] <= 0.0) holds_[i] = entering_[i] = 0;  // one that has risen with this event happens next
  }
  const CompiledCondition& c = model_.condition_events[which];
  if (!c.compares) return;
  const double g_after = now[c.first];
  leaving_[which] = entering_[which] = 0;
  if (g_after != g_before) {
    holds_[which] = g_after > 0.0;
    return;
  }
  const double* const at = derivatives(motion.t, motion.y) + c.first * static_cast<int>(2 + model_.n + model_.effects());
  const double slope = at[1] + Eigen::Map<const Vector>(at + 2, model_.n).dot(f_after.head(model_.n));
  holds_[which] = slope >= 0.0 && !again;
  leaving_[which] = holds_[which] == 0;
  entering_[which] = slope > 0.0 && !again;
}

}  // namespace titrate
