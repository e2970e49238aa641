#include "infer/residual.hpp"

#include <cmath>

#include "base/normal.hpp"
#include "base/rng.hpp"

namespace titrate {

namespace {

int find_output(const CompiledModel& model, const std::string& name) {
  const auto& outputs = model.model->outputs;
  for (std::size_t i = 0; i < outputs.size(); ++i)
    if (outputs[i].name == name) return static_cast<int>(i);
  return -1;
}

Diagnostic error(const char* code, std::string path, std::string message, std::string hint = {}) {
  return {code, Severity::error, std::move(path), std::nullopt, std::move(message), std::move(hint)};
}

std::string assays_of(const std::vector<CompiledResidual>& residuals) {
  std::string list;
  for (const auto& residual : residuals) list += (list.empty() ? "" : ", ") + residual.assay;
  return list;
}

// The level, or what is wrong with it.
Result<Measured> bind(const CompiledModel& model, const Observation& observation) {
  Measured measured;
  measured.output = find_output(model, observation.output);
  if (measured.output < 0)
    return error("infer.unknown_output", observation.path, "the model has no output '" + observation.output + "'");
  const auto& residuals = model.residuals[static_cast<std::size_t>(measured.output)];
  if (residuals.empty())
    return error("infer.no_error_model", observation.path,
                 "output '" + observation.output + "' has no residual error, so a level of it cannot be used",
                 "exclude the level, or use another model");
  measured.residual = find_residual(residuals, observation.assay);
  if (!measured.residual)
    return error("infer.unknown_assay", observation.path,
                 observation.assay.empty() ? "the error of '" + observation.output + "' depends on the assay, which is not stated"
                                           : "the model has no residual error for assay '" + observation.assay + "'",
                 "one of: " + assays_of(residuals));
  measured.censored = observation.censored;
  measured.dv = measured.y = observation.censored == Censored::no ? observation.dv : observation.limit;
  if (!std::isfinite(measured.dv)) return error("infer.not_a_number", observation.path, "the level is not a number");
  if (measured.residual->transformed()) {
    if (measured.dv <= 0.0)
      return error("infer.not_positive", observation.path,
                   "the error of '" + observation.output + "' is on the logarithm or a power, so a level must be positive",
                   "say below which limit the level lies");
    measured.y = on_scale(*measured.residual, measured.dv);
  }
  measured.used = !observation.excluded;
  return measured;
}

std::optional<ResidualPoint> no_point(std::string* why, const char* words) {
  if (why) *why = words;
  return std::nullopt;
}

}  // namespace

const CompiledResidual* find_residual(const std::vector<CompiledResidual>& among, const std::string& assay) {
  for (const auto& residual : among)
    if (residual.assay == assay) return &residual;
  if (among.size() == 1 && (assay.empty() || among.front().assay.empty())) return &among.front();
  return nullptr;
}

Result<std::vector<Measured>> bind_observations(const CompiledModel& model, const Patient& patient, const BuiltSchedule& built) {
  std::vector<Measured> all;
  Diagnostics wrong;
  for (std::size_t i = 0; i < patient.observations.size(); ++i) {
    auto measured = bind(model, patient.observations[i]);
    if (!measured) {
      if (!patient.observations[i].excluded) append(wrong, measured.diagnostics());
      continue;
    }
    measured->observation = static_cast<int>(i);
    measured->sample = built.sample_of_observation[i];
    all.push_back(*measured);
  }
  if (!wrong.empty()) return wrong;
  return all;
}

std::optional<ResidualPoint> residual_at(const CompiledResidual& residual, double prediction, std::string* why) {
  if (!std::isfinite(prediction)) return no_point(why, "a prediction is not a finite number");
  if (residual.transformed() && prediction <= 0.0)
    return no_point(why, "a prediction is not positive, but its error is on the logarithm or a power");
  double out[2] = {0.0, 0.0};
  static thread_local std::vector<double> registers;  // memory between calls
  run(residual.variance, 0.0, &prediction, static_cast<const double*>(nullptr), out, registers);
  if (!std::isfinite(out[0]) || out[0] <= 0.0 || !std::isfinite(out[1]))
    return no_point(why, "a residual variance is not positive");
  ResidualPoint point{prediction, 1.0, out[0], out[1]};
  point.f = on_scale(residual, prediction);
  if (residual.log_scale) point.df = 1.0 / prediction;
  if (residual.box_cox) point.df = std::pow(prediction / residual.unit, *residual.box_cox - 1.0) / residual.unit;
  return point;
}

double on_scale(const CompiledResidual& residual, double x) {
  if (residual.log_scale) return std::log(x);
  if (residual.box_cox) return std::expm1(*residual.box_cox * std::log(x / residual.unit)) / *residual.box_cox;
  return x;
}

double from_scale(const CompiledResidual& residual, double y) {
  if (residual.log_scale) return std::exp(y);
  if (!residual.box_cox) return y;
  const double power = 1.0 + *residual.box_cox * y;
  return power > 0.0 ? residual.unit * std::pow(power, 1.0 / *residual.box_cox) : 0.0;
}

Term density_term(double y, double f, double V, const StudentT* t) {
  const double r = y - f;
  if (t == nullptr) return {std::log(V) + r * r / V, -(2.0 * r / V), 1.0 - r * r / V, 1.0 / V, 0.0, 0.5};
  const double nu = t->nu(), q = r * r / V, weight = (nu + 1.0) / (nu + q);
  return {std::log(V) + (nu + 1.0) * std::log1p(q / nu),
          -2.0 * weight * r / V,
          1.0 - weight * q,
          (nu + 1.0) / ((nu + 3.0) * V),
          0.0,
          0.5 * nu / (nu + 3.0)};
}

Term censored_term(Censored side, double limit, double f, double V, const StudentT* t) {
  const double sd = std::sqrt(V);
  const double sign = side == Censored::below ? 1.0 : -1.0;
  const double z = sign * (limit - f) / sd;
  const double ln_F = t != nullptr ? t->log_cdf(z) : log_phi(z);
  const double ln_rest = t != nullptr ? t->log_cdf(-z) : log_phi(-z);
  const double ln_density = t != nullptr ? t->log_density(z) : -0.5 * (z * z + ln_2_pi);
  const double ratio = std::exp(ln_density - ln_F);                   // F' / F
  const double weight = std::exp(2.0 * ln_density - ln_F - ln_rest);  // F'^2 / (F (1 - F))
  const double dz_df = -sign / sd, dz_dlnV = -0.5 * z;
  return {-2.0 * ln_F,
          -2.0 * ratio * dz_df,
          -2.0 * ratio * dz_dlnV,
          weight * dz_df * dz_df,
          weight * dz_df * dz_dlnV,
          weight * dz_dlnV * dz_dlnV};
}

double density_constant(const Measured& level) {
  if (level.censored != Censored::no) return 0.0;
  const CompiledResidual& residual = *level.residual;
  double constant = residual.student_t ? -2.0 * residual.student_t->log_norm() : ln_2_pi;
  if (residual.log_scale) constant += 2.0 * std::log(level.dv);
  if (residual.box_cox)
    constant += 2.0 * std::log(residual.unit) + 2.0 * (1.0 - *residual.box_cox) * std::log(level.dv / residual.unit);
  return constant;
}

namespace {

// Below a positive limit, and nothing is predicted: certain, whatever the scale of the error.
bool surely_below(const Measured& level, double prediction) {
  return level.censored == Censored::below && prediction <= 0.0 && level.dv > 0.0;
}

}  // namespace

std::optional<Explained> explain(const Measured& level, double prediction, std::string* why) {
  const bool may_vanish = surely_below(level, prediction);
  const auto point = residual_at(*level.residual, prediction, may_vanish ? nullptr : why);
  if (!point && may_vanish) return Explained{};
  if (!point) return std::nullopt;
  const StudentT* t = level.residual->student_t.get();
  return Explained{point, level.censored == Censored::no ? density_term(level.y, point->f, point->V, t)
                                                         : censored_term(level.censored, level.y, point->f, point->V, t)};
}

std::optional<double> chance_below(const Measured& level, double prediction) {
  const auto point = residual_at(*level.residual, prediction);
  if (!point && surely_below(level, prediction)) return 1.0;
  if (!point) return std::nullopt;
  const double z = (level.y - point->f) / std::sqrt(point->V);
  return level.residual->student_t ? level.residual->student_t->cdf(z) : normal_cdf(z);
}

double residual_sd(const Measured& level, const ResidualPoint& point) {
  const double z = (level.y - point.f) / std::sqrt(point.V);
  if (!level.residual->student_t || z == 0.0) return z;
  return std::copysign(normal_quantile(level.residual->student_t->cdf(-std::abs(z))), z);
}

}  // namespace titrate
