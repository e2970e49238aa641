#include "sim/timeline.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>

#include "base/stable_order.hpp"
#include "base/work.hpp"
#include "patient/same_times.hpp"

namespace titrate {

Segments::Segments(const CompiledModel& model, const Schedule& schedule, bool sensitivities)
    : schedule_(schedule),
      all_(schedule.inputs.size(), nullptr),
      K_(schedule.effects.size),
      local_(model.effects()),
      n_events_(static_cast<int>(model.events.outputs.size())),
      sensitivities_(sensitivities) {}

void Segments::set(Individual& individual) {
  ok_ = true;
  const bool known = place_ == individual.place();
  for (std::size_t segment = 0; segment < all_.size(); ++segment) {
    if (known) {
      individual.renew(*all_[segment]);
    } else {
      const int first_kappa = schedule_.effects.kappa_column(schedule_.occasion[segment]);
      all_[segment] = &individual.under(schedule_.inputs[segment], first_kappa, sensitivities_);
    }
    ok_ = ok_ && all_[segment]->finite;
  }
  if (!known) place_ = individual.place();
}

Vector Segments::spread(std::size_t segment, const double* local) const {
  Vector all = Vector::Zero(K_);
  add_spread(segment, local, all);
  return all;
}

Vector Segments::d_event(std::size_t segment, int which) const {
  if (!sensitivities_) return {};
  const double* const local = all_[segment]->events.data() + n_events_ + which * local_;
  if (std::all_of(local, local + local_, [](double d) { return d == 0.0; })) return {};
  return spread(segment, local);
}

bool Segments::move_timeline(std::vector<double>& known) const {
  bool moved = false;
  std::size_t next = 0;
  for (const auto* const segment : all_) {
    const std::vector<double>& now = segment->events;
    if (known.size() < next + now.size()) known.resize(next + now.size(), std::numeric_limits<double>::quiet_NaN());
    const auto before = known.begin() + static_cast<std::ptrdiff_t>(next);
    if (!std::equal(now.begin(), now.end(), before)) {
      std::copy(now.begin(), now.end(), before);
      moved = true;
    }
    next += now.size();
  }
  return moved;
}

namespace {

Vector sum(const Vector& a, const Vector& b) {
  if (a.size() == 0) return b;
  if (b.size() == 0) return a;
  return a + b;
}

constexpr double shortest_infusion = 1e-6;  // h

Vector scaled(const Vector& a, double factor) { return a.size() == 0 ? a : Vector(a * factor); }

// The amount of a dose as an infusion.
void at_rate(double rate, Vector d_rate, Entering& e) {
  e.rate = rate;
  e.d_rate = std::move(d_rate);
  e.ok = e.rate > 0.0;
  e.duration = e.amount / e.rate;
  e.d_duration = sum(scaled(e.d_amount, 1.0 / e.rate), scaled(e.d_rate, -e.duration / e.rate));
}

// What a dose that enters in a segment gives; `e` holds its lag.
Entering given_in(std::size_t enters, const Segments& segments, const ScheduledDose& dose, const CompiledEntry& entry,
                  Entering e) {
  e.segment = enters;
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
    e.modelled_rate = dose.rate <= 0.0;
    if (e.modelled_rate)
      at_rate(segments.event(enters, entry.rate), segments.d_event(enters, entry.rate), e);
    else
      at_rate(dose.rate, {}, e);
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

Entering lagged(const Schedule& schedule, const Segments& segments, const ScheduledDose& dose, const CompiledEntry& entry) {
  Entering e;
  e.entry = &entry;
  const std::size_t at = segment_at(schedule, dose.lag_at.time, dose.lag_at.order);
  e.lag = segments.event(at, entry.lag);
  e.d_lag = segments.d_event(at, entry.lag);
  return e;
}

}  // namespace

Entering entering(const Schedule& schedule, const Segments& segments, const ScheduledDose& dose, const CompiledEntry& entry) {
  Entering e = lagged(schedule, segments, dose, entry);
  const bool later = e.lag > 0.0;
  const Position at = later ? Position{dose.time + e.lag, additional} : Position{dose.time, dose.order};
  return given_in(segment_at(schedule, at.time, at.order), segments, dose, entry, std::move(e));
}

Entering implied(const Schedule& schedule, const Segments& segments, const ScheduledDose& dose, const CompiledEntry& entry) {
  return given_in(segment_at(schedule, dose.time, dose.order), segments, dose, entry, lagged(schedule, segments, dose, entry));
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
class EntryActions {
 public:
  EntryActions(const Schedule& schedule, const Segments& segments, const ScheduledDose& dose, std::size_t index,
               std::vector<Action>& actions, Failure& failure)
      : schedule_(schedule), segments_(segments), dose_(dose), index_(index), actions_(actions), failure_(failure) {}

  // The dose of the record.
  void add(const Entering& e) {
    enter(e, e.lag > 0.0 ? stated(dose_.time + e.lag) : dose_.time);
    run_on(e, 0);
  }

  // At steady state: earlier doses of the regimen that still run at the record or, with a lag longer than the interval, are still
  // to enter after it. (NONMEM asks for a lag shorter than the interval.)
  void add_implied(const Entering& e) {
    const int to_come = static_cast<int>(std::floor(e.lag / dose_.ii));
    for (int j = 1; j <= to_come; ++j) {
      const double begin = std::max(dose_.time, dose_.time + e.lag - j * dose_.ii);
      Entering late = e;
      if (e.modelled_rate && begin > dose_.time) {
        late.segment = segment_at(schedule_, begin, additional);
        at_rate(segments_.event(late.segment, e.entry->rate), segments_.d_event(late.segment, e.entry->rate), late);
        if (!late.ok) return fail(begin);
      }
      enter(late, begin);
      run_on(late, j);
    }
    const int running = still_running(e.lag, e.duration, dose_.ii);
    for (int j = to_come + 1; j <= running; ++j) run_on(e, j);
  }

 private:
  // A computed time, or that of a value wanted which differs from it by rounding alone.
  double stated(double time) const {
    const auto& samples = schedule_.samples;
    const auto found = std::lower_bound(samples.begin(), samples.end(), time - time_rounding(time),
                                        [](const Sample& sample, double t) { return sample.time < t; });
    return found != samples.end() && !later(found->time, time) ? found->time : time;
  }

  void fail(double at) { failure_ = {true, "the rate that the model gives to a dose is not positive", at}; }

  Action action(Action::Kind kind, const Entering& e, double time, int order) const {
    Action a;
    a.kind = kind;
    a.state = e.entry->state;
    a.profile = e.entry->profile;
    a.time = time;
    a.order = order;
    a.index = index_;
    return a;
  }

  void enter(const Entering& e, double time) {
    using Kind = Action::Kind;
    const bool infused = e.rate > 0.0;
    if (infused && e.duration <= 0.0) return;  // nothing is given
    const Kind kind = infused                 ? Kind::infusion_start
                      : e.entry->sets         ? Kind::set_state
                      : e.entry->profile >= 0 ? Kind::profile_start
                                              : Kind::bolus;
    Action a = action(kind, e, time, time > dose_.time ? additional : dose_.order);
    a.d_time = e.d_lag;
    a.amount = infused ? e.rate : e.amount;
    a.d_amount = infused ? e.d_rate : e.d_amount;
    actions_.push_back(a);
  }

  // The end of the infusion that was given `intervals` before the record. Where the rate that the model gives changes before, it
  // ends there and goes on at the new one: end' = t + rate (end - t) / rate'.
  void run_on(const Entering& e, int intervals) {
    if (e.rate <= 0.0 || e.duration <= 0.0) return;
    double rate = e.rate, end = dose_.time + e.lag + e.duration - intervals * dose_.ii;
    Vector d_rate = e.d_rate, d_end = sum(e.d_lag, e.d_duration);
    const auto change = [&](Action::Kind kind, double time, int order, const Vector& d_time) {
      Action a = action(kind, e, time, order);
      a.amount = rate;
      a.d_amount = d_rate;
      a.d_time = d_time;
      actions_.push_back(a);
    };
    for (std::size_t segment = e.segment; e.modelled_rate && segment < schedule_.breaks.size();) {
      const Position& at = schedule_.breaks[segment++];
      if (at.time >= end) break;
      const double next = segments_.event(segment, e.entry->rate);
      const Vector d_next = segments_.d_event(segment, e.entry->rate);
      if (next == rate && d_next.size() == d_rate.size() && d_next == d_rate) continue;
      if (!(next > 0.0)) return fail(at.time);
      change(Action::Kind::infusion_end, at.time, at.order, {});
      const double left = rate * (end - at.time);
      d_end = sum(sum(scaled(d_rate, (end - at.time) / next), scaled(d_end, rate / next)), scaled(d_next, -left / (next * next)));
      end = at.time + left / next;
      rate = next;
      d_rate = d_next;
      change(Action::Kind::infusion_start, at.time, at.order, {});
    }
    change(Action::Kind::infusion_end, end, 0, d_end);  // after what is wanted before all, before any record
  }

  const Schedule& schedule_;
  const Segments& segments_;
  const ScheduledDose& dose_;
  std::size_t index_;
  std::vector<Action>& actions_;
  Failure& failure_;
};

int rank(const Action& a) { return a.kind == Action::Kind::infusion_end ? 0 : 1; }

}  // namespace

bool Moments::set(const Schedule& schedule, const Vector& eta) {
  if (fixed_) return false;
  const auto& samples = schedule.samples;
  const bool moved = std::any_of(samples.begin(), samples.end(), [](const Sample& sample) { return sample.shift >= 0; });
  fixed_ = !moved;
  Work::spend(10.0 * static_cast<double>(samples.size()));
  std::vector<double> at;
  at.reserve(samples.size());
  for (const Sample& sample : samples) at.push_back(sample.time + (sample.shift < 0 ? 0.0 : eta(sample.shift)));
  if (moved) {
    row = stable_order(samples.size(), [&](std::size_t a, std::size_t b) {
      if (at[a] != at[b]) return at[a] < at[b];
      return samples[a].order < samples[b].order;
    });
  } else {
    row.resize(samples.size());
    std::iota(row.begin(), row.end(), std::size_t{0});
  }
  time.resize(samples.size());
  for (std::size_t i = 0; i < row.size(); ++i) time[i] = at[row[i]];
  return true;
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
    if (is_constant_infusion(dose)) continue;  // switched off at the record
    for (const CompiledEntry& entry : model.routes[static_cast<std::size_t>(dose.route)].entries) {
      const Entering e = entering(schedule, segments, dose, entry);
      if (!e.ok) failure = {true, "the rate or duration that the model gives to a dose is not positive", dose.time};
      if (!std::isfinite(e.duration)) failure = {true, "an infusion is so slow that it would never end", dose.time};
      if (!(e.lag >= 0.0 && std::isfinite(e.lag)))
        failure = {true, "the lag that the model gives to a dose is negative, infinite or undefined", dose.time};
      if (!std::isfinite(e.amount) || (e.amount < 0.0 && !entry.sets))
        failure = {true, "the bioavailability that the model gives to a dose is negative, infinite or undefined", dose.time};
      if (failure.failed) return actions;
      if (dose.ss > 0 && dose.ii <= 0.0) continue;  // refused where its steady state is sought
      if (dose.ss > 0 && !(e.lag + e.duration < kMostUnderWay * dose.ii)) {
        failure = {true, "at steady state more than 1000 doses would be under way at once", dose.time};
        continue;
      }
      EntryActions out(schedule, segments, dose, i, actions, failure);
      out.add(e);
      if (dose.ss > 0) out.add_implied(implied(schedule, segments, dose, entry));
    }
  }
  const auto before = [](const Action& a, const Action& b) {
    if (a.time != b.time) return a.time < b.time;
    if (a.order != b.order) return a.order < b.order;
    return rank(a) < rank(b);
  };
  sort_stably(actions.begin(), actions.end(), before);
  return actions;
}

const std::vector<Action>& Timeline::of(const CompiledModel& model, const Schedule& schedule, const Segments& segments,
                                        Failure& failure) {
  const bool moved = segments.move_timeline(moved_by_);
  if (moved || version_ == 0) {
    failure_ = {};
    actions_ = timeline(model, schedule, segments, failure_);
    ++version_;
  }
  failure = failure_;
  return actions_;
}

}  // namespace titrate
