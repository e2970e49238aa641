// The schedule of one patient: doses unrolled, covariate breaks, resets and the times at which values are wanted, built once;
// it is resolved per eta (sim/simulate), because lag and bioavailability depend on it.
//
// Order at equal times: covariate breaks, resets, then records by their `order`; a value wanted at a dose's time is the value
// before the dose unless its order comes after the dose's; additional and lagged doses come before the records of
// their time that have an order of their own, after those of order 0.
// Covariates: `last` holds a value over [t_i, t_i+1), `next` over (t_i-1, t_i] (NONMEM's convention), `linear` joins the points.
// Before the first and after the last value the nearest is held (after: unless the model says how it goes on).
// An input holds a piece's value over [from, to) and rests elsewhere; where a piece begins is a record, as a dose is.
// A covariate may change between two records of one time (foreign records): each record then has its own segment, and the first
// one's holds from the beginning of the moment, the last one's to its end.
//
// A dose takes its bioavailability and duration from the segment in which it enters, after its lag; at an exact change that is
// the new one. Its lag is read where it is given; under NONMEM's convention (`next`) additional doses have the lag of their
// record. A rate that the model determines acts all the while: it changes with the segments and the amount decides when it ends.
// The implied doses of a steady state are as their record says. Reference: NONMEM Users Guide VI, III.B.2, III.F.2 to 6, V.F,
// V.K.
//
// Times that differ by rounding are one time: an additional dose at 0.3 + 7 days stands at a level of 7.3 days.
//
// Occasions: as the patient says, else each interval from one dose time to the next that holds a level that is used, and what
// comes after `now` (Effects).

#pragma once

#include <vector>

#include "model/compiled.hpp"
#include "patient/patient.hpp"
#include "sim/effects.hpp"

namespace titrate {

struct Sample {
  double time = 0.0;
  int order = -1;  // before_all, a record's order, or after_all
  int shift = -1;  // column of the effect that moves it (an uncertain time of draw); -1: none
};

struct Schedule {
  double start = 0.0;                       // the first record's time; states are initial here
  std::vector<Position> breaks;             // where covariates or the occasion change, in sequence
  std::vector<std::vector<double>> inputs;  // inputs of each segment, breaks.size() + 1; see segment_at and segment_after
  std::vector<int> occasion;                // of each segment; 0: none
  Effects effects;
  std::vector<ScheduledDose> doses;  // by time, then order
  std::vector<Reset> resets;
  std::vector<Sample> samples;  // by time, then order
  Diagnostics remarks;          // defaults used, caps that acted
};

// The segment that holds at a record of a time, and the one that holds just after the time.
[[nodiscard]] std::size_t segment_at(const Schedule& schedule, double time, int order = before_all);
[[nodiscard]] std::size_t segment_after(const Schedule& schedule, double time);

// eta filled up with zeros to all effects of the patient.
[[nodiscard]] Vector all_effects(const Schedule& schedule, const Vector& eta);

// `extra` are times wanted besides the observations; observation i of the patient becomes a sample too. The samples keep the
// sequence: first the observations in the patient's order (sample_of[i]), then `extra` — found again through sample_of.
struct BuiltSchedule {
  Schedule schedule;
  std::vector<int> sample_of_observation;
  std::vector<int> sample_of_extra;
};

[[nodiscard]] Result<BuiltSchedule> build_schedule(const CompiledModel& model, const Patient& patient,
                                                   const std::vector<Sample>& extra);

}  // namespace titrate
