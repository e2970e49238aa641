#include "sim/steady_state.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/stable_order.hpp"
#include "base/work.hpp"
#include "sim/equilibrium.hpp"
#include "sim/inflow.hpp"

namespace titrate {

namespace {

constexpr int kMostNewtonSteps = 60;
constexpr double kNeverAtRest = 1e-10;  // of what is there, eliminated in an interval
constexpr int kMostPulses = 500;
constexpr int kCyclesBeforeNewton = 3;  // nonlinear: get near first

// Doses given before `from` that still enter along their profile: back to where what is left of one is rounding. False when that
// is never reached.
bool add_running_pulses(const CompiledModel& model, const SegmentValues& values, const Entering& e, double from, double ii,
                        Forcing& forcing) {
  Pulse pulse{e.entry->profile, e.entry->state, 0.0, e.amount, e.d_amount, e.d_lag};
  double largest = 0.0;
  for (int j = 1; j <= kMostPulses; ++j) {
    pulse.begin = from + std::fmod(e.lag, ii) - j * ii;
    const Forcing one{Vector::Zero(model.n), Matrix(model.n, 0), {pulse}};
    Vector rate = Vector::Zero(model.n);
    Inflow(model, one, values).add_rate(from, rate);
    const double now = std::abs(rate(pulse.state));
    largest = std::max(largest, now);
    if (largest > 0.0 && now <= 1e-16 * largest) return true;
    forcing.pulses.push_back(pulse);
  }
  return false;
}

// What happens between two records at steady state, at times from `from` on; the infusions that run at its start go into
// `forcing`.
std::vector<Action> cycle(const CompiledModel& model, const Schedule& schedule, const Segments& segments,
                          const ScheduledDose& dose, double from, Forcing& forcing, Failure& failure) {
  std::vector<Action> actions;
  for (const CompiledEntry& entry : model.routes[static_cast<std::size_t>(dose.route)].entries) {
    const Entering e = implied(schedule, segments, dose, entry);
    Action a;
    a.state = entry.state;
    a.profile = entry.profile;
    a.d_time = e.d_lag;
    const double phase = std::fmod(e.lag, dose.ii);
    a.time = from + phase;
    if (entry.profile >= 0 &&
        !add_running_pulses(model, segments.values(segment_at(schedule, dose.time, dose.order)), e, from, dose.ii, forcing))
      failure = {true, "the steady state of an input profile that does not fade within 500 intervals is not found", dose.time};
    if (e.rate > 0.0 && e.duration <= 0.0) continue;  // nothing is given
    if (e.rate <= 0.0) {
      a.kind = entry.sets ? Action::Kind::set_state : entry.profile >= 0 ? Action::Kind::profile_start : Action::Kind::bolus;
      a.amount = e.amount;
      a.d_amount = e.d_amount;
      actions.push_back(a);
      continue;
    }
    const int running = still_running(e.lag, e.duration, dose.ii) - static_cast<int>(std::floor(e.lag / dose.ii));
    for (int j = 0; j < running; ++j) add_infusion(forcing, entry.state, e.rate);
    if (e.d_rate.size() > 0 && forcing.d_rate.cols() > 0) forcing.d_rate.row(entry.state) += running * e.d_rate.transpose();
    a.kind = Action::Kind::infusion_start;
    a.amount = e.rate;
    a.d_amount = e.d_rate;
    actions.push_back(a);
    a.kind = Action::Kind::infusion_end;
    const double end = std::fmod(e.lag + e.duration, dose.ii);
    a.time = from + (end == 0.0 ? dose.ii : end);
    if (e.d_duration.size() > 0) a.d_time = a.d_time.size() > 0 ? Vector(a.d_time + e.d_duration) : e.d_duration;
    actions.push_back(a);
  }
  sort_stably(actions.begin(), actions.end(), [](const Action& a, const Action& b) { return a.time < b.time; });
  return actions;
}

// An infusion that never began and never ends: where nothing changes.
void rest_under_infusion(const CompiledModel& model, const Segments& segments, std::size_t segment, const ScheduledDose& dose,
                         const Carrier& carrier, int k, Motion& motion, Failure& failure) {
  Forcing constant = carrier.at_rest();
  const CompiledEntry& entry = model.routes[static_cast<std::size_t>(dose.route)].entries.front();
  const bool modelled = dose.rate <= 0.0 && entry.rate >= 0;
  constant.rate(entry.state) = modelled ? segments.event(segment, entry.rate) : dose.rate;
  if (modelled && k > 0)
    if (const Vector d_rate = segments.d_event(segment, entry.rate); d_rate.size() > 0)
      constant.d_rate.row(entry.state) = d_rate.transpose();
  motion.S = Matrix::Zero(model.n, k);
  std::vector<Eigen::Index> all(static_cast<std::size_t>(model.n));
  std::iota(all.begin(), all.end(), Eigen::Index{0});
  come_to_rest(model.states, all, segments.values(segment), constant, motion, failure);
}

// The interval of the regimen that ends at the record.
struct Interval {
  double from, until;
  Forcing running;  // what still enters from the doses before it
  std::vector<Action> actions;

