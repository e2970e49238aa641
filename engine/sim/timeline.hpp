// A schedule resolved for one eta: everything that happens, in the order in which it happens.
//
// Lag, bioavailability, and the rate or duration that a model determines come from p, by the segments that sim/schedule.hpp
// says. An infusion of given rate lasts F amt / rate, one of given duration runs at F amt / dur; what the record states goes
// before what the model would. Times that depend on eta carry their derivative, because sensitivities jump there:
// S+ = S- + d(jump)/deta - (f+ - f-) dtime/deta. Derivatives are vectors over all K effects.

#pragma once

#include <vector>

#include "sim/individual.hpp"
#include "sim/schedule.hpp"

namespace titrate {

struct Action {
  enum class Kind { infusion_end, reset, steady_state, bolus, set_state, infusion_start, profile_start };
  Kind kind = Kind::reset;
  double time = 0.0;
  int order = 0;          // at equal times, ascending
  int state = -1;         // bolus, set_state, infusions, profiles
  int profile = -1;       // profile_start
  double amount = 0.0;    // bolus, profile_start: F amt; set_state: the value; infusions: the rate
  Vector d_amount;        // with respect to the effects (empty without sensitivities)
  Vector d_time;          // empty when the time does not depend on eta
  std::size_t index = 0;  // the dose
};

// p of every segment of a schedule for one individual, and the values of the `events` tape there.
class Segments {
 public:
  // The individual must outlive what is said of it.
  Segments(const CompiledModel& model, const Schedule& schedule, bool sensitivities);
  Segments(const CompiledModel& model, const Schedule& schedule, Individual& individual, bool sensitivities)
      : Segments(model, schedule, sensitivities) {
    set(individual);
  }
  void set(Individual& individual);
  [[nodiscard]] const SegmentValues& values(std::size_t segment) const { return all_[segment]->values; }
  [[nodiscard]] double event(std::size_t segment, int which) const {
    return all_[segment]->events[static_cast<std::size_t>(which)];
  }
  // Empty without sensitivities or when the value does not depend on the effects.
  [[nodiscard]] Vector d_event(std::size_t segment, int which) const;
  // All of a segment's values of the tape, derivatives too where there are any.
  [[nodiscard]] const std::vector<double>& events(std::size_t segment) const { return all_[segment]->events; }
  [[nodiscard]] std::size_t size() const { return all_.size(); }
  // Lags, bioavailabilities, modelled rates and durations of all segments are all that moves a timeline: whether they differ from
  // those that `known` holds, which then holds them.
  [[nodiscard]] bool move_timeline(std::vector<double>& known) const;
  // A derivative known for the k + q effects of a segment, as one over all effects; or added to a row of one.
  [[nodiscard]] Vector spread(std::size_t segment, const double* local) const;
  template <class Row>
  void add_spread(std::size_t segment, const double* local, Row&& row) const {
    const std::vector<Eigen::Index>& columns = all_[segment]->values.columns;
    for (std::size_t j = 0; j < columns.size(); ++j)
      if (columns[j] >= 0) row(columns[j]) += local[j];
  }
  [[nodiscard]] bool sensitivities() const { return sensitivities_; }
  [[nodiscard]] bool ok() const { return ok_; }  // false: a parameter is infinite or undefined

 private:
  const Schedule& schedule_;
  std::vector<Individual::Parameters*> all_;
  std::shared_ptr<const void> place_;  // of the individuals that `all_` belongs to, one after another
  Eigen::Index K_ = 0;
  int local_ = 0;
  int n_events_ = 0;
  bool sensitivities_ = false;
  bool ok_ = true;
};

// One entry of one dose, resolved.
struct Entering {
  const CompiledEntry* entry = nullptr;
  std::size_t segment = 0;  // in which it enters
  double lag = 0.0;
  Vector d_lag;
  double amount = 0.0;  // F amt, or the value to set
  Vector d_amount;
  double rate = 0.0;  // > 0: infusion
  bool modelled_rate = false;
  Vector d_rate;
  double duration = 0.0;
  Vector d_duration;
  bool ok = true;  // false: the model's rate or duration is not positive
};

// A negative lag is taken as a failure by simulate.
[[nodiscard]] Entering entering(const Schedule& schedule, const Segments& segments, const ScheduledDose& dose,
                                const CompiledEntry& entry);

// An earlier dose of the steady state that a record states: as the record says.
[[nodiscard]] Entering implied(const Schedule& schedule, const Segments& segments, const ScheduledDose& dose,
                               const CompiledEntry& entry);

// A steady state under a constant infusion that ends at its record, or under no drug at all.
[[nodiscard]] inline bool is_constant_infusion(const ScheduledDose& dose) {
  return dose.ss > 0 && dose.amt == 0.0 && dose.dur <= 0.0 && (dose.rate > 0.0 || dose.ii <= 0.0);
}

// How many doses of a regimen without beginning, given ii, 2 ii, ... before a record, still run at it.
[[nodiscard]] int still_running(double lag, double duration, double ii);

[[nodiscard]] std::vector<Action> timeline(const CompiledModel& model, const Schedule& schedule, const Segments& segments,
                                           Failure& failure);

// A schedule's samples in the sequence in which they are met: `eta` moves uncertain draw times, and nothing moves the others.
struct Moments {
  std::vector<double> time;
  std::vector<std::size_t> row;  // of schedule.samples

  // Whether they are others than before, of the same schedule.
  bool set(const Schedule& schedule, const Vector& eta);

 private:
  bool fixed_ = false;  // known, and no effect moves them
};

// At one time and order an infusion ends before a sample, and what else happens comes after it.
[[nodiscard]] bool happens_before(const Action& action, double time, int order);

// The timeline of one individual after another. Lags, bioavailabilities, modelled rates and durations are all that moves it:
// where they are those of the last individual, so is the timeline.
class Timeline {
 public:
  [[nodiscard]] const std::vector<Action>& of(const CompiledModel& model, const Schedule& schedule, const Segments& segments,
                                              Failure& failure);
  // Of the last list: another list has another number.
  [[nodiscard]] std::uint64_t version() const { return version_; }

 private:
  std::uint64_t version_ = 0;  // 0: none
  std::vector<double> moved_by_;
  std::vector<Action> actions_;
  Failure failure_;
};

}  // namespace titrate
