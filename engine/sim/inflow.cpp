#include "sim/inflow.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace titrate {

namespace {

constexpr double kBeginning = 1e-12;  // h
constexpr double kNothing = 1e-18;    // of an amount
constexpr double kAtOnce = 1e-10;     // of an amount: less need not enter by itself
constexpr double kEntered = 1e-3;     // how far from 1 the integral of a density may be, up to now
constexpr int kOctaves = 24, kPointsPerOctave = 8;

// What has entered until t, as a share of the amount: the trapezoidal rule in the logarithm of the time since the beginning.
double share_entered(Inflow& inflow, const Pulse& pulse, double t) {
  const double step = std::log(2.0) / kPointsPerOctave;
  double sum = 0.0;
  for (int i = 0; i <= kOctaves * kPointsPerOctave; ++i) {
    const double tad = (t - pulse.begin) * std::exp(-i * step);
    sum += (i == 0 ? 0.5 : 1.0) * step * tad * inflow.density(pulse, pulse.begin + tad);
  }
  return sum;
}

// What can still enter from one time to another, of a density past its peak.
bool is_faded(Inflow& inflow, const Pulse& pulse, double from, double until) {
  const double now = std::abs(inflow.density(pulse, from));
  if (!(now * (until - from) <= kNothing)) return false;
  const double middle = std::abs(inflow.density(pulse, 0.5 * (from + until))), last = std::abs(inflow.density(pulse, until));
  return middle <= now && last <= middle;
}

}  // namespace

Inflow::Inflow(const CompiledModel& model, const Forcing& forcing, const SegmentValues& values)
    : model_(model), forcing_(forcing), values_(values) {}

const double* Inflow::at(const Tape& tape, const Pulse& pulse, double t) {
  const double tad = std::max(t - pulse.begin, kBeginning);
  out_.resize(tape.outputs.size());
  run(tape, t, &tad, values_.p.data(), out_.data(), registers_);
  const auto stride = &tape == &model_.profiles ? 2 : static_cast<std::size_t>(2 + model_.effects());
  return out_.data() + static_cast<std::size_t>(pulse.profile) * stride;
}

void Inflow::begin(const Pulse& pulse, Motion& motion, int k) {
  const double* const read = at(model_.profiles, pulse, pulse.begin);
  const double g = read[0], slope = read[1];
  if (!(std::abs(kBeginning * g) > kAtOnce)) return;
  const double b = 1.0 + kBeginning * slope / g;
  // A density that cannot be integrated leaves no number, which the solver reports.
  const double share = b > 0.0 ? kBeginning * g * (1.0 / b - 1.0) : std::numeric_limits<double>::infinity();
  motion.y(pulse.state) += pulse.amount * share;
  if (motion.S.cols() == 0 || k == 0) return;
  auto row = motion.S.row(pulse.state);
  if (pulse.d_amount.size() > 0) row.head(k) += share * pulse.d_amount.transpose();
  const double* const sens = at(model_.profiles_sens, pulse, pulse.begin) + 2;
  const std::vector<double> dg(sens, sens + values_.columns.size());
  const double* const d_slope = at(model_.profiles_slope, pulse, pulse.begin) + 2;
  for (std::size_t j = 0; j < dg.size(); ++j) {
    if (values_.columns[j] < 0) continue;
    const double db = kBeginning * (d_slope[j] - slope * dg[j] / g) / g;
    row(values_.columns[j]) += pulse.amount * kBeginning * (dg[j] * (1.0 / b - 1.0) - g * db / (b * b));
  }
}

void Inflow::add_rate(double t, Eigen::Ref<Vector> u) {
  for (const Pulse& pulse : forcing_.pulses)
    if (t >= pulse.begin) u(pulse.state) += pulse.amount * at(model_.profiles, pulse, t)[0];
}

void Inflow::add_slope(double t, Eigen::Ref<Vector> du_dt) {
  for (const Pulse& pulse : forcing_.pulses)
    if (t >= pulse.begin) du_dt(pulse.state) += pulse.amount * at(model_.profiles, pulse, t)[1];
}

void Inflow::add_sensitivity(double t, Eigen::Ref<Matrix> du_deta) { add_sensitivity_by(model_.profiles_sens, t, du_deta); }

void Inflow::add_sensitivity_slope(double t, Eigen::Ref<Matrix> d2u_deta_dt) {
  add_sensitivity_by(model_.profiles_slope, t, d2u_deta_dt);
}

void Inflow::add_sensitivity_by(const Tape& tape, double t, Eigen::Ref<Matrix> du_deta) {
  for (const Pulse& pulse : forcing_.pulses) {
    if (t < pulse.begin) continue;
    const double* const g = at(tape, pulse, t);
    auto row = du_deta.row(pulse.state);
    if (pulse.d_amount.size() > 0) row.head(pulse.d_amount.size()) += g[0] * pulse.d_amount.transpose();
    if (pulse.d_begin.size() > 0) row.head(pulse.d_begin.size()) -= pulse.amount * g[1] * pulse.d_begin.transpose();
    for (std::size_t j = 0; j < values_.columns.size(); ++j)
      if (values_.columns[j] >= 0) row(values_.columns[j]) += pulse.amount * g[2 + j];
  }
}

void drop_faded(const CompiledModel& model, const Schedule& schedule, const Segments& segments, double t, Forcing& forcing) {
  const double end = schedule.samples.empty() ? t : schedule.samples.back().time;
  if (!(end > t)) return;
  const std::size_t first = segment_after(schedule, t), count = schedule.breaks.size() + 1;
  const auto faded = [&](const Pulse& pulse) {
    double from = t;
    for (std::size_t s = first; s < count && from < end; ++s) {
      const double until = s + 1 < count ? std::min(end, schedule.breaks[s].time) : end;
      Inflow inflow(model, forcing, segments.values(s));
      if (until > from && !is_faded(inflow, pulse, from, until)) return false;
      if (s == first && !(std::abs(share_entered(inflow, pulse, t) - 1.0) < kEntered)) return false;
      from = std::max(from, until);
    }
    return true;
  };
  auto& pulses = forcing.pulses;
  pulses.erase(std::remove_if(pulses.begin(), pulses.end(), faded), pulses.end());
}

}  // namespace titrate
