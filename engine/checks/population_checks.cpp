// Patients are drawn as virtual_patients.hpp says, doses are as written or per unit of a covariate. A share at a time is one of
// measured values, as studies count them, with a normal error of the output's (first) residual variance; medians, means, extremes
// and areas are those of the predictions.

#include "checks/population_checks.hpp"

#include <algorithm>
#include <cmath>

#include "checks/virtual_patients.hpp"
#include "checks/worked_cases.hpp"
#include "infer/residual.hpp"
#include "response/response.hpp"

namespace titrate {

namespace {

constexpr std::uint64_t seed_of_checks = 20240229;

// The language of the checks is a part of that of requests.
VirtualPatients whom_of(const PopulationCheck& check) {
  VirtualPatients whom;
  whom.common = check.patient;
  for (const SampledCovariate& sampled : check.sampled) {
    const auto shape = sampled.shares.empty() ? Distribution::Shape::log_normal : Distribution::Shape::shares;
    whom.sampled.push_back(
        {sampled.name, "", {{"", {shape, sampled.median, sampled.sd_log, sampled.within, sampled.shares}}}, ""});
  }
  return whom;
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

// What is read of each patient, in the unit of the output.
Result<std::vector<double>> values_of(const Compiled& model, const PopulationCheck& check) {
  const Units units(*model->model);
  const auto draw = VirtualPatientDraw::of(model, whom_of(check));
  if (!draw) return draw.diagnostics();
  std::vector<double> values;
  for (int i = 0; i < check.patients; ++i) {
    const Rng rng{seed_of_checks, static_cast<std::uint64_t>(i)};
    auto patient = draw->draw(rng);
    if (!patient) return patient.diagnostics();
    if (!check.per.empty()) patient->worked.amount_factor = patient->covariates.at(check.per);
    const auto read = worked_values(*model, units, patient->worked);
    if (!read) return read.diagnostics();
    values.push_back(measured(*model, check, read->front(), rng.normal(first_free_counter)));
  }
  return values;
}

}  // namespace

bool accepts(const PopulationCheck& check, double got) { return got >= check.accepted.low && got <= check.accepted.high; }

Result<std::vector<PopulationOutcome>> run_population_checks(const Compiled& model) {
  std::vector<PopulationOutcome> outcomes;
  Diagnostics diagnostics;
  for (const PopulationCheck& check : model->model->population_checks) {
    const auto values = values_of(model, check);
    append(diagnostics, values.diagnostics());
    if (!values) continue;
    const double got = rounded(statistic_of(check, *values));
    outcomes.push_back({check.patient.label, got, accepts(check, got)});
  }
  if (has_error(diagnostics)) return diagnostics;
  return Result<std::vector<PopulationOutcome>>(std::move(outcomes), diagnostics);
}

}  // namespace titrate
