#include "sim/exposure.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/timeline.hpp"

namespace titrate {

namespace {

// p(s) = c0 + c1 s + c2 s^2 + c3 s^3 on 0 <= s <= 1: the Hermite interpolant of one gap.
struct Cubic {
  double c0, c1, c2, c3;

  [[nodiscard]] double at(double s) const { return c0 + s * (c1 + s * (c2 + s * c3)); }
  [[nodiscard]] double slope(double s) const { return c1 + s * (2.0 * c2 + s * 3.0 * c3); }

  struct Turns {
    std::array<double, 2> at{};
    std::size_t count = 0;
    [[nodiscard]] const double* begin() const { return at.data(); }
    [[nodiscard]] const double* end() const { return at.data() + count; }
  };

  // Where p' = 0 strictly inside, in order.
  [[nodiscard]] Turns turns() const {
    Turns inside;
    const double a = 3.0 * c3, b = 2.0 * c2, c = c1;
    const auto keep = [&](double s) {
      if (std::isfinite(s) && s > 0.0 && s < 1.0) inside.at[inside.count++] = s;
    };
    const double discriminant = b * b - 4.0 * a * c;
    if (discriminant >= 0.0) {  // the form that does not cancel
      const double q = -0.5 * (b + std::copysign(std::sqrt(discriminant), b));
      if (q != 0.0) keep(c / q);
      if (a != 0.0) keep(q / a);
    }
    if (inside.count == 2 && inside.at[1] < inside.at[0]) std::swap(inside.at[0], inside.at[1]);
    return inside;
  }
};

// Where a slope is far steeper than both the chord d and the other slope (a quick absorption seen from afar), the cubic would
// overshoot: the slopes are then limited to between 0 and 3 d, which keeps it between the two values (Fritsch and Carlson 1980).
// An exponential of rate k is left alone up to k h = 3.2, a parabola always.
Cubic cubic(const Curve& curve, std::size_t i) {
  const double h = curve.time[i + 1] - curve.time[i];
  const double v0 = curve.value[i], v1 = curve.value[i + 1], d = v1 - v0;
  double m0 = h * curve.slope[i], m1 = h * curve.slope[i + 1];
  const double steep = std::max(std::abs(m0), std::abs(m1)), flat = std::min(std::abs(m0), std::abs(m1));
  if (steep > 3.0 * (std::abs(d) + flat)) {
    const double low = std::min(0.0, 3.0 * d), high = std::max(0.0, 3.0 * d);
    m0 = std::clamp(m0, low, high);
    m1 = std::clamp(m1, low, high);
  }
  return {v0, m0, 3.0 * d - 2.0 * m0 - m1, m0 + m1 - 2.0 * d};
}

// A cubic stays within its values at both ends and these two points (Bezier).
struct Bounds {
  double early, late;
};
Bounds bounds(const Curve& curve, std::size_t i) {
  const double h = curve.time[i + 1] - curve.time[i];
  return {curve.value[i] + h * curve.slope[i] / 3.0, curve.value[i + 1] - h * curve.slope[i + 1] / 3.0};
}

// The best of a gap's two samples and of what lies between, if that is better than `best`.
template <class Better>
void look_in_gap(const Curve& curve, std::size_t i, Better better, Extreme& best) {
  const auto consider = [&](double value, double time) {
    if (better(value, best.value)) best = {value, time};
  };
  consider(curve.value[i], curve.time[i]);
  if (i + 1 == curve.time.size()) return;
  const double h = curve.time[i + 1] - curve.time[i];
  const Bounds between = bounds(curve, i);
  if (h > 0.0 && (better(between.early, best.value) || better(between.late, best.value))) {  // most gaps cannot hold the extreme
    const Cubic p = cubic(curve, i);
    const Cubic::Turns turns = p.turns();
    for (const double s : turns) consider(p.at(s), curve.time[i] + s * h);
  }
  consider(curve.value[i + 1], curve.time[i + 1]);
}

template <class Better>
Extreme extreme(const Curve& curve, Better better) {
  Extreme best{curve.value.front(), curve.time.front()};
  for (std::size_t i = 0; i + 1 < curve.time.size(); ++i) look_in_gap(curve, i, better, best);
  return best;
}

// Share of 0 <= s <= 1 with p above the limit: between turns p is monotone, so each piece crosses at most once.
double share_above(const Cubic& p, double limit) {
  std::vector<double> ends{0.0};
  const Cubic::Turns turns = p.turns();
  ends.insert(ends.end(), turns.begin(), turns.end());
  ends.push_back(1.0);
  double share = 0.0;
  for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
    double a = ends[i], b = ends[i + 1];
    const bool a_above = p.at(a) > limit, b_above = p.at(b) > limit;
    if (a_above && b_above) share += b - a;
    if (a_above == b_above) continue;
    double low = a, high = b;
    for (int k = 0; k < 60 && high - low > 1e-15; ++k) {
      const double middle = 0.5 * (low + high);
      ((p.at(middle) > limit) == a_above ? low : high) = middle;
    }
    share += a_above ? low - a : b - low;
  }
  return share;
}

}  // namespace

