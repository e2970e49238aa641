// Patients are drawn as for the population checks of a model file (population_checks.cpp): effects from omega, covariates each by
// itself from the distribution that the request states. What is read of each is what the model predicts, without residual error.
// A subgroup is a population whose covariates say so. Percentiles are Hazen's (infer/quantiles.hpp).

#include "virtual_population.hpp"

#include <algorithm>

#include "infer/quantiles.hpp"
#include "model/definition_population.hpp"
#include "population_checks.hpp"

namespace titrate {

namespace {

using json::Value;

Value percentiles(const std::vector<double>& values) {
  const std::vector<std::pair<const char*, double>> asked{{"p5", 0.05},  {"p10", 0.1}, {"p25", 0.25}, {"p50", 0.5},
                                                          {"p75", 0.75}, {"p90", 0.9}, {"p95", 0.95}};
  std::vector<double> p;
  for (const auto& [name, level] : asked) p.push_back(level);
  const auto n = static_cast<Eigen::Index>(values.size());
  const Vector x = Eigen::Map<const Vector>(values.data(), n);
  const std::vector<double> q = weighted_quantiles(x, Vector::Constant(n, 1.0 / static_cast<double>(n)), p);
  Value object;
  for (std::size_t i = 0; i < asked.size(); ++i) object.set(asked[i].first, q[i]);
  return object;
}

Value shares(const std::vector<double>& values, const VirtualPopulation& population) {
  const auto share = [&](auto&& counts) {
    return static_cast<double>(std::count_if(values.begin(), values.end(), counts)) / static_cast<double>(values.size());
  };
  const double below = population.at_least ? share([&](double v) { return v < *population.at_least; }) : 0.0;
  const double above = population.at_most ? share([&](double v) { return v > *population.at_most; }) : 0.0;
  Value object;
  if (population.at_least) object.set("at_least", *population.at_least);
  if (population.at_most) object.set("at_most", *population.at_most);
  object.set("below", below);
  object.set("within", share([&](double v) {
               return !(population.at_least && v < *population.at_least) && !(population.at_most && v > *population.at_most);
             }));
  object.set("above", above);
  return object;
}

}  // namespace

Result<Value> population_value(const CompiledModel& model, const Value& asked, std::uint64_t seed) {
  const auto population = read_virtual_population(asked, "/population", *model.model);
  if (!population) return population.diagnostics();
  const auto values = values_of(model, population->drawn, seed);
  if (!values) return values.diagnostics();
  double sum = 0.0;
  for (const double value : *values) sum += value;
  Value result;
  const WorkedCase::Check& read = population->drawn.patient.checks.front();
  result.set("of", read.output.empty() ? read.what : read.output);
  result.set("unit", population->unit.text);
  result.set("patients", population->drawn.patients);
  result.set("mean", sum / static_cast<double>(values->size()));
  result.set("percentiles", percentiles(*values));
  if (population->at_least || population->at_most) result.set("shares", shares(*values, *population));
  return result;
}

}  // namespace titrate
