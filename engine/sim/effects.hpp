// Which random effects one patient has: those of the model, and those that the patient's own history adds.
//
//   eta = k etas | q kappas of occasion 1 | ... | of occasion n | initial amounts | draw times | q kappas of the occasion to come
//
// with the prior Normal(0, omega). Levels can inform the first `informed`; those of the occasion to come (after `now`) keep their
// prior, so that a forecast carries the variability between occasions. Reference: Karlsson & Sheiner 1993, J Pharmacokinet
// Biopharm 21:735; forecasts without the past occasions' kappas: Abrantes 2019, Br J Clin Pharmacol 85:1326.
//
// Occasions are what the patient's record says; else each interval from one dose time to the next that holds a level that is used
// is one, and what begins at or after `now`, or holds `now` without a level, is the occasion to come. Other intervals have none:
// their kappas are 0. Initial amounts: y(start) = initial + amount * exp(effect). Draw times: the level was drawn at time +
// effect.

#pragma once

#include <string>
#include <vector>

#include "model/compiled.hpp"
#include "patient/patient.hpp"

namespace titrate {

// A place in the sequence of records: what is known changes there.
struct Position {
  double time = 0.0;
  int order = 0;
};

struct ScheduledDose {
  double time = 0.0;  // when it is given, before any lag
  double amt = 0.0;
  double rate = 0.0;  // > 0: infusion of F*amt at this rate
  double dur = 0.0;   // > 0: infusion of F*amt over this time
  double ii = 0.0;    // of a steady-state record
  int ss = 0;
  int route = 0;  // index into CompiledModel::routes
  int order = 0;
  Position lag_at{};  // where its lag is read (sim/schedule.hpp)
};

// The order of what happens at one time, from first to last. The records of the patient's history have orders between
// `additional` and `after_records`: a level of order 0 is the trough before the doses of its time.
constexpr int first_of_moment = -2;        // before every record
constexpr int before_all = -1;             // what is wanted before anything is given
constexpr int additional = 0;              // lagged and additional doses: before the records of the same time, as NONMEM does
constexpr int after_records = 1000000000;  // after what is written down
constexpr int after_all = 2000000000;      // after lagged and additional doses too
constexpr int after_moment = 2000000001;   // the interval that follows

struct OccasionChange {
  Position at;
  int number = 0;  // of the occasion that begins there: 1 ... occasions, occasions + 1 the one to come, 0 none
};

struct Effects {
  int k = 0, q = 0;
  int occasions = 0;  // with levels
  bool future = false;
  int size = 0;
  int informed = 0;
  std::vector<std::string> names;  // "eta_CL", "kappa_CL, occasion 2", ...
  Matrix omega, omega_inverse;     // of all
  double log_det_omega = 0.0;      // of the informed ones

  std::vector<OccasionChange> changes;    // in sequence
  std::vector<int> initial_states;        // of the uncertain initial amounts
  std::vector<double> initial_amounts;    // amount in amount * exp(effect)
  int first_initial = 0;                  // column of the first
  std::vector<int> shift_of_observation;  // column of the draw time of each level; -1: exact. Empty: all are

  [[nodiscard]] int occasion_at(const Position& at) const;
  // Column of the first kappa of an occasion; -1 for none.
  [[nodiscard]] int kappa_column(int occasion) const {
    if (occasion <= 0 || q == 0) return -1;
    return occasion <= occasions ? k + (occasion - 1) * q : informed;
  }
};

// The occasions of a history written down, so that a plan made from it keeps the places of the effects.
[[nodiscard]] Occasions as_recorded(const Effects& effects);

// `doses`: unrolled, by time. Unknown states of initial amounts and too many effects are errors.
[[nodiscard]] Effects lay_out_effects(const CompiledModel& model, const Patient& patient, const std::vector<ScheduledDose>& doses,
                                      Diagnostics& problems);

}  // namespace titrate
