#include "infer/objective.hpp"

#include <algorithm>
#include <cmath>

#include "base/normal.hpp"

namespace titrate {

namespace {

constexpr double most_sd = 10.0;  // a draw time is not later than this many of its standard errors

// What one level says of the gradient and the expected information; a and c are its rows.
template <class Row>
void add_level(const Term& term, const Row& a, const Row& c, Evaluation& e) {
  e.gradient += term.d_lnV * c.transpose() + term.d_f * a.transpose();
  for (Eigen::Index i = 0; i < a.size(); ++i)
    for (Eigen::Index j = 0; j < a.size(); ++j)
      e.expected(i, j) += term.ff * a[i] * a[j] + term.vv * c[i] * c[j] + term.fv * (a[i] * c[j] + c[i] * a[j]);
}

}  // namespace

Result<Objective> Objective::make(Compiled model, const Patient& patient, const BuiltSchedule& built,
                                  const SimulateOptions& options, double loose_rtol, double prior_weight) {
  auto measured = bind_observations(*model, patient, built);
  if (!measured) return measured.diagnostics();
  Objective objective;
  objective.model_ = std::move(model);
  Schedule schedule = built.schedule;
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
  schedule.samples.clear();
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] < 0) continue;
    row[i] = static_cast<int>(schedule.samples.size());
    schedule.samples.push_back(built.schedule.samples[i]);
  }
  for (Measured& m : objective.measured_) {
    m.sample = row[static_cast<std::size_t>(m.sample)];
    if (m.used) ++objective.used_;
  }
  // What comes after the last level cannot change a prediction: a lag only delays.
  double last = schedule.start;
  for (const Sample& sample : schedule.samples) {
    const double late = sample.shift < 0 ? 0.0 : most_sd * std::sqrt(effects.omega(sample.shift, sample.shift));
    last = std::max(last, sample.time + late);
  }
  std::erase_if(schedule.doses, [&](const ScheduledDose& dose) { return dose.time > last; });
  std::erase_if(schedule.resets, [&](const Reset& reset) { return reset.time > last; });
  objective.schedule_ = std::make_shared<const Schedule>(std::move(schedule));
  objective.memory_->levels.resize(objective.measured_.size());
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

const Course* Objective::course(const Vector& eta, Purpose purpose, std::string* why) const {
  auto& simulation = memory_->simulation[static_cast<std::size_t>(purpose)];
  if (!simulation) {
    SimulateOptions options = options_;
    options.sensitivities = purpose == Purpose::derivatives;
    if (purpose == Purpose::loose) {
      options.rtol = loose_rtol_;
      options.max_steps = std::min(options.max_steps, loose_steps);
    }
    simulation.emplace(*model_, *schedule_, options);
  }
  if (memory_->individual)
    memory_->individual->become(eta);
  else
    memory_->individual.emplace(*model_, eta);
  const Course& course = simulation->of(*memory_->individual);
  if (course.ok) return &course;
  if (why) *why = course.why;
  return nullptr;
}

bool Objective::explain_all(const Course& course, std::string* why) const {
  for (std::size_t i = 0; i < measured_.size(); ++i) {
    if (!measured_[i].used) continue;
    const auto level = explain(measured_[i], predicted(course, measured_[i]), why);
    if (!level) return false;
    memory_->levels[i] = *level;
  }
  correlate(group_, measured_, memory_->levels);
  return true;
}

std::optional<Evaluation> Objective::evaluate(const Vector& eta, std::string* why) const {
  Evaluation at;
  if (!evaluate(eta, at, why)) return std::nullopt;
  return at;
}

bool Objective::evaluate(const Vector& eta, Evaluation& e, std::string* why) const {
  const Course* const course = this->course(eta, Purpose::derivatives, why);
  if (course == nullptr || !explain_all(*course, why)) return false;
  e.gradient.noalias() = prior_inverse_ * eta;
  e.ofv = eta.dot(e.gradient);
  e.gradient *= 2.0;
  for (Vector* const v : {&e.f, &e.V}) v->setZero(used_);
  for (Matrix* const slopes : {&e.a, &e.c}) slopes->setZero(used_, k());
  e.expected.setZero(k(), k());
  Eigen::Index row = -1;
  for (std::size_t i = 0; i < measured_.size(); ++i) {
    const Measured& m = measured_[i];
    if (!m.used) continue;
    ++row;
    const Explained& level = memory_->levels[i];
    e.ofv += level.term.value;
    if (!level.point) continue;
    const ResidualPoint& point = *level.point;
    for (int j = 0; j < k(); ++j) {
      const double slope = course->sens[static_cast<std::size_t>(j)](m.sample, m.output);
      e.a(row, j) = point.df * slope;
      e.c(row, j) = point.dV * slope / point.V;
    }
    e.f[row] = point.f;
    e.V[row] = point.V;
    add_level(level.term, e.a.row(row), e.c.row(row), e);
  }
  if (!group_.members.empty())
    e.expected += group_information(group_, e.a(group_rows_, Eigen::all), e.c(group_rows_, Eigen::all), e.V(group_rows_));
  if (std::isfinite(e.ofv) && e.gradient.allFinite()) return true;
  if (why) *why = "a derivative is not a finite number";
  return false;
}

std::optional<Vector> Objective::predictions(const Vector& eta, bool strict, std::string* why) const {
  const Course* const course = this->course(eta, strict ? Purpose::strict : Purpose::loose, why);
  if (course == nullptr) return std::nullopt;
  Vector all(static_cast<Eigen::Index>(measured_.size()));
  for (std::size_t i = 0; i < measured_.size(); ++i) all[static_cast<Eigen::Index>(i)] = predicted(*course, measured_[i]);
  return all;
}

std::optional<double> Objective::value(const Vector& eta) const {
  const Course* const course = this->course(eta, Purpose::loose, nullptr);
  if (course == nullptr || !explain_all(*course, nullptr)) return std::nullopt;
  double ofv = 0.0;
  for (Eigen::Index i = 0; i < eta.size(); ++i) ofv += eta[i] * prior_inverse_.row(i).dot(eta);
  for (std::size_t i = 0; i < measured_.size(); ++i)
    if (measured_[i].used) ofv += memory_->levels[i].term.value;
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
  Evaluation above, below;
  for (int j = 0; j < k; ++j) {
    const double h = 1e-4 * sd[j];
    Vector up = eta, down = eta;
    up[j] += h;
    down[j] -= h;
    if (!objective.evaluate(up, above) || !objective.evaluate(down, below)) return std::nullopt;
    H.col(j) = (above.gradient - below.gradient) / (up[j] - down[j]);
  }
  return Matrix(0.5 * (H + H.transpose()));
}

}  // namespace titrate
