// Of the card: what has to be known of a patient, and what happens to him beside the doses.

#include <algorithm>

#include "card/card.hpp"
#include "patient/interactions.hpp"

namespace titrate::card {

namespace {

using json::Array;
using json::Value;

Value range_value(const Range& range, const Unit& unit) {
  return Array{Value(range.low / unit.factor), Value(range.high / unit.factor)};
}

std::string word_of(OverTime rule) { return rule == OverTime::last ? "last" : rule == OverTime::next ? "next" : "linear"; }

std::string word_of(Continues rule) {
  switch (rule) {
    case Continues::hold:
      return "hold";
    case Continues::trend:
      return "trend";
    case Continues::recover:
      return "recover";
    case Continues::advance:
      return "advance";
  }
  return {};
}

Value covariates(const CompiledModel& compiled) {
  const Model& model = *compiled.model;
  Array array;
  for (std::size_t i = 0; i < model.covariates.size(); ++i) {
    const Covariate& c = model.covariates[i];
    if (c.input) continue;
    Value object;
    object.set("name", c.name);
    object.set("label", c.label);
    object.set("unit", c.unit.text);
    if (c.studied) object.set("studied", range_value(*c.studied, c.unit));
    if (c.plausible) object.set("plausible", range_value(*c.plausible, c.unit));
    if (c.at_least) object.set("at_least", *c.at_least / c.unit.factor);
    if (c.at_most) object.set("at_most", *c.at_most / c.unit.factor);
    if (!c.choices.empty()) {
      Array choices;
      for (const auto& choice : c.choices) choices.emplace_back(choice.first);
      object.set("choices", std::move(choices));
    }
    if (!c.frequencies.empty()) {
      object.set("frequencies", column(c.frequencies, Unit{}));
      object.set("frequencies_read", c.frequencies_read);
    }
    if (c.hidden) object.set("hidden", true);
    object.set("over_time", word_of(c.over_time));
    object.set("continues", word_of(c.continues));
    if (c.from) object.set("from", c.from->text);
    if (c.from_doses) object.set("from", "amount given in 24 h").set("needs", Array{});
    for (const ComputedCovariate& computed : compiled.computed) {
      if (computed.covariate != static_cast<int>(i)) continue;
      Array needs;
      for (const int j : computed.needs) needs.emplace_back(model.covariates[static_cast<std::size_t>(j)].name);
      object.set("needs", std::move(needs));
    }
    if (c.when_unknown) object.set("when_unknown", *c.when_unknown / c.unit.factor);
    object.set("note", c.note);
    array.push_back(std::move(object));
  }
  return array;
}

Value inputs(const Model& model) {
  Array array;
  for (const Covariate& c : model.covariates) {
    if (!c.input) continue;
    Value object;
    object.set("name", c.name);
    object.set("label", c.label);
    object.set("unit", c.unit.text);
    object.set("resting", c.resting / c.unit.factor);
    if (c.plausible) object.set("plausible", range_value(*c.plausible, c.unit));
    object.set("note", c.note);
    array.push_back(std::move(object));
  }
  return array;
}

const Unit& unit_of_input(const Model& model, const std::string& name) {
  return std::find_if(model.covariates.begin(), model.covariates.end(), [&](const Covariate& c) { return c.name == name; })->unit;
}

Value modalities(const Model& model) {
  Array array;
  if (!model.dialysis) return array;
  const Unit& unit = unit_of_input(model, model.dialysis->input);
  for (const Modality& m : model.dialysis->modalities) {
    Value object;
    object.set("name", m.name);
    object.set("label", m.label);
    if (m.clearance) object.set("clearance", *m.clearance / unit.factor);
    if (m.of_effluent) object.set("of_effluent", *m.of_effluent);
    object.set("read", m.read);
    array.push_back(std::move(object));
  }
  return array;
}

Value co_medication(const Model& model) {
  return objects(model.co_medication, [&](Value& object, const CoMedication& drug) {
    const Unit& unit = unit_of_input(model, drug.input);
    object.set("drug", drug.drug);
    object.set("label", drug.label);
    object.set("input", drug.input);
    object.set("value", drug.value / unit.factor);
    object.set("unit", unit.text);
    object.set("read", drug.read);
  });
}

// Those that the model does not compute.
Value interactions(const Model& model) {
  std::vector<Interaction> known = interactions_of(model.drug);
  const auto computed = [&](const Interaction& pair) {
    return std::any_of(model.co_medication.begin(), model.co_medication.end(),
                       [&](const CoMedication& drug) { return drug.drug == pair.other; });
  };
  known.erase(std::remove_if(known.begin(), known.end(), computed), known.end());
  return objects(known, [&](Value& object, const Interaction& pair) {
    object.set("drug", pair.other);
    object.set("exposure", pair.raises ? "rises" : "falls");
    object.set("effect", pair.effect);
    object.set("source", pair.source);
  });
}

}  // namespace

void set_patient(Value& card, const CompiledModel& compiled) {
  const Model& model = *compiled.model;
  card.set("covariates", covariates(compiled));
  card.set("inputs", inputs(model));
  if (model.dialysis) {
    Value dialysis;
    dialysis.set("input", model.dialysis->input);
    dialysis.set("unit", unit_of_input(model, model.dialysis->input).text);
    dialysis.set("modalities", modalities(model));
    card.set("dialysis", std::move(dialysis));
  }
  card.set("co_medication", co_medication(model));
  card.set("interactions", interactions(model));
}

}  // namespace titrate::card