void set_curve(Curve& curve, const Course& course, const Schedule& schedule, const std::vector<int>& rows, int output) {
  const auto copy = [&](const Matrix& values, std::vector<double>& to) {
    if (values.size() == 0) return to.clear();
    to.resize(rows.size());
    const double* const column = values.col(output).data();
    for (std::size_t i = 0; i < rows.size(); ++i) to[i] = column[rows[i]];
  };
  curve.time.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) curve.time[i] = schedule.samples[static_cast<std::size_t>(rows[i])].time;
  copy(course.outputs, curve.value);
  copy(course.slopes, curve.slope);
  copy(course.auc, curve.auc);
}

Curve curve_of(const Course& course, const Schedule& schedule, const std::vector<int>& rows, int output) {
  Curve curve;
  set_curve(curve, course, schedule, rows, output);
  return curve;
}

Point point_at(const Curve& curve, double time) {
  const auto next = std::lower_bound(curve.time.begin(), curve.time.end(), time);
  const auto i = static_cast<std::size_t>(next - curve.time.begin());
  if (i == 0 || (i < curve.time.size() && *next == time)) return {curve.value[i], curve.slope[i]};
  const double h = curve.time[i] - curve.time[i - 1], s = (time - curve.time[i - 1]) / h;
  const Cubic p = cubic(curve, i - 1);
  return {p.at(s), p.slope(s) / h};
}

double value_at(const Curve& curve, double time) {
  const auto next = std::lower_bound(curve.time.begin(), curve.time.end(), time);
  if (next == curve.time.end()) return curve.value.back();
  const auto i = static_cast<std::size_t>(next - curve.time.begin());
  if (*next == time || i == 0) return curve.value[i];
  return cubic(curve, i - 1).at((time - curve.time[i - 1]) / (curve.time[i] - curve.time[i - 1]));
}

Extreme highest(const Curve& curve) {
  return extreme(curve, [](double a, double b) { return a > b; });
}

Extreme lowest(const Curve& curve) {
  return extreme(curve, [](double a, double b) { return a < b; });
}

void set_highest_gaps(const Curve& a, const Curve& b, std::vector<std::size_t>& gaps) {
  const std::size_t n = a.time.size();
  std::size_t high = 0;
  for (std::size_t i = 1; i < n; ++i)
    if (a.value[i] + b.value[i] > a.value[high] + b.value[high]) high = i;
  const auto below = [&](const Curve& curve, std::size_t i) {
    const double most = curve.value[high];
    if (curve.value[i] > most || curve.value[i + 1] > most) return false;
    const Bounds between = bounds(curve, i);
    return between.early <= most && between.late <= most;
  };
  gaps.clear();
  for (std::size_t i = 0; i < n; ++i)
    if (i == high || (i + 1 < n && !(below(a, i) && below(b, i)))) gaps.push_back(i);
}

double highest_in(const Curve& curve, const std::vector<std::size_t>& gaps) {
  Extreme best{curve.value[gaps.front()], curve.time[gaps.front()]};
  for (const std::size_t i : gaps)
    look_in_gap(
        curve, i, [](double a, double b) { return a > b; }, best);
  return best.value;
}

double hours_above(const Curve& curve, double limit) {
  double hours = 0.0;
  for (std::size_t i = 0; i + 1 < curve.time.size(); ++i) {
    const double h = curve.time[i + 1] - curve.time[i];
    if (h > 0.0) hours += h * share_above(cubic(curve, i), limit);
  }
  return hours;
}

Exposure exposure(const Curve& curve, double trough_time) {
  Exposure e;
  const double length = curve.time.back() - curve.time.front();
  e.peak = highest(curve);
  e.nadir = lowest(curve);
  e.cmin = value_at(curve, trough_time);
  e.auc = curve.auc.back() - curve.auc.front();
  e.cavg = length > 0.0 ? e.auc / length : curve.value.front();
  e.auc24 = 24.0 * e.cavg;
  return e;
}

std::vector<double> input_edges(const CompiledModel& model, const Schedule& schedule) {
  const Vector eta = Vector::Zero(schedule.effects.size);
  Individual individual(model, eta);
  const Segments typical(model, schedule, individual, false);
  std::vector<double> edges;
  Failure failure;  // of a dose that cannot be given: the simulation says so
  for (const Action& action : timeline(model, schedule, typical, failure)) edges.push_back(action.time);
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  return edges;
}

std::vector<Sample> exposure_samples(const Window& window, const std::vector<double>& edges, double first, double widest) {
  std::vector<double> anchors{window.from};
  for (const double edge : edges)
    if (edge > anchors.back() && edge < window.to) anchors.push_back(edge);
  if (window.to > window.from) anchors.push_back(window.to);
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < anchors.size(); ++i) {
    if (i > 0) samples.push_back({anchors[i], before_all});
    if (i + 1 == anchors.size()) break;
    samples.push_back({anchors[i], after_all});
    const double length = anchors[i + 1] - anchors[i];
    double gap = std::min(first, widest);
    for (double passed = gap; passed < length - 0.5 * gap; passed += gap) {
      samples.push_back({anchors[i] + passed, before_all});
      gap = std::min(1.5 * gap, widest);
    }
  }
  if (samples.empty()) samples.push_back({window.from, before_all});  // a single time
  return samples;
}

}  // namespace titrate
