#include "sim/carrier.hpp"

#include <algorithm>

#include "sim/inflow.hpp"

namespace titrate {

void Carrier::move(Motion& motion, double until, const Forcing& forcing, const std::vector<double>& times, const Visit& visit,
                   Failure& failure) {
  std::size_t next = 0;
  while (motion.t < until && !failure.failed) {
    const std::size_t segment = held_.value_or(segment_after(schedule_, motion.t));
    const bool ends = !held_ && segment < schedule_.breaks.size();
    const double stop = ends ? std::min(until, schedule_.breaks[segment].time) : until;
    const SegmentValues& p = segments_.values(segment);
    std::size_t last = next;
    while (last < times.size() && times[last] < stop) ++last;
    if (exact_) {
      for (; next < last; ++next) {
        linear_.advance(motion, times[next], segment, p, forcing);
        visit(next, motion);
      }
      linear_.advance(motion, stop, segment, p, forcing);
    } else {
      const std::vector<double> inside(times.begin() + static_cast<std::ptrdiff_t>(next),
                                       times.begin() + static_cast<std::ptrdiff_t>(last));
      const std::size_t first = next;
      const Visit visit_inside = [&](std::size_t i, const Motion& seen) { visit(first + i, seen); };
      stepping_.advance(motion, stop, p, forcing, inside, visit_inside, failure);
      next = last;
    }
    for (; next < times.size() && times[next] == stop && !failure.failed; ++next) visit(next, motion);
  }
  if (!failure.failed && !motion.y.allFinite()) failure = {true, "a state became infinite or undefined", motion.t};
}

Vector Carrier::rate_of_change(const Motion& motion, const Forcing& forcing) {
  Vector dy(system_.n);
  const SegmentValues& values = segments_.values(held_.value_or(segment_at(schedule_, motion.t)));
  run(system_.rhs, motion.t, motion.y.data(), values.p.data(), dy.data(), registers_);
  dy += forcing.rate;
  Inflow(model_, forcing, values).add_rate(motion.t, dy);
  return dy;
}

void Carrier::apply(const Action& a, Motion& motion, Forcing& forcing) {
  using Kind = Action::Kind;
  const bool sensitive = motion.S.cols() > 0 && k_ > 0;
  const bool moves = sensitive && a.d_time.size() > 0;
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
      forcing.rate(a.state) += sign * a.amount;
      if (sensitive && a.d_amount.size() > 0) forcing.d_rate.row(a.state) += sign * a.d_amount.transpose();
      break;
    }
    case Kind::profile_start:
      forcing.pulses.push_back({a.profile, a.state, motion.t, a.amount, a.d_amount, a.d_time});
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
