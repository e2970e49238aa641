#include "sim/timeline.hpp"

#include <algorithm>
#include <cmath>

namespace titrate {

Segments::Segments(const CompiledModel& model, const Schedule& schedule, const Vector& eta, bool sensitivities)
    : k_(model.k), sensitivities_(sensitivities) {
  const Tape& tape = sensitivities ? model.individual_sens : model.individual;
  const Tape& events = sensitivities ? model.events_sens : model.events;
  n_events_ = static_cast<int>(model.events.outputs.size());
  std::vector<double> inputs, registers;
  const double* const no_state = nullptr;
  for (const std::vector<double>& covariates : schedule.inputs) {
    inputs = covariates;
    inputs.insert(inputs.end(), eta.data(), eta.data() + eta.size());
    SegmentValues p(tape.outputs.size());
    run(tape, 0.0, no_state, inputs.data(), p.data(), registers);
    const std::size_t n_values = model.individual.outputs.size();
    ok_ = ok_ &&
          std::all_of(p.begin(), p.begin() + static_cast<std::ptrdiff_t>(n_values), [](double x) { return std::isfinite(x); });
    std::vector<double> at(events.outputs.size());
    run(events, 0.0, no_state, p.data(), at.data(), registers);
    p_.push_back(std::move(p));
    events_.push_back(std::move(at));
  }
}

Vector Segments::d_event(std::size_t segment, int which) const {
  if (!sensitivities_) return {};
  const Vector d = Eigen::Map<const Vector>(events_[segment].data() + n_events_ + which * k_, k_);
  return d.isZero(0.0) ? Vector{} : d;
}

namespace {

Vector sum(const Vector& a, const Vector& b) {
  if (a.size() == 0) return b;
  if (b.size() == 0) return a;
  return a + b;
}

Vector scaled(const Vector& a, double factor) { return a.size() == 0 ? a : Vector(a * factor); }

}  // namespace

Entering entering(const CompiledModel&, const Schedule& schedule, const Segments& segments, const ScheduledDose& dose,
                  const CompiledEntry& entry) {
  Entering e;
  e.entry = &entry;
  const std::size_t recorded = segment_at(schedule, dose.time);
  e.lag = segments.event(recorded, entry.lag);
  e.d_lag = segments.d_event(recorded, entry.lag);
  const std::size_t enters = segment_at(schedule, dose.time + e.lag);
  const double value = segments.event(enters, entry.value);
  const Vector d_value = segments.d_event(enters, entry.value);
  if (entry.sets) {
    e.amount = value;
    e.d_amount = d_value;
    return e;
  }
  e.amount = value * dose.amt;
  e.d_amount = scaled(d_value, dose.amt);
  if (dose.rate > 0.0) {
    e.rate = dose.rate;
    e.duration = e.amount / dose.rate;
    e.d_duration = scaled(e.d_amount, 1.0 / dose.rate);
  } else if (dose.dur > 0.0) {
    e.duration = dose.dur;
    e.rate = e.amount / dose.dur;
    e.d_rate = scaled(e.d_amount, 1.0 / dose.dur);
  }
  return e;
}

int still_running(double lag, double duration, double ii) {
  int count = 0;
  while ((count + 1) * ii < lag + duration) ++count;
  return count;
}

std::vector<Action> timeline(const CompiledModel& model, const Schedule& schedule, const Segments& segments) {
  std::vector<Action> actions;
  for (std::size_t i = 0; i < schedule.samples.size(); ++i) {
    Action a;
    a.kind = Action::Kind::sample;
    a.time = schedule.samples[i].time;
    a.order = schedule.samples[i].order;
    a.index = i;
    actions.push_back(a);
  }
  for (const Reset& r : schedule.resets) {
    Action a;
    a.kind = Action::Kind::reset;
    a.time = r.time;
    a.order = r.order;
    actions.push_back(a);
  }
  for (std::size_t i = 0; i < schedule.doses.size(); ++i) {
    const ScheduledDose& dose = schedule.doses[i];
    if (dose.ss > 0) {
      Action a;
      a.kind = Action::Kind::steady_state;
      a.time = dose.time;
      a.order = dose.order;
      a.index = i;
      actions.push_back(a);
    }
    if (dose.amt == 0.0 && dose.rate > 0.0) continue;  // a constant infusion to steady state, switched off at the record
    for (const CompiledEntry& entry : model.routes[static_cast<std::size_t>(dose.route)].entries) {
      const Entering e = entering(model, schedule, segments, dose, entry);
      Action a;
      a.state = entry.state;
      a.time = dose.time + e.lag;
      a.order = e.lag > 0.0 ? additional : dose.order;
      a.d_time = e.d_lag;
      a.index = i;
      if (e.rate > 0.0) {
        if (e.duration <= 0.0) continue;  // nothing is given
        a.kind = Action::Kind::infusion_start;
        a.amount = e.rate;
        a.d_amount = e.d_rate;
        actions.push_back(a);
        a.kind = Action::Kind::infusion_end;
        a.order = 0;  // after what is wanted before all, before any record
        a.d_time = sum(e.d_lag, e.d_duration);
        // Of this dose and, at steady state, of the earlier doses that still run at the record.
        const int running = dose.ss > 0 ? still_running(e.lag, e.duration, dose.ii) : 0;
        for (int j = 0; j <= running; ++j) {
          a.time = dose.time + e.lag + e.duration - j * dose.ii;
          actions.push_back(a);
        }
        continue;
      }
      a.kind = entry.sets ? Action::Kind::set_state : Action::Kind::bolus;
      a.amount = e.amount;
      a.d_amount = e.d_amount;
      actions.push_back(a);
    }
  }
  const auto rank = [](const Action& a) { return a.kind == Action::Kind::infusion_end ? 0 : 1; };
  std::stable_sort(actions.begin(), actions.end(), [&](const Action& a, const Action& b) {
    if (a.time != b.time) return a.time < b.time;
    if (a.order != b.order) return a.order < b.order;
    return rank(a) < rank(b);
  });
  return actions;
}

}  // namespace titrate
