// Exposure over a window: peak, trough, nadir, area, average and time above a limit of one output of one course.
//
// Areas are differences of the integrals that the simulation carries (SimulateOptions::auc): no trapezoids. Between samples the
// curve is the cubic Hermite interpolant of values and slopes, so peaks, nadirs and crossings are found between the samples; its
// error is h^4/384 |f''''| over a gap h. Values jump at boluses and slopes at the ends of infusions: exposure_times() puts a
// sample on each such time and one `edge` before and after it, and gaps of that size are never interpolated.
//
// Units: the coherent set; auc in (unit of the output) * h.

#pragma once

#include <optional>
#include <vector>

#include "patient/patient.hpp"
#include "sim/simulate.hpp"

namespace titrate {

inline constexpr double edge = 0x1p-20;  // h, about 3.4 ms; a power of two, so that equal gaps stay equal in floating point

struct Window {
  double from = 0.0;
  double to = 0.0;
};

// One output at increasing times.
struct Curve {
  std::vector<double> time, value, slope, auc;
};

struct Extreme {
  double value = 0.0;
  double time = 0.0;
};

struct Exposure {
  Extreme peak;        // cmax
  Extreme nadir;       // lowest value anywhere in the window
  double cmin = 0.0;   // value at `trough_time`: just before the next dose
  double cavg = 0.0;   // auc / length
  double auc = 0.0;    // over the window
  double auc24 = 0.0;  // auc * 24 / length: exact when the window is 24 h long, else scaled
};

// The columns of `output` at rows[i] of the course, which are the times time[i]. The course needs slopes and auc.
[[nodiscard]] Curve curve_of(const Course& course, const std::vector<double>& time, const std::vector<int>& rows, int output);

[[nodiscard]] double value_at(const Curve& curve, double time);
[[nodiscard]] Extreme highest(const Curve& curve);
[[nodiscard]] Extreme lowest(const Curve& curve);
[[nodiscard]] double hours_above(const Curve& curve, double limit);
// The whole curve is the window; trough_time lies inside.
[[nodiscard]] Exposure exposure(const Curve& curve, double trough_time);

// When the input of a dose starts and stops (at eta = 0: lag, bioavailability and modelled rates may move it), for each dose of
// `doses`, additional ones included, up to `until`.
[[nodiscard]] std::vector<double> input_edges(const CompiledModel& model, const Schedule& schedule, double until);

// Sample times of a window: both ends, the given edges with their neighbours, and a grid that is dense after each edge (from
// 0.25 h on, growing by half) and nowhere wider than `widest`.
[[nodiscard]] std::vector<double> exposure_times(const Window& window, const std::vector<double>& edges, double widest);

}  // namespace titrate
