#include "sim/timeline.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "base/work.hpp"

namespace titrate {

Segments::Segments(const CompiledModel& model, const Schedule& schedule, Individual& individual, bool sensitivities)
    : K_(schedule.effects.size),
      local_(model.effects()),
      n_events_(static_cast<int>(model.events.outputs.size())),
      sensitivities_(sensitivities) {
  all_.reserve(schedule.inputs.size());
  for (std::size_t segment = 0; segment < schedule.inputs.size(); ++segment) {
    const int first_kappa = schedule.effects.kappa_column(schedule.occasion[segment]);
    all_.push_back(&individual.under(schedule.inputs[segment], first_kappa, sensitivities));
    ok_ = ok_ && all_.back()->finite;
  }
}

Vector Segments::spread(std::size_t segment, const double* local) const {
  Vector all = Vector::Zero(K_);
  const std::vector<Eigen::Index>& columns = all_[segment]->values.columns;
  for (std::size_t j = 0; j < columns.size(); ++j)
    if (columns[j] >= 0) all(columns[j]) = local[j];
  return all;
}

Vector Segments::d_event(std::size_t segment, int which) const {
  if (!sensitivities_) return {};
  const double* const local = all_[segment]->events.data() + n_events_ + which * local_;
  if (std::all_of(local, local + local_, [](double d) { return d == 0.0; })) return {};
  return spread(segment, local);
}

namespace {

Vector sum(const Vector& a, const Vector& b) {
  if (a.size() == 0) return b;
  if (b.size() == 0) return a;
  return a + b;
}

constexpr double shortest_infusion = 1e-6;  // h

Vector scaled(const Vector& a, double factor) { return a.size() == 0 ? a : Vector(a * factor); }

}  // namespace

Entering entering(const Schedule& schedule, const Segments& segments, const ScheduledDose& dose, const CompiledEntry& entry) {
  Entering e;
  e.entry = &entry;
  const std::size_t recorded = segment_at(schedule, dose.time, dose.order);
  e.lag = segments.event(recorded, entry.lag);
  e.d_lag = segments.d_event(recorded, entry.lag);
  // At steady state all doses are alike: what the record says holds.
  const bool later = e.lag > 0.0 && dose.ss == 0;
  const std::size_t enters = later ? segment_at(schedule, dose.time + e.lag, additional) : recorded;
  const double value = segments.event(enters, entry.value);
  const Vector d_value = segments.d_event(enters, entry.value);
  if (entry.sets) {
    e.amount = value;
    e.d_amount = d_value;
    return e;
  }
  e.amount = value * dose.amt;
  e.d_amount = scaled(d_value, dose.amt);
  if (dose.rate > 0.0 || (entry.rate >= 0 && dose.dur <= 0.0)) {
    const bool given = dose.rate > 0.0;
    e.rate = given ? dose.rate : segments.event(enters, entry.rate);
    if (!given) e.d_rate = segments.d_event(enters, entry.rate);
    e.ok = e.rate > 0.0;
    e.duration = e.amount / e.rate;
    e.d_duration = sum(scaled(e.d_amount, 1.0 / e.rate), scaled(e.d_rate, -e.duration / e.rate));
  } else if (dose.dur > 0.0 || entry.duration >= 0) {
    const bool given = dose.dur > 0.0;
    e.duration = given ? dose.dur : segments.event(enters, entry.duration);
    if (!given) e.d_duration = segments.d_event(enters, entry.duration);
    e.ok = e.duration > 0.0;
    e.rate = e.amount / e.duration;
    e.d_rate = sum(scaled(e.d_amount, 1.0 / e.duration), scaled(e.d_duration, -e.rate / e.duration));
  }
  // Given at once: the clock rounds such a length by more than what flows out during it.
  if (e.duration > 0.0 && e.duration < std::max(shortest_infusion, 1e-9 * std::abs(dose.time + e.lag))) {
    e.rate = e.duration = 0.0;
    e.d_rate = e.d_duration = Vector{};
  }
  return e;
}

int still_running(double lag, double duration, double ii) {
  int count = 0;
  while ((count + 1) * ii < lag + duration) ++count;
  return count;
}

namespace {

// More doses of a regimen without beginning than can sensibly be under way at one time.
constexpr double kMostUnderWay = 1000.0;

// What one entry of one dose does, and when.
void add_entry(const ScheduledDose& dose, std::size_t index, const CompiledEntry& entry, const Entering& e,
               std::vector<Action>& actions) {
  using Kind = Action::Kind;
  Action a;
  a.state = entry.state;
  a.time = dose.time + e.lag;
  a.order = e.lag > 0.0 ? additional : dose.order;
  a.d_time = e.d_lag;
  a.index = index;
  // At steady state with a lag longer than the interval, earlier doses of the regimen are still to enter after the record.
  const auto enter = [&] {
    actions.push_back(a);
    const int to_come = dose.ss > 0 ? static_cast<int>(std::floor(e.lag / dose.ii)) : 0;
    for (int j = 1; j <= to_come; ++j) {
      actions.push_back(a);
      actions.back().time = std::max(dose.time, a.time - j * dose.ii);
    }
  };
  if (e.rate > 0.0) {
    if (e.duration <= 0.0) return;  // nothing is given
    a.kind = Kind::infusion_start;
    a.amount = e.rate;
    a.d_amount = e.d_rate;
    enter();
    a.kind = Kind::infusion_end;
    a.order = 0;  // after what is wanted before all, before any record
    a.d_time = sum(e.d_lag, e.d_duration);
    // Of this dose and, at steady state, of the earlier doses that still run at the record or are still to enter.
    const int running = dose.ss > 0 ? still_running(e.lag, e.duration, dose.ii) : 0;
    for (int j = 0; j <= running; ++j) {
      a.time = dose.time + e.lag + e.duration - j * dose.ii;
      actions.push_back(a);
    }
    return;
  }
  a.kind = entry.sets ? Kind::set_state : entry.profile >= 0 ? Kind::profile_start : Kind::bolus;
  a.profile = entry.profile;
  a.amount = e.amount;
  a.d_amount = e.d_amount;
  enter();
}

int rank(const Action& a) { return a.kind == Action::Kind::infusion_end ? 0 : 1; }

}  // namespace

Moments::Moments(const Schedule& schedule, const Vector& eta) {
  time.reserve(schedule.samples.size());
  row.resize(schedule.samples.size());
  std::iota(row.begin(), row.end(), std::size_t{0});
  Work::spend(10.0 * static_cast<double>(row.size()));
  bool moved = false;
  for (const Sample& sample : schedule.samples) {
    time.push_back(sample.time + (sample.shift < 0 ? 0.0 : eta(sample.shift)));
    moved = moved || sample.shift >= 0;
  }
  if (!moved) return;
  const std::vector<double> at = time;
  std::stable_sort(row.begin(), row.end(), [&](std::size_t a, std::size_t b) {
    if (at[a] != at[b]) return at[a] < at[b];
    return schedule.samples[a].order < schedule.samples[b].order;
  });
  for (std::size_t i = 0; i < row.size(); ++i) time[i] = at[row[i]];
}

bool happens_before(const Action& action, double time, int order) {
  if (action.time != time) return action.time < time;
  return action.order < order || (action.order == order && rank(action) == 0);
}

std::vector<Action> timeline(const CompiledModel& model, const Schedule& schedule, const Segments& segments, Failure& failure) {
  Work::spend(500.0 * static_cast<double>(schedule.doses.size() + schedule.resets.size()));
  std::vector<Action> actions;
  actions.reserve(schedule.resets.size() + 3 * schedule.doses.size());
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
      const Entering e = entering(schedule, segments, dose, entry);
      if (!e.ok) failure = {true, "the rate or duration that the model gives to a dose is not positive", dose.time};
      if (dose.ss > 0 && dose.ii <= 0.0) continue;  // refused where its steady state is sought
      if (dose.ss > 0 && !(e.lag + e.duration < kMostUnderWay * dose.ii)) {
        failure = {true, "at steady state more than 1000 doses would be under way at once", dose.time};
        continue;
      }
      add_entry(dose, i, entry, e, actions);
    }
  }
  const auto before = [](const Action& a, const Action& b) {
    if (a.time != b.time) return a.time < b.time;
    if (a.order != b.order) return a.order < b.order;
    return rank(a) < rank(b);
  };
  std::stable_sort(actions.begin(), actions.end(), before);
  return actions;
}

}  // namespace titrate
