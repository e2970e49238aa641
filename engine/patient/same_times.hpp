// Times that differ by rounding alone are one time: 0.8 d and 19.2 h, 4:38 h and 0:38 + 4 h. Else a trough drawn at
// the hour of a dose could be read as the peak after it.

#pragma once

#include <algorithm>
#include <cmath>
#include <optional>

#include "patient/patient.hpp"

namespace titrate {

// How far rounding may take a time: 3.6 ns, or a 1e-12th of it. No record is meant so exactly.
[[nodiscard]] inline double time_rounding(double time) { return 1e-12 * std::max(1.0, std::abs(time)); }

[[nodiscard]] inline bool later(double time, double than) { return time - than > time_rounding(than); }
[[nodiscard]] inline bool at_one_time(double a, double b) { return !later(a, b) && !later(b, a); }

// All times of records, ascending.
[[nodiscard]] std::vector<double> record_times(const Patient& patient);

// The patient with equal times where they differ by rounding; nothing when they do nowhere.
[[nodiscard]] std::optional<Patient> with_same_times(const Patient& patient);

}  // namespace titrate
