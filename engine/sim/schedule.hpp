// The schedule of one patient: doses unrolled, covariate breaks, resets and the times at which values are wanted, built once;
// it is resolved per eta (sim/simulate), because lag and bioavailability depend on it.
//
// Order at equal times: covariate breaks, resets, then records by their `order`; a value wanted at a dose's time is the value
// before the dose unless its order comes after the dose's; additional and lagged doses come after all records of their time.
// Covariates: `last` holds a value over [t_i, t_i+1), `next` over (t_i-1, t_i] (NONMEM's convention), `linear` joins the points.
// Before the first and after the last value the nearest is held (after: unless the model says that it advances with the clock).
// A lagged or additional dose takes its bioavailability from the segment in which it enters.

#pragma once

#include <vector>

#include "model/compiled.hpp"
#include "patient/patient.hpp"

namespace titrate {

struct ScheduledDose {
  double time = 0.0;  // of the record, before any lag
  double amt = 0.0;
  double rate = 0.0;  // > 0: infusion of F*amt at this rate
  double dur = 0.0;   // > 0: infusion of F*amt over this time
  double ii = 0.0;    // of a steady-state record
  int ss = 0;
  int route = 0;  // index into CompiledModel::routes
  int order = 0;
};

constexpr int before_all = -1;
constexpr int after_all = 2000000000;   // after lagged and additional doses of this time too
constexpr int additional = 1000000000;  // order of lagged and additional doses: after the records of the same time

struct Sample {
  double time = 0.0;
  int order = -1;  // before_all, a record's order, or after_all
};

struct Schedule {
  double start = 0.0;                       // the first record's time; states are initial here
  std::vector<double> breaks;               // every time at which covariates change stands twice: before, at, and after it hold
  std::vector<std::vector<double>> inputs;  // inputs of each segment, breaks.size() + 1; see segment_at and segment_after
  std::vector<ScheduledDose> doses;         // by time, then order
  std::vector<Reset> resets;
  std::vector<Sample> samples;  // by time, then order
  Diagnostics remarks;          // defaults used, caps that acted
};

// The segment that holds at a time, and the one that holds just after it.
[[nodiscard]] std::size_t segment_at(const Schedule& schedule, double time);
[[nodiscard]] std::size_t segment_after(const Schedule& schedule, double time);

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
