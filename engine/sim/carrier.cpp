#include "sim/carrier.hpp"

#include <algorithm>
#include <cmath>

#include "sim/inflow.hpp"

namespace titrate {

namespace {

constexpr int kMostEvents = 20000, kMostInPlace = 200;  // of one course; within rounding of one time

double rounding_of(double t) { return 1e-10 * std::max(1.0, std::abs(t)); }

}  // namespace

void Carrier::move(Motion& motion, double until, const Forcing& forcing, std::span<const double> times, const Visit& visit,
                   Failure& failure) {
  std::size_t next = 0;
  while (motion.t < until && !failure.failed) {
    look_at_conditions(motion, forcing, failure);
    if (failure.failed) return;
    const std::size_t segment = held_.value_or(segment_after(schedule_, motion.t));
    const bool ends = !held_ && segment < schedule_.breaks.size();
    const double stop = next_interval(motion.t, ends ? std::min(until, schedule_.breaks[segment].time) : until, segment);
    const SegmentValues& p = segments_.values(segment);
    const auto last = static_cast<std::size_t>(
        std::lower_bound(times.begin() + static_cast<std::ptrdiff_t>(next), times.end(), stop) - times.begin());
    if (linear_ != nullptr) {
      for (; next < last; ++next) {
        linear_->advance(motion, times[next], p, forcing);
        visit(next, motion);
      }
      linear_->advance(motion, stop, p, forcing);
    } else {
      const std::vector<double> inside(times.begin() + static_cast<std::ptrdiff_t>(next),
                                       times.begin() + static_cast<std::ptrdiff_t>(last));
      const std::size_t first = next;
      const Visit visit_inside = [&](std::size_t i, const Motion& seen) {
        visit(first + i, seen);
        next = first + i + 1;
      };
      conditions_.set(p);
      const auto crossed = stepping_->advance(motion, stop, p, forcing, inside, visit_inside, conditions_, failure);
      if (failure.failed) return explain(failure);
      if (crossed) {
        happen(*crossed, conditions_.time_slope(*crossed, motion, rate_of_change(motion, forcing), k_), motion, forcing, failure);
        continue;
      }
    }
    for (; next < times.size() && times[next] == stop && !failure.failed; ++next) visit(next, motion);
    if (!failure.failed) happen_at_interval(motion, segment, forcing, failure);
  }
  if (!failure.failed && !motion.y.allFinite()) failure = {true, "a state became infinite or undefined", motion.t};
}

bool Carrier::read(const Motion& motion, std::size_t segment, const Forcing& forcing, const Readout& readout, std::size_t row) {
  if (linear_ == nullptr || segment != segment_at(schedule_, motion.t)) return false;
  linear_->read_here(motion, row, segments_.values(segment), forcing, readout);
  return true;
}

// Before anything moves: the conditions that hold are noted, or, after an action, what it made true happens.
void Carrier::look_at_conditions(Motion& motion, const Forcing& forcing, Failure& failure) {
  if (!conditions_.any()) return;
  conditions_.set(segments_.values(held_.value_or(segment_after(schedule_, motion.t))));
  if (!watching_) conditions_.pass(motion.t, motion.y);
  watching_ = true;
  while (disturbed_ && !failure.failed) {
    const auto which = conditions_.risen(motion.t, motion.y);
    if (!which) disturbed_ = false;
    if (which) happen(*which, action_d_time_, motion, forcing, failure);
  }
}

void Carrier::happen(std::size_t which, const Vector& d_time, Motion& motion, const Forcing& forcing, Failure& failure) {
  const bool here = happened_ > 0 && motion.t - last_happened_ <= rounding_of(motion.t);
  const bool again = here && last_event_ == conditions_[which].name;
  last_event_ = conditions_[which].name;
  in_place_ = here ? in_place_ + 1 : 0;
  last_happened_ = motion.t;
  if (++happened_ > kMostEvents || in_place_ > kMostInPlace) {
    failure = {true, "the event '" + conditions_[which].name + "' happens again and again", motion.t};
    return;
  }
  Vector d = Vector::Zero(motion.S.cols());
  d.head(std::min(d.size(), d_time.size())) = d_time.head(std::min(d.size(), d_time.size()));
  if (!d.allFinite()) {
    failure = {true, "the event '" + conditions_[which].name + "' is met without crossing: its time has no derivative", motion.t};
    return;
  }
  if (conditions_.broken(which, motion.t, motion.y)) {
    failure = {true, "a probability of '" + conditions_[which].name + "' became negative", motion.t};
    return;
  }
  const double g = conditions_[which].compares ? conditions_.g(which, motion.t, motion.y) : 0.0;
  conditions_.set_states(which, motion, rate_of_change(motion, forcing), d, k_);
  if (!motion.y.allFinite()) {
    failure = {true, "the event '" + conditions_[which].name + "' sets a state to a value that is not finite", motion.t};
    return;
  }
  const Vector after = rate_of_change(motion, forcing);
  if (motion.S.cols() > 0) motion.S -= after * d.transpose();
  conditions_.settle(which, g, motion, after, again);
  disturbed_ = true;
  action_d_time_ = d;
}

// A step that cannot become small enough just after many events: they come ever faster.
void Carrier::explain(Failure& failure) const {
  if (in_place_ > 0 && failure.at - last_happened_ <= rounding_of(failure.at))
    failure.why = "the event '" + last_event_ + "' happens again and again";
}

double Carrier::next_interval(double t, double until, std::size_t segment) const {
  double next = until;
  for (std::size_t i = 0; i < conditions_.size(); ++i) {
    if (conditions_[i].every < 0) continue;
    const double every = segments_.event(segment, conditions_[i].every);
    if (!(every > 0.0)) continue;
    const double count = std::floor((t - schedule_.start) / every + 1e-9) + 1.0;
    next = std::min(next, schedule_.start + count * every);
  }
  return next;
}

void Carrier::happen_at_interval(Motion& motion, std::size_t segment, const Forcing& forcing, Failure& failure) {
  for (std::size_t i = 0; i < conditions_.size() && !failure.failed; ++i) {
    if (conditions_[i].every < 0) continue;
    const double every = segments_.event(segment, conditions_[i].every), since = motion.t - schedule_.start;
    if (!(every > 0.0)) {
      failure = {true, "the interval of the event '" + conditions_[i].name + "' is not positive", motion.t};
      return;
    }
    const double count = std::round(since / every);
    if (count < 1.0 || std::abs(since - count * every) > 1e-9 * every) continue;
    conditions_.set(segments_.values(segment));
    if (conditions_[i].compares && !(conditions_.g(i, motion.t, motion.y) > 0.0)) continue;
    const Vector d_every = k_ > 0 ? segments_.d_event(segment, conditions_[i].every) : Vector{};
    happen(i, d_every.size() > 0 ? Vector(count * d_every) : d_every, motion, forcing, failure);
  }
}

void Carrier::rate_of_change(const Motion& motion, const Forcing& forcing, Vector& dy) {
  dy.resize(system_.n);
  const SegmentValues& values = segments_.values(held_.value_or(segment_at(schedule_, motion.t)));
  run(system_.rhs, motion.t, motion.y.data(), values.p.data(), dy.data(), registers_);
  dy += forcing.rate;
  Inflow(model_, forcing, values).add_rate(motion.t, dy);
}

void Carrier::apply(const Action& a, Motion& motion, Forcing& forcing) {
  using Kind = Action::Kind;
  const bool sensitive = motion.S.cols() > 0 && k_ > 0;
  const bool moves = sensitive && a.d_time.size() > 0;
  disturbed_ = watching_;
  if (disturbed_) action_d_time_ = a.d_time;
  const Vector before = moves ? rate_of_change(motion, forcing) : Vector{};
  switch (a.kind) {
    case Kind::bolus:
      motion.y(a.state) += a.amount;
      if (sensitive && a.d_amount.size() > 0) motion.S.row(a.state).head(k_) += a.d_amount.transpose();
      break;
    case Kind::set_state:
      // The state forgets: what it was, and how it depended on anything, goes.
      motion.y(a.state) = a.amount;
      if (motion.S.cols() > 0) motion.S.row(a.state).setZero();
      if (sensitive && a.d_amount.size() > 0) motion.S.row(a.state).head(k_) = a.d_amount.transpose();
      break;
    case Kind::infusion_start:
    case Kind::infusion_end: {
      const double sign = a.kind == Kind::infusion_start ? 1.0 : -1.0;
      add_infusion(forcing, a.state, sign * a.amount);
      if (sensitive && a.d_amount.size() > 0) forcing.d_rate.row(a.state) += sign * a.d_amount.transpose();
      if (sensitive && forcing.rate(a.state) == 0.0) forcing.d_rate.row(a.state).setZero();
      break;
    }
    case Kind::profile_start:
      if (!held_) drop_faded(model_, schedule_, segments_, motion.t, forcing);
      forcing.pulses.push_back({a.profile, a.state, motion.t, a.amount, a.d_amount, a.d_time});
      Inflow(model_, forcing, segments_.values(held_.value_or(segment_after(schedule_, motion.t))))
          .begin(forcing.pulses.back(), motion, k_);
      break;
    default:
      return;
  }
  if (!moves) return;
  const Vector after = rate_of_change(motion, forcing);
  for (Eigen::Index i = 0; i < motion.S.rows(); ++i) {
    const double jump = a.kind == Kind::set_state && i == a.state ? after(i) : after(i) - before(i);
    motion.S.row(i).head(k_) -= jump * a.d_time.transpose();
  }
}

}  // namespace titrate
