// The card of a model: everything it says about itself, for the person who has to judge it.

#include "response_card.hpp"

namespace titrate {

json::Value grade_value(const Grading& grade) {
  json::Value object;
  object.set("word", grade.word);
  object.set("because", json::Value(grade.because));
  return object;
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
