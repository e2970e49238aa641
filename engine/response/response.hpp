// Results as the JSON of wasm/titrate.d.ts: numbers go from the coherent set to the units that the model declares, times to the
// model's unit of time. Every column and every number stands beside its unit.

#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "decide/recommend.hpp"
#include "infer/posterior.hpp"
#include "model/compiled.hpp"
#include "request/request.hpp"
#include "sim/simulate.hpp"

namespace titrate {

// Units in which results of one model are written.
struct Units {
  explicit Units(const Model& model);
  Unit time;
  std::map<std::string, Unit> individual, derived;  // as stated, else the coherent unit of the expression's dimension

  [[nodiscard]] double in_time(double hours) const { return hours / time.factor; }
  [[nodiscard]] json::Value times(const std::vector<double>& hours) const;
};

// An array with one object for each of a list, whose members `fill(object, item)` sets.
template <class List, class Fill>
[[nodiscard]] json::Value objects(const List& list, Fill fill) {
  json::Array array(list.size());
  std::size_t i = 0;
  for (const auto& item : list) fill(array[i++], item);
  return array;
}

[[nodiscard]] json::Value column(const std::vector<double>& values, const Unit& unit);
[[nodiscard]] json::Value column(const Eigen::Ref<const Vector>& values, double factor);
// "1000 mg": reads back as the same number.
[[nodiscard]] std::string quantity_text(double value, const Unit& unit);

[[nodiscard]] json::Value diagnostics_value(const Diagnostics& diagnostics);
// The same with the line and the column of each in the request's text.
[[nodiscard]] json::Value placed_diagnostics_value(const Diagnostics& diagnostics, std::string_view text,
                                                   const json::Value& root);
[[nodiscard]] json::Value cautions_value(const Cautions& cautions);
[[nodiscard]] json::Value regimen_value(const Model& model, const Regimen& regimen);
[[nodiscard]] json::Value target_value(const Model& model, const Target& target);
[[nodiscard]] json::Value spread_value(const Spread& spread);
void set_chances(json::Value& object, const Chances& chances);

[[nodiscard]] std::string solver_name(const CompiledModel& model, Solver asked);

[[nodiscard]] json::Value covariates_value(const Situation& situation, const Schedule& schedule);
// The genotypes of the request: what was read, by which rules, and what the model makes of it.
[[nodiscard]] json::Value genotypes_value(const Model& model, const std::vector<PatientGenotype>& genotypes);
// Of the card: which covariates of the model come from which gene.
[[nodiscard]] json::Value genotype_sources_value(const Model& model, const std::vector<FromGenotype>& sources);
[[nodiscard]] json::Value simulation_value(const CompiledModel& model, const BuiltSchedule& built, const Course& course,
                                           const Request& request);
// One schedule per variant of the patient.
[[nodiscard]] json::Value fit_value(const Situation& situation, const std::vector<BuiltSchedule>& built,
                                    const Posterior& posterior, const Request& request);
[[nodiscard]] json::Value forecast_value(const Situation& situation, const Forecast& forecast, json::Value fit);
[[nodiscard]] json::Value recommendation_value(const Situation& situation, const Recommendation& recommendation, json::Value fit);

}  // namespace titrate