  void pass(Carrier& carrier, Motion& m, Failure& failure) const {
    Forcing forcing = running;
    m.t = from;
    carrier.forget_conditions();
    const auto move_to = [&](double time) {
      if (time > m.t)
        carrier.move(
            m, time, forcing, {}, [](std::size_t, const Motion&) {}, failure);
    };
    for (const Action& action : actions) {
      move_to(action.time);
      if (failure.failed) return;
      carrier.apply(action, m, forcing);
    }
    move_to(until);
  }

  // What goes on entering after the record: also the profile of this interval's dose.
  void leave(Forcing& forcing, int k) const {
    add_infusions(forcing, running);
    if (k > 0) forcing.d_rate += running.d_rate;
    forcing.pulses = running.pulses;
    for (const Action& a : actions)
      if (a.kind == Action::Kind::profile_start)
        forcing.pulses.push_back({a.profile, a.state, a.time, a.amount, a.d_amount, a.d_time});
  }
};

// The fixed point of the interval's map and its sensitivities (the header's notation).
void repeat_itself(const Interval& interval, Carrier& carrier, bool linear, int k, Motion& motion, Failure& failure) {
  const Eigen::Index n = motion.y.size();
  Vector y = motion.y;
  if (!linear)
    for (int i = 0; i < kCyclesBeforeNewton && !failure.failed; ++i) {
      Motion m{interval.from, y, Matrix(n, 0)};
      interval.pass(carrier, m, failure);
      y = m.y;
    }
  double last = INFINITY;
  for (int i = 0; i < kMostNewtonSteps && !failure.failed; ++i) {
    Motion m{interval.from, y, Matrix::Zero(n, k + n)};
    m.S.rightCols(n).setIdentity();
    interval.pass(carrier, m, failure);
    if (failure.failed) return;
    Work::spend(500.0 + 3.0 * static_cast<double>(n * n * n));
    const Eigen::FullPivLU<Matrix> lu{Matrix(Matrix::Identity(n, n) - m.S.rightCols(n))};
    // A part that is not eliminated in 1e10 intervals (saturated elimination that just equals the input) never comes to rest.
    if (!lu.isInvertible() || (!linear && lu.matrixLU().diagonal().cwiseAbs().minCoeff() < kNeverAtRest)) {
      failure = {true, "the regimen has no steady state: what is given is not eliminated", interval.until};
      return;
    }
    const Vector step = lu.solve(Matrix(m.y - y));
    y += step;
    const double size = step.norm() / (y.norm() + 1e-300);
    // Done when the step is at rounding level, or when Newton has stopped gaining near the solver's tolerance.
    if (size < 1e-13 || (linear && i == 1) || (size < 1e-7 && size > 0.3 * last)) {
      motion.y = y;
      motion.S = Matrix::Zero(n, k);
      if (k > 0) motion.S = lu.solve(Matrix(m.S.leftCols(k)));
      return;
    }
    last = size;
  }
  if (!failure.failed) failure = {true, "the steady state was not found", interval.until};
}

}  // namespace

void steady_state(const CompiledModel& model, const Schedule& schedule, const Segments& segments, const ScheduledDose& dose,
                  Carrier& carrier, bool linear, int k, Motion& motion, Forcing& forcing, Failure& failure) {
  // Every dose of the regimen is as the record says, with the covariates of the record.
  const std::size_t segment = segment_at(schedule, dose.time, dose.order);
  carrier.hold(segment);
  if (is_constant_infusion(dose)) return rest_under_infusion(model, segments, segment, dose, carrier, k, motion, failure);
  if (dose.ii <= 0.0) {
    failure = {true, "a steady-state dose needs its interval", dose.time};
    return;
  }
  Interval interval{dose.time - dose.ii, dose.time, carrier.at_rest(), {}};
  interval.actions = cycle(model, schedule, segments, dose, interval.from, interval.running, failure);
  repeat_itself(interval, carrier, linear, k, motion, failure);
  if (!failure.failed) interval.leave(forcing, k);
}

}  // namespace titrate
