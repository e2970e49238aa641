// Exposure over a window: peak, trough, nadir, area, average and time above a limit of one output of one course.
//
// Areas are differences of the integrals that the simulation carries (SimulateOptions::auc): no trapezoids. Between samples the
// curve is the cubic Hermite interpolant of values and slopes, so peaks, nadirs and crossings are found between the samples; its
// error is h^4/384 |f''''| over a gap h. Values jump at boluses and slopes at the ends of infusions: exposure_samples() puts two
// samples on each such time, one before the event and one after it.
//
// Units: the coherent set; auc in (unit of the output) * h.

#pragma once

#include <optional>
#include <vector>

#include "patient/patient.hpp"
#include "sim/simulate.hpp"

namespace titrate {

struct Window {
  double from = 0.0;
  double to = 0.0;
};

// One output at times that do not decrease; two equal times are the two sides of an event.
struct Curve {
  std::vector<double> time, value, slope, auc;
};

struct Point {
  double value = 0.0, slope = 0.0;
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

// The columns of `output` at these rows of the course. The course needs slopes and auc.
[[nodiscard]] Curve curve_of(const Course& course, const Schedule& schedule, const std::vector<int>& rows, int output);
// The same in the memory of another curve. Slopes and areas are left empty where the course has none.
void set_curve(Curve& curve, const Course& course, const Schedule& schedule, const std::vector<int>& rows, int output);

// Of the interpolant; the time lies inside the curve. At an event: just before it.
[[nodiscard]] Point point_at(const Curve& curve, double time);
// At an event: the value before it.
[[nodiscard]] double value_at(const Curve& curve, double time);
[[nodiscard]] Extreme highest(const Curve& curve);
[[nodiscard]] Extreme lowest(const Curve& curve);
// Where curves on the line between two, (1 - part) a + part b with 0 <= part <= 1, can be highest: gaps, by the sample that they
// begin with. All others lie below one sample in both curves, and so in all between.
void set_highest_gaps(const Curve& a, const Curve& b, std::vector<std::size_t>& gaps);
// The highest value in these gaps and at their ends.
[[nodiscard]] double highest_in(const Curve& curve, const std::vector<std::size_t>& gaps);
[[nodiscard]] double hours_above(const Curve& curve, double limit);
// The whole curve is the window; trough_time lies inside.
[[nodiscard]] Exposure exposure(const Curve& curve, double trough_time);

// When the input of each scheduled dose starts and stops, sorted. Lag, bioavailability and modelled rates are taken at eta = 0;
// where they vary with eta, the density of the samples after an edge has to do.
[[nodiscard]] std::vector<double> input_edges(const CompiledModel& model, const Schedule& schedule);

// Samples of a window: after `from`, before `to`, both sides of the edges between, and after each of them gaps that begin with
// `first` and grow by half up to `widest`. A window without length is one sample, before any event.
[[nodiscard]] std::vector<Sample> exposure_samples(const Window& window, const std::vector<double>& edges, double first,
                                                   double widest);

}  // namespace titrate
