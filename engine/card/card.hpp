// The card of a model: what it says about itself, what its checks gave, and the grade that follows.

#pragma once

#include "checks/grading.hpp"
#include "checks/population_checks.hpp"
#include "checks/worked_cases.hpp"
#include "model/sampling.hpp"
#include "response/response.hpp"

namespace titrate {

// `results`: what the recorded checks of this very file gave, if they were run.
[[nodiscard]] json::Value card_value(const CompiledModel& model, const std::optional<CheckResults>& results);
[[nodiscard]] json::Value grade_value(const Grading& grade);
[[nodiscard]] json::Value worked_cases_value(const std::vector<WorkedCheck>& checks);
[[nodiscard]] json::Value population_outcomes_value(const Model& model, const std::vector<PopulationOutcome>& outcomes);
// What a model file says of its own population: one entry per covariate, what it is drawn from, in words, and where that was
// read.
[[nodiscard]] json::Value own_population_value(const Model& model, const ModelPopulation& population);

namespace card {

// The parts of a card, in its order.
void set_patient(json::Value& card, const CompiledModel& compiled);
void set_model(json::Value& card, const Model& model);
void set_use(json::Value& card, const Model& model, const std::optional<CheckResults>& results);

}  // namespace card

}  // namespace titrate
