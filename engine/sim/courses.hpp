// What a covariate is at a time, and covariates that move by themselves: an age with the clock, the amount given in 24 h with the
// doses, and what the model lets go on by a trend or recover after its last value.
//
// A trend is the line through the last two values, or through their logarithms, for a stated time and inside the plausible range;
// with one value nothing is known of it, and it holds. A recovery halves the distance to its baseline with every half-life:
//
//   x(t) = to + (x_last - to) 2^(-(t - t_last) / half_life)
//
// Both are written out as further values: a 24th of the trend's time apart, or a 16th of a half-life and twice that every two
// half-lives. Between them the model's rule holds, with each value in the middle of the step that it stands for, so that what
// depends on it smoothly errs by the square of the step.
//
// A covariate that advances is renewed in steps that do not depend on how far the schedule reaches. An age of years keeps its
// value until it has grown by a thousandth. A young one, on which organs mature within days, has in each step the value of the
// step's middle, so that what depends on it smoothly errs by the square of the step: a fiftieth of it, and no more than a quarter
// of the time since it was entered, or 4 h.
//
// The amount of 24 h is renewed with each dose. While a record with an interval lasts it is what that prescribes, amt * 24 h /
// ii; of other doses it is the sum of the last 24 h, and on the first day that of the day. A dose at steady state followed others
// like it.

#pragma once

#include <vector>

#include "patient/patient.hpp"
#include "sim/effects.hpp"

namespace titrate {

// The sequence of records.
inline bool before(const Position& a, const Position& b) { return a.time != b.time ? a.time < b.time : a.order < b.order; }

// One covariate's value as a function of time: value = intercept + slope * t, slope 0 but for linear interpolation.
struct Line {
  double intercept = 0.0;
  double slope = 0.0;
};
// By the covariate's rule, around a place. `renewed`: of a covariate that advances.
[[nodiscard]] Line value_of(const Covariate& rule, const CovariateCourse& course, const std::vector<double>& renewed,
                            const Position& at);

// Where a covariate that advances is renewed: from its last entry (a young one) to beyond `end`, at most 2000 times.
[[nodiscard]] std::vector<double> renewals(const CovariateCourse& course, double end);
// Its value at a time after its last entry, or in the stretch that begins there.
[[nodiscard]] double advanced(const CovariateCourse& course, const std::vector<double>& renewed, double time, bool stretch);

// The value at a time that is not before the last one.
[[nodiscard]] double continued_at(const Covariate& rule, const CovariateCourse& course, double time);
// A course that follows a trend or recovers, with what follows written out; any other one as it is.
[[nodiscard]] CovariateCourse continued(const Covariate& rule, const CovariateCourse& course);
// Whether the model's trend or recovery says anything about the time after the last value.
[[nodiscard]] bool goes_on(const Covariate& rule, const CovariateCourse& course);

// In the coherent set, per h. `doses`: unrolled, by time; `records`: as the patient has them.
[[nodiscard]] CovariateCourse daily_amounts(const std::vector<ScheduledDose>& doses, const std::vector<DosingEvent>& records,
                                            double start);

}  // namespace titrate
