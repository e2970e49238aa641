#include "checks/grading.hpp"

#include <algorithm>

#include "decide/words.hpp"

namespace titrate {

namespace {

using Sentences = std::vector<std::string>;

std::string counted(std::size_t n, const std::string& one, const std::string& many) {
  return n == 1 ? "1 " + one : std::to_string(n) + " " + many;
}

std::string found(const PopulationCheck& check, double got) {
  return check.patient.label + ": " + number_words(got) + " simulated, " + number_words(check.published) + " published, " +
         number_words(check.accepted.low) + " to " + number_words(check.accepted.high) + " accepted (" + check.source +
         (check.recalled ? "; recalled, not read" : "") + ").";
}

// Where some output has a residual error, one that has none and that no target aims at is an inner quantity, not an endpoint.
bool is_endpoint(const Model& model, const Output& output) {
  if (output.drug_level) return false;
  if (!output.residuals.empty()) return true;
  return std::all_of(model.outputs.begin(), model.outputs.end(), [](const Output& o) { return o.residuals.empty(); }) ||
         std::any_of(model.targets.begin(), model.targets.end(), [&](const Target& t) { return t.output == output.name; });
}

// What keeps the model from anything but teaching.
Sentences against_use(const Model& model, const std::optional<CheckResults>& results) {
  Sentences all;
  if (!results) return {"The checks of this very file have not been run."};
  if (results->numbers == 0) all.push_back("No worked case shows that the file gives its source's numbers.");
  if (results->wrong > 0)
    all.push_back(counted(results->wrong, "number", "numbers") + " of " + std::to_string(results->numbers) +
                  " in the worked cases are not reproduced.");
  std::vector<std::string> passed;  // endpoints
  for (std::size_t i = 0; i < model.population_checks.size(); ++i) {
    const PopulationCheck& check = model.population_checks[i];
    const double got = results->population.at(i);
    if (!accepts(check, got))
      all.push_back("A population check failed. " + found(check, got));
    else if (!check.recalled)
      passed.push_back(check.patient.checks.front().output);
  }
  std::vector<std::string> endpoints;
  bool shown = false;
  for (const Output& output : model.outputs) {
    if (!is_endpoint(model, output)) continue;
    endpoints.push_back(output.label);
    shown = shown || std::find(passed.begin(), passed.end(), output.name) != passed.end();
  }
  if (!endpoints.empty() && !shown)
    all.push_back("No population check passed for what it predicts beside levels of the drug: " + joined(endpoints) + ".");
  return all;
}

std::vector<std::string> assumed_names(const std::vector<RandomEffect>& effects) {
  std::vector<std::string> names;
  for (const RandomEffect& effect : effects)
    if (effect.assumed) names.push_back(effect.name);
  return names;
}

// Outputs whose measured values can be fitted: those with a residual error that somebody published.
bool can_be_fitted(const Output& output) {
  return !output.residuals.empty() &&
         std::none_of(output.residuals.begin(), output.residuals.end(), [](const Residual& r) { return r.assumed; });
}

// What keeps it from fitting a patient.
Sentences against_fitting(const Model& model) {
  Sentences all;
  if (model.random_effects.empty())
    all.push_back("The source publishes no variability between patients.");
  else if (const auto names = assumed_names(model.random_effects); !names.empty())
    all.push_back("Variability between patients is assumed, not published: " + joined(names) + ".");
  if (std::none_of(model.outputs.begin(), model.outputs.end(), can_be_fitted)) {
    const bool assumed =
        std::any_of(model.outputs.begin(), model.outputs.end(), [](const Output& o) { return !o.residuals.empty(); });
    all.push_back(assumed ? "The residual error is assumed, not published." : "The source publishes no residual error.");
  }
  return all;
}

Sentences in_favour(const Model& model, const CheckResults& results) {
  Sentences all{"All " + counted(results.numbers, "number", "numbers") + " of its worked cases are reproduced."};
  for (std::size_t i = 0; i < model.population_checks.size(); ++i)
    if (const PopulationCheck& check = model.population_checks[i]; accepts(check, results.population.at(i)))
      all.push_back("A population check passed. " + found(check, results.population.at(i)));
  if (model.population_checks.empty()) all.push_back("It has no population check.");
  return all;
}

void add(Sentences& to, const Sentences& more) { to.insert(to.end(), more.begin(), more.end()); }

}  // namespace

CheckResults results_of(const std::vector<WorkedCheck>& worked, const std::vector<PopulationOutcome>& population) {
  CheckResults results;
  results.numbers = worked.size();
  results.wrong =
      static_cast<std::size_t>(std::count_if(worked.begin(), worked.end(), [](const WorkedCheck& check) { return !check.ok; }));
  for (const PopulationOutcome& outcome : population) results.population.push_back(outcome.got);
  return results;
}

Grading grade_of(const Model& model, const std::optional<CheckResults>& results) {
  Sentences because = against_use(model, results);
  const Sentences unfit = against_fitting(model);
  const std::string word = !because.empty() ? "teaching only" : !unfit.empty() ? "simulate only" : "fits a patient";
  add(because, unfit);
  if (unfit.empty()) because.push_back("Variability between patients and residual error are published.");
  if (results && results->wrong == 0 && results->numbers > 0) add(because, in_favour(model, *results));
  return {word, because};
}

}  // namespace titrate
