#include "sim/solve_stepping.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/work.hpp"

namespace titrate {

namespace {

constexpr int kSignsOfStiffness = 15, kSignsAgainst = 6;
constexpr double shortest = 4 * std::numeric_limits<double>::epsilon();
// An implicit step costs about three explicit ones, so it has to be longer than those that would be stable.
constexpr double kWorthwhile = 2.0;

}  // namespace

bool SteppingSolver::begin() {
  if (memory_.stiff && implicit_.begin(equations_, z_, t_)) return true;
  if (memory_.stiff && solver_ == Solver::rosenbrock) return false;
  memory_.stiff = false;
  return explicit_.begin(equations_, z_, t_);
}

// The largest costs of an attempt: its evaluations, the products and sums of its stages, one factorisation.
double SteppingSolver::cost() const {
  const auto n = static_cast<double>(equations_.states()), size = static_cast<double>(equations_.size());
  if (!memory_.stiff) return 6.0 * equations_.cost() + 30.0 * size;
  return 200.0 + 8.0 * (equations_.cost() + equations_.curvature_cost()) + size * (60.0 + 4.0 * n) + n * n * (2.0 + n / 6.0);
}

bool SteppingSolver::attempt(double h) {
  Work::spend(cost());
  if (memory_.stiff) return implicit_.attempt(equations_, z_, t_, h, z_new_, error_);
  explicit_.attempt(equations_, z_, t_, h, z_new_, error_);
  return true;
}

void SteppingSolver::interpolate(double t, Values& out) {
  if (memory_.stiff)
    implicit_.interpolate(z_, z_new_, t, out);
  else
    explicit_.interpolate(z_, z_new_, t, out);
}

void SteppingSolver::weigh() {
  const auto n = static_cast<std::size_t>(equations_.states());
  const std::size_t effects = n * static_cast<std::size_t>(1 + equations_.effects());
  for (std::size_t i = 0; i < z_.size(); ++i) {
    double size = std::max(std::abs(z_[i]), std::abs(z_new_[i]));
    if (i >= n && i < effects) size = std::max(size, std::abs(z_[i % n]));
    weight_[i] = tolerance_.atol + tolerance_.rtol * size;
  }
}

double SteppingSolver::size_of_error() const {
  double largest = 0.0;
  for (std::size_t i = 0; i < error_.size(); ++i) {
    const double e = std::abs(error_[i]) / weight_[i];
    if (!(e <= largest)) largest = e;  // NaN too
    if (std::isnan(largest)) return largest;
  }
  return largest;
}

// Hairer, Norsett & Wanner, Solving ODEs I, II.4: a first step from the sizes of the state and its derivative.
double SteppingSolver::first_step(double span) {
  const Values& slope = memory_.stiff ? implicit_.slope() : explicit_.slope();
  double d0 = 0.0, d1 = 0.0;
  for (std::size_t i = 0; i < z_.size(); ++i) {
    const double size = tolerance_.atol + tolerance_.rtol * std::abs(z_[i]);
    d0 = std::max(d0, std::abs(z_[i]) / size);
    d1 = std::max(d1, std::abs(slope[i]) / size);
  }
  if (d0 < 1e-5 || d1 < 1e-5) return memory_.h > 0.0 ? memory_.h : 1e-6 * span;
  const double h = 0.01 * d0 / d1;
  return memory_.h > 0.0 ? std::min(h, memory_.h) : h;
}

double SteppingSolver::step(double most, double smallest, Failure& failure) {
  const auto fail = [&](const char* why) {
    failure = {true, why, t_};
    return 0.0;
  };
  bool rejected = false, negative = false;
  while (true) {
    if (memory_.count.explicit_steps + memory_.count.implicit_steps + memory_.count.rejected >= tolerance_.max_steps)
      return fail("the solver needed more steps than allowed");
    const bool arrives = memory_.h >= 0.99 * most || most <= smallest;  // two events that differ by rounding alone
    const double h = arrives ? most : memory_.h;
    if (h < smallest && !arrives)
      return fail(negative ? "a state that may not be negative would become so" : "the step size became too small");
    double e = std::numeric_limits<double>::infinity();
    if (attempt(h)) {
      weigh();
      e = size_of_error();
    }
    if (!std::isfinite(e)) {
      ++memory_.count.rejected;
      rejected = true;
      memory_.h = 0.2 * h;
      continue;
    }
    negative = e <= 1.0 && below_zero();
    if (negative) {
      ++memory_.count.rejected;
      rejected = true;
      memory_.h = 0.5 * h;
      continue;
    }
    const double exponent = -1.0 / (memory_.stiff ? ImplicitStep::order : ExplicitStep::order);
    const double proposed = h * std::clamp(0.9 * std::pow(std::max(e, 1e-12), exponent), 0.2, rejected ? 1.0 : 6.0);
    if (e <= 1.0) {
      memory_.h = arrives ? std::max(memory_.h, proposed) : proposed;  // a step cut short says little about the next
      return h;
    }
    ++memory_.count.rejected;
    rejected = true;
    memory_.h = proposed;
  }
}

void SteppingSolver::measure_stiffness(double h) {
  if (solver_ != Solver::automatic) return;
  const auto n = static_cast<std::size_t>(equations_.states());
  if (!memory_.stiff) {
    if (explicit_.stiffness(z_new_, weight_, n) > ExplicitStep::near_unstable) {
      memory_.signs_against = 0;
      if (++memory_.signs_of_stiffness < kSignsOfStiffness) return;
      memory_.stiff = true;
      memory_.signs_of_stiffness = memory_.signs_against = 0;
    } else if (++memory_.signs_against >= kSignsAgainst) {
      memory_.signs_of_stiffness = memory_.signs_against = 0;
    }
    return;
  }
  memory_.signs_against = h * implicit_.fastest_rate(equations_) < kWorthwhile ? memory_.signs_against + 1 : 0;
  if (memory_.signs_against < memory_.patience) return;
  memory_.stiff = false;
  memory_.patience *= 2;
  memory_.signs_of_stiffness = memory_.signs_against = 0;
  explicit_.restart();
}

void SteppingSolver::finish_step(double h) {
  ++(memory_.stiff ? memory_.count.implicit_steps : memory_.count.explicit_steps);
  const bool was_stiff = memory_.stiff;
  measure_stiffness(h);
  if (!was_stiff && !memory_.stiff) explicit_.accept();
  implicit_.restart();
  z_.swap(z_new_);
}

bool SteppingSolver::below_zero() const {
  const std::vector<int>& guarded = equations_.non_negative();
  return std::any_of(guarded.begin(), guarded.end(),
                     [&](int i) { return z_new_[static_cast<std::size_t>(i)] < -tolerance_.atol; });
}

const Vector& SteppingSolver::states_at(double t) {
  interpolate(t, seen_);
  equations_.unpack(seen_, t, y_);
  return y_;
}

double SteppingSolver::locate(Conditions& conditions, std::size_t which, double from, double to) {
  for (int i = 0; i < 60 && to - from > shortest * std::abs(to); ++i) {
    const double middle = from + 0.5 * (to - from);
    (conditions.g(which, middle, states_at(middle)) > 0.0 ? to : from) = middle;
  }
  return to;
}

std::optional<std::size_t> SteppingSolver::first_crossing(Conditions& conditions, double& h) {
  if (!conditions.any()) return std::nullopt;
  g_.resize(conditions.size());
  for (std::size_t part = 0; part <= rise_parts; ++part) {
    const double at = t_ + h * static_cast<double>(part) / rise_parts;
    states_at(at);
    for (std::size_t i = 0; i < conditions.size(); ++i)
      if (conditions.watched(i)) g_[i][part] = conditions.g(i, at, y_);
  }
  std::optional<std::size_t> first;
  double earliest = t_ + h;
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    if (!conditions.watched(i)) continue;
    const auto above_at = [&](double part) { return conditions.g(i, t_ + h * part, states_at(t_ + h * part)) > 0.0; };
    if (!conditions.holds(i)) g_[i].front() = std::min(g_[i].front(), 0.0);  // left by its event, above 0 by rounding
    const auto rise = first_rise(g_[i], conditions.holds(i), above_at);
    if (!rise) continue;
    const double by = std::max(h * rise->by, std::min(h, shortest * std::abs(t_)));  // what the clock can tell apart
    const double where = locate(conditions, i, t_ + h * rise->after, t_ + by);
    if (first && where >= earliest) continue;
    first = i;
    earliest = where;
  }
  if (!first) {
    conditions.pass(t_ + h, states_at(t_ + h));
    return std::nullopt;
  }
  h = earliest - t_;
  end_at_crossing(conditions, *first, h);
  conditions.note_falls(t_ + h, states_at(t_ + h));
  return first;
}

