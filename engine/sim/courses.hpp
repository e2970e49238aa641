// Covariates that move by themselves: an age with the clock, and the amount given in 24 h with the doses.
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

// Where a covariate that advances is renewed: from its last entry (a young one) to beyond `end`, at most 2000 times.
[[nodiscard]] std::vector<double> renewals(const CovariateCourse& course, double end);
// Its value at a time after its last entry, or in the stretch that begins there.
[[nodiscard]] double advanced(const CovariateCourse& course, const std::vector<double>& renewed, double time, bool stretch);

// In the coherent set, per h. `doses`: unrolled, by time; `records`: as the patient has them.
[[nodiscard]] CovariateCourse daily_amounts(const std::vector<ScheduledDose>& doses, const std::vector<DosingEvent>& records,
                                            double start);

}  // namespace titrate
