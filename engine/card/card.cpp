// The card of a model: everything it says about itself, for the person who has to judge it.

#include "card/card.hpp"

namespace titrate {

using json::Array;
using json::Value;

json::Value grade_value(const Grading& grade) {
  json::Value object;
  object.set("word", grade.word);
  object.set("because", json::Value(grade.because));
  return object;
}

json::Value worked_cases_value(const std::vector<WorkedCheck>& checks) {
  return objects(checks, [&](Value& object, const WorkedCheck& check) {
    object.set("label", check.label);
    object.set("check", check.check);
    object.set("expected", check.expected);
    object.set("got", check.got);
    object.set("unit", check.unit);
    object.set("relative", check.relative);
    object.set("tolerance", check.tolerance);
    object.set("ok", check.ok);
  });
}

json::Value population_outcomes_value(const Model& model, const std::vector<PopulationOutcome>& outcomes) {
  Array array;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const PopulationCheck& check = model.population_checks[i];
    Value object;
    object.set("label", outcomes[i].label);
    object.set("got", outcomes[i].got);
    object.set("published", check.published);
    object.set("accepted", Array{Value(check.accepted.low), Value(check.accepted.high)});
    object.set("ok", outcomes[i].ok);
    array.push_back(std::move(object));
  }
  return array;
}

json::Value card_value(const CompiledModel& compiled, const std::optional<CheckResults>& results) {
  const Model& model = *compiled.model;
  json::Value card;
  card.set("id", model.id);
  card.set("version", model.version);
  card.set("title", model.title);
  card.set("drug", model.drug);
  card.set("class", json::Value(model.classes));
  card.set("citation", model.citation);
  card.set("doi", model.doi);
  card.set("about", model.about);
  card.set("grade", grade_value(grade_of(model, results)));
  card.set("structure", model.structure);
  card.set("time_unit", model.time_unit);
  card.set("solver", solver_name(compiled, Solver::automatic));
  card::set_patient(card, compiled);
  card::set_model(card, model);
  card::set_use(card, model, results);
  return card;
}

}  // namespace titrate