// The dense output has an error of the tolerance's size; a step that ends at the crossing has the method's own.
void SteppingSolver::end_at_crossing(Conditions& conditions, std::size_t which, double& h) {
  const double small = 1e-4 * h, rate = (conditions.g(which, t_ + h, states_at(t_ + h)) -
                                         conditions.g(which, t_ + h - small, states_at(t_ + h - small))) /
                                        small;
  for (int i = 0; i < 4; ++i) {
    if (!attempt(h)) return;
    equations_.unpack(z_new_, t_ + h, y_);
    const double correction = rate > 0.0 ? -conditions.g(which, t_ + h, y_) / rate : 0.0;
    if (std::abs(correction) <= 2 * std::numeric_limits<double>::epsilon() * (t_ + h) || std::abs(correction) > 0.1 * h) return;
    h += correction;
  }
  (void)attempt(h);
}

std::optional<std::size_t> SteppingSolver::advance(Motion& motion, double until, const SegmentValues& p, const Forcing& forcing,
                                                   const std::vector<double>& times, const Visit& visit, Conditions& conditions,
                                                   Failure& failure) {
  equations_.set(p, forcing, motion.S.cols());
  equations_.pack(motion, z_);
  for (Values* values : {&z_new_, &error_, &weight_, &seen_}) values->resize(z_.size());
  t_ = motion.t;
  explicit_.restart();
  implicit_.restart();
  const double begun = t_;
  std::size_t next = 0;
  std::optional<std::size_t> crossed;
  for (bool first = true; t_ < until && !crossed; first = false) {
    const double smallest = 16 * std::numeric_limits<double>::epsilon() * std::abs(t_) + 1e-24 * (until - begun);
    if (until - t_ <= smallest) break;
    if (!begin()) {
      failure = {true, "a rate of change or its derivative is infinite or undefined", t_};
      return std::nullopt;
    }
    if (first && memory_.h < 1e3 * smallest)
      memory_.h = 0.0;  // of a stretch between two events that differ by rounding: it says nothing
    // A state that starts at 0 with a large slope would ask for less than the clock can tell apart.
    if (first) memory_.h = std::min(std::max(first_step(until - t_), 16 * smallest), until - t_);
    const double longest = std::max(equations_.longest_step(t_), 16 * smallest);
    double h = step(std::min(until - t_, longest), smallest, failure);
    if (failure.failed) return std::nullopt;
    const bool arrived = h == until - t_;
    crossed = first_crossing(conditions, h);
    const double end = arrived && !crossed ? until : t_ + h;
    for (; next < times.size() && times[next] <= end; ++next) {
      interpolate(times[next], seen_);
      equations_.unpack(seen_, times[next], motion);
      visit(next, motion);
    }
    finish_step(h);
    t_ = end;
  }
  equations_.unpack(z_, crossed ? t_ : until, motion);
  for (; !crossed && next < times.size(); ++next) visit(next, motion);
  return crossed;
}

}  // namespace titrate
