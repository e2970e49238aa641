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

// How the model compares with published patients.
struct Compared {
  std::vector<std::string> met;  // the output of each check that passed against a number that was read
  Sentences levels_missed, endpoints_missed;
};

Compared compared_with_patients(const Model& model, const CheckResults& results) {
  Compared compared;
  for (std::size_t i = 0; i < model.population_checks.size(); ++i) {
    const PopulationCheck& check = model.population_checks[i];
    const double got = results.population.at(i);
    const std::string& name = check.patient.checks.front().output;
    const bool endpoint = std::any_of(model.outputs.begin(), model.outputs.end(),
                                      [&](const Output& o) { return o.name == name && is_endpoint(model, o); });
    if (!accepts(check, got))
      (endpoint ? compared.endpoints_missed : compared.levels_missed)
          .push_back("A population check failed. " + found(check, got));
    else if (!check.recalled)
      compared.met.push_back(name);
  }
  return compared;
}

void add(Sentences& to, const Sentences& more) { to.insert(to.end(), more.begin(), more.end()); }

// What keeps the model from anything but teaching.
Sentences against_use(const Model& model, const std::optional<CheckResults>& results, const Compared& compared) {
  Sentences all;
  if (!results) return {"The checks of this very file have not been run."};
  if (results->numbers == 0) all.push_back("No worked case shows that the file gives its source's numbers.");
  if (results->wrong > 0)
    all.push_back(counted(results->wrong, "number", "numbers") + " of " + std::to_string(results->numbers) +
                  " in the worked cases are not reproduced.");
  add(all, compared.endpoints_missed);
  if (compared.met.empty()) add(all, compared.levels_missed);
  std::vector<std::string> endpoints;
  bool shown = false;
  for (const Output& output : model.outputs) {
    if (!is_endpoint(model, output)) continue;
    endpoints.push_back(output.label);
    shown = shown || std::find(compared.met.begin(), compared.met.end(), output.name) != compared.met.end();
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

// What the source does not publish, or somebody assumed.
Sentences unpublished(const Model& model) {
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

// What keeps a model that may be used from fitting a patient: levels that were not compared with published ones, or not all met.
Sentences not_met(const Model& model, const Compared& compared) {
  if (!compared.met.empty()) return compared.levels_missed;
  if (!compared.levels_missed.empty() || !compared.endpoints_missed.empty()) return {};  // said already
  if (model.population_checks.empty()) return {"It has no population check: no published patients were compared with it."};
  return {"Its population checks compare it with recalled numbers only."};
}

Sentences in_favour(const Model& model, const CheckResults& results) {
  Sentences all{"All " + counted(results.numbers, "number", "numbers") + " of its worked cases are reproduced."};
  for (std::size_t i = 0; i < model.population_checks.size(); ++i)
    if (const PopulationCheck& check = model.population_checks[i]; accepts(check, results.population.at(i)))
      all.push_back("A population check passed. " + found(check, results.population.at(i)));
  return all;
}

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
  const Compared compared = results ? compared_with_patients(model, *results) : Compared{};
  Sentences because = against_use(model, results, compared);
  const Sentences unknown = unpublished(model), unmet = not_met(model, compared);
  const bool fits = unknown.empty() && unmet.empty();
  const std::string word = !because.empty() ? "teaching only" : !fits ? "simulate only" : "fits a patient";
  add(because, unknown);
  if (results) add(because, unmet);
  if (unknown.empty()) because.push_back("Variability between patients and residual error are published.");
  if (results && results->wrong == 0 && results->numbers > 0) add(because, in_favour(model, *results));
  return {word, because};
}

}  // namespace titrate
