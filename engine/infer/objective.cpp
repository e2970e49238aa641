#include "infer/objective.hpp"

#include <algorithm>
#include <cmath>

namespace titrate {

namespace {

constexpr double ln_2_pi = 1.8378770664093454836;
constexpr double most_sd = 10.0;  // a draw time is not later than this many of its standard errors

}  // namespace

Result<Objective> Objective::make(Compiled model, const Patient& patient, const BuiltSchedule& built,
                                  const SimulateOptions& options, double loose_rtol) {
  auto measured = bind_observations(*model, patient, built);
  if (!measured) return measured.diagnostics();
  Objective objective;
  objective.model_ = std::move(model);
  objective.schedule_ = built.schedule;
  objective.options_ = options;
  objective.loose_rtol_ = std::max(loose_rtol, options.rtol);
  objective.measured_ = *measured;
  const Effects& effects = built.schedule.effects;
  objective.omega_ = effects.omega.topLeftCorner(effects.informed, effects.informed);
  objective.omega_inverse_ = effects.omega_inverse.topLeftCorner(effects.informed, effects.informed);

  // Keep the levels' samples in their sequence and renumber.
  std::vector<int> row(built.schedule.samples.size(), -1);
  for (const Measured& m : objective.measured_) row[static_cast<std::size_t>(m.sample)] = 0;
  objective.schedule_.samples.clear();
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] < 0) continue;
    row[i] = static_cast<int>(objective.schedule_.samples.size());
    objective.schedule_.samples.push_back(built.schedule.samples[i]);
  }
  for (Measured& m : objective.measured_) {
    m.sample = row[static_cast<std::size_t>(m.sample)];
    if (m.used) ++objective.used_;
  }
  // What comes after the last level cannot change a prediction: a lag only delays.
  Schedule& schedule = objective.schedule_;
  double last = schedule.start;
  for (const Sample& sample : schedule.samples) {
    const double late = sample.shift < 0 ? 0.0 : most_sd * std::sqrt(effects.omega(sample.shift, sample.shift));
    last = std::max(last, sample.time + late);
  }
  std::erase_if(schedule.doses, [&](const ScheduledDose& dose) { return dose.time > last; });
  std::erase_if(schedule.resets, [&](const Reset& reset) { return reset.time > last; });
  return objective;
}

std::optional<Evaluation> Objective::evaluate(const Vector& eta, std::string* why) const {
  SimulateOptions options = options_;
  options.sensitivities = true;
  const Course course = simulate(*model_, schedule_, eta, options);
  if (!course.ok) {
    if (why) *why = course.why;
    return std::nullopt;
  }
  Evaluation e;
  const Vector prior = omega_inverse_ * eta;
  e.ofv = eta.dot(prior);
  e.gradient = 2.0 * prior;
  e.f = e.V = Vector::Zero(used_);
  e.a = e.c = Matrix::Zero(used_, k());
  Vector ff = e.f, fv = e.f, vv = e.f;  // information about f and ln V
  Eigen::Index row = -1;
  for (const Measured& m : measured_) {
    if (!m.used) continue;
    ++row;
    const auto level = explain(m, course.outputs(m.sample, m.output), why);
    if (!level) return std::nullopt;
    e.ofv += level->term.value;
    if (!level->point) continue;
    const ResidualPoint& point = *level->point;
    for (int j = 0; j < k(); ++j) {
      const double slope = course.sens[static_cast<std::size_t>(j)](m.sample, m.output);
      e.a(row, j) = point.df * slope;
      e.c(row, j) = point.dV * slope / point.V;
    }
    e.f[row] = point.f;
    e.V[row] = point.V;
    e.gradient += level->term.d_lnV * e.c.row(row).transpose() + level->term.d_f * e.a.row(row).transpose();
    ff[row] = level->term.ff;
    fv[row] = level->term.fv;
    vv[row] = level->term.vv;
  }
  e.expected = e.a.transpose() * ff.asDiagonal() * e.a + e.c.transpose() * vv.asDiagonal() * e.c;
  if ((fv.array() != 0.0).any()) {
    const Matrix cross = e.a.transpose() * fv.asDiagonal() * e.c;
    e.expected += cross + cross.transpose();
  }
  if (!std::isfinite(e.ofv) || !e.gradient.allFinite()) {
    if (why) *why = "a derivative is not a finite number";
    return std::nullopt;
  }
  return e;
}

std::optional<Vector> Objective::predictions(const Vector& eta, bool strict, std::string* why) const {
  SimulateOptions options = options_;
  options.sensitivities = false;
  if (!strict) {
    options.rtol = loose_rtol_;
    options.max_steps = std::min(options.max_steps, loose_steps);
  }
  const Course course = simulate(*model_, schedule_, eta, options);
  if (!course.ok) {
    if (why) *why = course.why;
    return std::nullopt;
  }
  Vector all(static_cast<Eigen::Index>(measured_.size()));
  for (std::size_t i = 0; i < measured_.size(); ++i)
    all[static_cast<Eigen::Index>(i)] = course.outputs(measured_[i].sample, measured_[i].output);
  return all;
}

std::optional<double> Objective::value(const Vector& eta) const {
  const auto predicted = predictions(eta, false);
  if (!predicted) return std::nullopt;
  double ofv = eta.dot(omega_inverse_ * eta);
  for (std::size_t i = 0; i < measured_.size(); ++i) {
    if (!measured_[i].used) continue;
    const auto level = explain(measured_[i], (*predicted)[static_cast<Eigen::Index>(i)]);
    if (!level) return std::nullopt;
    ofv += level->term.value;
  }
  if (!std::isfinite(ofv)) return std::nullopt;
  return ofv;
}

double Objective::dropped_constant() const {
  double constant = k() * ln_2_pi + log_det_omega();
  for (const Measured& m : measured_) {
    if (!m.used || m.censored != Censored::no) continue;  // an event has a probability, without constants
    constant += ln_2_pi;
    if (m.residual->log_scale) constant += 2.0 * std::log(m.dv);
  }
  return constant;
}

Matrix information(const Objective& objective, const Evaluation& at) { return objective.omega_inverse() + at.expected; }

std::optional<Matrix> hessian(const Objective& objective, const Vector& eta, const Matrix& information) {
  const int k = objective.k();
  const Vector sd = information.diagonal().cwiseSqrt().cwiseInverse();  // given the other etas
  Matrix H(k, k);
  for (int j = 0; j < k; ++j) {
    const double h = 1e-4 * sd[j];
    Vector up = eta, down = eta;
    up[j] += h;
    down[j] -= h;
    const auto above = objective.evaluate(up);
    const auto below = objective.evaluate(down);
    if (!above || !below) return std::nullopt;
    H.col(j) = (above->gradient - below->gradient) / (up[j] - down[j]);
  }
  return Matrix(0.5 * (H + H.transpose()));
}

}  // namespace titrate
