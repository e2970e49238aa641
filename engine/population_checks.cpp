// Each virtual patient is a worked case of his own: covariates drawn where the check says how, etas drawn from omega, doses as
// written or per unit of a covariate. A share at a time is one of measured values, as studies count them, with a normal error of
// the output's (first) residual variance; medians, means, extremes and areas are those of the predictions. Random numbers are
// counted: stream i belongs to patient i, its first numbers to the etas, the next to the sampled covariates in the order of the
// file.

#include "population_checks.hpp"

#include <algorithm>
#include <cmath>

#include "base/linalg.hpp"
#include "base/rng.hpp"
#include "base/text.hpp"
#include "infer/residual.hpp"
#include "response.hpp"
#include "worked_cases.hpp"

namespace titrate {

namespace {

constexpr std::uint64_t seed_of_checks = 20240229, counter_of_errors = 1u << 20;

const Covariate& covariate_of(const Model& model, const std::string& name) {
  return *std::find_if(model.covariates.begin(), model.covariates.end(), [&](const Covariate& c) { return c.name == name; });
}

// A value between its limits by the inverse distribution function of the log-normal that they cut off.
double draw(const SampledCovariate& sampled, double u) {
  if (!(sampled.sd_log > 0.0)) return sampled.median;
  const double low = normal_cdf(std::log(sampled.within.low / sampled.median) / sampled.sd_log);
  const double high = normal_cdf(std::log(sampled.within.high / sampled.median) / sampled.sd_log);
  return sampled.median * std::exp(sampled.sd_log * normal_quantile(low + u * (high - low)));
}

std::string draw_word(const std::vector<std::pair<std::string, double>>& shares, double u) {
  for (const auto& [word, share] : shares) {
    if (u < share) return word;
    u -= share;
  }
  return shares.back().first;
}

void draw_covariates(const CompiledModel& model, const PopulationCheck& check, const Rng& rng, std::uint64_t counter,
                     WorkedCase& patient) {
  for (const SampledCovariate& sampled : check.sampled) {
    const double u = rng.uniform(counter++);
    const Covariate& covariate = covariate_of(*model.model, sampled.name);
    std::string& text = patient.covariates[sampled.name];
    if (sampled.shares.empty()) {
      text = to_text(draw(sampled, u));
      if (covariate.unit.text != "1") text += " [" + covariate.unit.text + "]";
    } else {
      text = draw_word(sampled.shares, u);
    }
  }
  // Classes that nobody can know, and covariates that the check leaves unknown, by their frequencies.
  for (const Covariate& covariate : model.model->covariates) {
    if (covariate.frequencies.empty() || patient.covariates.count(covariate.name) > 0) continue;
    std::vector<std::pair<std::string, double>> shares;
    for (std::size_t i = 0; i < covariate.choices.size(); ++i)
      shares.emplace_back(covariate.choices[i].first, covariate.frequencies[i]);
    patient.covariates[covariate.name] = draw_word(shares, rng.uniform(counter++));
  }
}

// Lower factor of omega; a random effect without variance keeps 0.
Matrix factor_of(const CompiledModel& model) {
  if (model.k == 0) return Matrix();
  const Eigen::LDLT<Matrix> ldlt(model.model->omega);
  const Vector d = ldlt.vectorD().cwiseMax(0.0).cwiseSqrt();
  const Matrix lower = ldlt.matrixL();
  return ldlt.transpositionsP().transpose() * (lower * d.asDiagonal().toDenseMatrix());
}

// "72.5 [kg]" in the unit of the covariate.
double value_of(const Covariate& covariate, const std::string& text) {
  return parse_quantity(text, covariate.unit, covariate.path)->value / covariate.unit.factor;
}

// What would be measured where `value`, in the unit of the output, is predicted; a prediction without an error model stays.
double measured(const CompiledModel& model, const PopulationCheck& check, double value, double z) {
  const WorkedCase::Check& read = check.patient.checks.front();
  const bool share =
      check.statistic == PopulationCheck::Statistic::share_below || check.statistic == PopulationCheck::Statistic::share_above;
  if (!share || read.what != "value") return value;
  const std::vector<Output>& outputs = model.model->outputs;
  const auto output =
      std::find_if(outputs.begin(), outputs.end(), [&](const Output& candidate) { return candidate.name == read.output; });
  const auto& residuals = model.residuals[static_cast<std::size_t>(output - outputs.begin())];
  if (residuals.empty()) return value;
  const auto point = residual_at(residuals.front(), value * output->unit.factor);
  if (!point) return value;
  return from_scale(residuals.front(), point->f + std::sqrt(point->V) * z) / output->unit.factor;
}

double statistic_of(const PopulationCheck& check, std::vector<double> values) {
  using Statistic = PopulationCheck::Statistic;
  const auto n = static_cast<double>(values.size());
  switch (check.statistic) {
    case Statistic::mean: {
      double sum = 0.0;
      for (const double value : values) sum += value;
      return sum / n;
    }
    case Statistic::share_below:
      return static_cast<double>(std::count_if(values.begin(), values.end(), [&](double v) { return v < check.limit; })) / n;
    case Statistic::share_above:
      return static_cast<double>(std::count_if(values.begin(), values.end(), [&](double v) { return v > check.limit; })) / n;
    case Statistic::median:
      break;
  }
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : 0.5 * (values[half - 1] + values[half]);
}

// To four digits: builds differ in the last bits of a number.
double rounded(double value) {
  if (value == 0.0) return value;
  double scale = 1.0;
  while (std::fabs(value) * scale < 1e3) scale *= 10.0;
  while (std::fabs(value) * scale >= 1e4) scale /= 10.0;
  return std::round(value * scale) / scale;
}

}  // namespace

Result<std::vector<double>> values_of(const CompiledModel& model, const PopulationCheck& check, std::uint64_t seed) {
  const Units units(*model.model);
  const std::vector<RandomEffect>& effects = model.model->random_effects;
  const Matrix factor = factor_of(model);
  std::vector<double> values;
  for (int i = 0; i < check.patients; ++i) {
    const Rng rng{seed, static_cast<std::uint64_t>(i)};
    WorkedCase patient = check.patient;
    Vector z(model.k);
    for (Eigen::Index j = 0; j < z.size(); ++j) z[j] = rng.normal(static_cast<std::uint64_t>(j));
    if (model.k > 0) z = (factor * z).eval();
    for (std::size_t j = 0; j < effects.size(); ++j) {
      const auto same = [&](const auto& given) { return given.first == effects[j].name; };
      if (std::none_of(check.patient.eta.begin(), check.patient.eta.end(), same))
        patient.eta.emplace_back(effects[j].name, z[static_cast<Eigen::Index>(j)]);
    }
    draw_covariates(model, check, rng, static_cast<std::uint64_t>(model.k), patient);
    if (!check.per.empty())
      patient.amount_factor = value_of(covariate_of(*model.model, check.per), patient.covariates.at(check.per));
    const auto result = run_worked_case(model, units, patient);
    if (!result) return result.diagnostics();
    values.push_back(measured(model, check, result->front().got, rng.normal(counter_of_errors)));
  }
  return values;
}

bool accepts(const PopulationCheck& check, double got) { return got >= check.accepted.low && got <= check.accepted.high; }

Result<std::vector<PopulationOutcome>> run_population_checks(const CompiledModel& model) {
  std::vector<PopulationOutcome> outcomes;
  Diagnostics diagnostics;
  for (const PopulationCheck& check : model.model->population_checks) {
    const auto values = values_of(model, check, seed_of_checks);
    append(diagnostics, values.diagnostics());
    if (!values) continue;
    const double got = rounded(statistic_of(check, *values));
    outcomes.push_back({check.patient.label, got, accepts(check, got)});
  }
  if (has_error(diagnostics)) return diagnostics;
  return Result<std::vector<PopulationOutcome>>(std::move(outcomes), diagnostics);
}

}  // namespace titrate
