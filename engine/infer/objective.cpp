#include "infer/objective.hpp"

#include <algorithm>
#include <cmath>

namespace titrate {

namespace {

constexpr double ln_2_pi = 1.8378770664093454836;
constexpr double most_sd = 10.0;  // a draw time is not later than this many of its standard errors

}  // namespace

Result<Objective> Objective::make(Compiled model, const Patient& patient, const BuiltSchedule& built,
                                  const SimulateOptions& options, double loose_rtol, double prior_weight) {
  auto measured = bind_observations(*model, patient, built);
  if (!measured) return measured.diagnostics();
  Objective objective;
  objective.model_ = std::move(model);
  objective.schedule_ = built.schedule;
  objective.options_ = options;
  objective.loose_rtol_ = std::max(loose_rtol, options.rtol);
  objective.prior_weight_ = prior_weight;
  objective.measured_ = *measured;
  const Effects& effects = built.schedule.effects;
  objective.set_prior(effects);
  auto group = correlated_group(*objective.model_->model, patient, objective.measured_);
  if (!group) return group.diagnostics();
  objective.group_ = *group;
  for (const std::size_t i : objective.group_.members)
    objective.group_rows_.push_back(std::count_if(measured->begin(), measured->begin() + static_cast<std::ptrdiff_t>(i),
                                                  [](const Measured& m) { return m.used; }));

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

void Objective::set_prior(const Effects& effects) {
  const Eigen::Index n = effects.informed, weighed = effects.first_initial;
  omega_ = effects.omega.topLeftCorner(n, n);
  omega_inverse_ = effects.omega_inverse.topLeftCorner(n, n);
  prior_ = omega_;
  prior_inverse_ = omega_inverse_;
  prior_.topLeftCorner(weighed, weighed) /= prior_weight_;
  prior_inverse_.topLeftCorner(weighed, weighed) *= prior_weight_;
  log_det_prior_ = effects.log_det_omega - static_cast<double>(weighed) * std::log(prior_weight_);
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
  const Vector prior = prior_inverse_ * eta;
  e.ofv = eta.dot(prior);
  e.gradient = 2.0 * prior;
  const auto levels = explain_all(predicted_levels(course), why);
  if (!levels) return std::nullopt;
  e.f = e.V = Vector::Zero(used_);
  e.a = e.c = Matrix::Zero(used_, k());
  Vector ff = e.f, fv = e.f, vv = e.f;  // information about f and ln V
  Eigen::Index row = -1;
  for (std::size_t i = 0; i < measured_.size(); ++i) {
    const Measured& m = measured_[i];
    if (!m.used) continue;
    ++row;
    const Explained& level = (*levels)[i];
    e.ofv += level.term.value;
    if (!level.point) continue;
    const ResidualPoint& point = *level.point;
    for (int j = 0; j < k(); ++j) {
      const double slope = course.sens[static_cast<std::size_t>(j)](m.sample, m.output);
      e.a(row, j) = point.df * slope;
      e.c(row, j) = point.dV * slope / point.V;
    }
    e.f[row] = point.f;
    e.V[row] = point.V;
    e.gradient += level.term.d_lnV * e.c.row(row).transpose() + level.term.d_f * e.a.row(row).transpose();
    ff[row] = level.term.ff;
    fv[row] = level.term.fv;
    vv[row] = level.term.vv;
  }
  e.expected = e.a.transpose() * ff.asDiagonal() * e.a + e.c.transpose() * vv.asDiagonal() * e.c;
  if ((fv.array() != 0.0).any()) {
    const Matrix cross = e.a.transpose() * fv.asDiagonal() * e.c;
    e.expected += cross + cross.transpose();
  }
  if (!group_.members.empty())
    e.expected += group_information(group_, e.a(group_rows_, Eigen::all), e.c(group_rows_, Eigen::all), e.V(group_rows_));
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
  return predicted_levels(course);
}

Vector Objective::predicted_levels(const Course& course) const {
  Vector all(static_cast<Eigen::Index>(measured_.size()));
  for (std::size_t i = 0; i < measured_.size(); ++i)
    all[static_cast<Eigen::Index>(i)] = course.outputs(measured_[i].sample, measured_[i].output);
  return all;
}

std::optional<std::vector<Explained>> Objective::explain_all(const Vector& predicted, std::string* why) const {
  std::vector<Explained> all(measured_.size());
  for (std::size_t i = 0; i < measured_.size(); ++i) {
    if (!measured_[i].used) continue;
    const auto level = explain(measured_[i], predicted[static_cast<Eigen::Index>(i)], why);
    if (!level) return std::nullopt;
    all[i] = *level;
  }
  correlate(group_, measured_, all);
  return all;
}

std::optional<double> Objective::value(const Vector& eta) const {
  const auto predicted = predictions(eta, false);
  if (!predicted) return std::nullopt;
  const auto levels = explain_all(*predicted, nullptr);
  if (!levels) return std::nullopt;
  double ofv = eta.dot(prior_inverse_ * eta);
  for (const Explained& level : *levels) ofv += level.term.value;
  if (!std::isfinite(ofv)) return std::nullopt;
  return ofv;
}

double Objective::dropped_constant() const {
  double constant = k() * ln_2_pi + log_det_weighted_omega();
  for (const Measured& m : measured_)
    if (m.used) constant += density_constant(m);
  return constant;
}

Matrix information(const Objective& objective, const Evaluation& at) { return objective.weighted_omega_inverse() + at.expected; }

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
