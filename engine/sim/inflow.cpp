#include "sim/inflow.hpp"

#include <algorithm>

namespace titrate {

namespace {

constexpr double kBeginning = 1e-12;  // h

}  // namespace

Inflow::Inflow(const CompiledModel& model, const Forcing& forcing, const SegmentValues& values)
    : model_(model), forcing_(forcing), values_(values) {}

const double* Inflow::at(const Tape& tape, const Pulse& pulse, double t) {
  const double tad = std::max(t - pulse.begin, kBeginning);
  out_.resize(tape.outputs.size());
  run(tape, t, &tad, values_.p.data(), out_.data(), registers_);
  const auto stride = &tape == &model_.profiles ? 1 : static_cast<std::size_t>(2 + model_.effects());
  return out_.data() + static_cast<std::size_t>(pulse.profile) * stride;
}

void Inflow::add_rate(double t, Eigen::Ref<Vector> u) {
  for (const Pulse& pulse : forcing_.pulses)
    if (t >= pulse.begin) u(pulse.state) += pulse.amount * at(model_.profiles, pulse, t)[0];
}

void Inflow::add_slope(double t, Eigen::Ref<Vector> du_dt) {
  for (const Pulse& pulse : forcing_.pulses)
    if (t >= pulse.begin) du_dt(pulse.state) += pulse.amount * at(model_.profiles_sens, pulse, t)[1];
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

}  // namespace titrate
