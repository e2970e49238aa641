// Of the card: the numbers with their uncertainty and source, and the equations as they are computed.

#include <cmath>

#include "card/card.hpp"
#include "decide/words.hpp"

namespace titrate::card {

namespace {

using json::Array;
using json::Value;

Value parameters(const Model& model) {
  return objects(model.parameters, [&](Value& object, const Parameter& p) {
    object.set("name", p.name);
    object.set("label", p.label);
    object.set("value", p.value / p.unit.factor);
    object.set("unit", p.unit.text);
    object.set("uncertainty", p.uncertainty);
    object.set("read", p.read);
    object.set("assumed", p.assumed);
  });
}

Value random_effects(const std::vector<RandomEffect>& effects) {
  return objects(effects, [&](Value& object, const RandomEffect& effect) {
    object.set("name", effect.name);
    if (!effect.occasion.empty()) {
      object.set("on", effect.on);
      object.set("occasion", effect.occasion);
    }
    object.set("variance", effect.variance);
    object.set("sd", std::sqrt(effect.variance));
    object.set("written", effect.written);
    object.set("uncertainty", effect.uncertainty);
    object.set("read", effect.read);
    object.set("assumed", effect.assumed);
  });
}

Value correlations_of_effects(const Model& model) {
  return objects(model.correlations, [&](Value& object, const EffectCorrelation& stated) {
    object.set("between", Array{Value(stated.between[0]), Value(stated.between[1])});
    object.set("correlation", stated.correlation);
    object.set("uncertainty", stated.uncertainty);
    object.set("read", stated.read);
  });
}

Value intermediates(const std::vector<Intermediate>& list, const std::map<std::string, Unit>& units) {
  return objects(list, [&](Value& object, const Intermediate& intermediate) {
    object.set("name", intermediate.name);
    object.set("text", intermediate.value.text);
    object.set("unit", units.at(intermediate.name).text);
  });
}

Value equations(const Model& model) {
  return objects(model.states, [&](Value& object, const State& state) {
    object.set("state", state.name);
    object.set("initial", state.initial.text);
    object.set("derivative", state.derivative.text);
    object.set("unit", state.unit.text);
  });
}

std::string words_of(const ResidualCorrelation::Side& side) {
  return side.output + (side.assay.empty() ? "" : " by " + side.assay);
}

// How the errors of this output's levels are correlated, in words.
Array correlations(const Model& model, const Output& output) {
  Array words;
  if (output.autocorrelation)
    words.emplace_back("between two levels of " + output.name + ": 1 at once, half as much every " +
                       hours_words(*output.autocorrelation));
  for (const ResidualCorrelation& stated : model.residual_correlations)
    if (stated.between[0].output == output.name || stated.between[1].output == output.name)
      words.emplace_back("between " + words_of(stated.between[0]) + " and " + words_of(stated.between[1]) +
                         " of one sample: " + number_words(stated.correlation) + (stated.read.empty() ? "" : "; " + stated.read));
  return words;
}

Value residuals(const Output& output) {
  return objects(output.residuals, [](Value& object, const Residual& residual) {
    object.set("assay", residual.assay);
    object.set("written", residual.written);
    object.set("uncertainty", residual.uncertainty);
    object.set("read", residual.read);
  });
}

Value outputs(const Model& model) {
  return objects(model.outputs, [&](Value& object, const Output& output) {
    object.set("name", output.name);
    object.set("label", output.label);
    object.set("unit", output.unit.text);
    object.set("matrix", output.matrix);
    object.set("value", output.value.text);
    object.set("drug_level", output.drug_level);
    if (output.lloq) object.set("lloq", *output.lloq / output.unit.factor);
    if (output.uloq) object.set("uloq", *output.uloq / output.unit.factor);
    object.set("residuals", residuals(output));
    if (Array words = correlations(model, output); !words.empty()) object.set("correlations", std::move(words));
  });
}

// How a dose enters each state: what the model states, as its text.
Value entries(const Route& route) {
  return objects(route.entries, [&](Value& object, const Entry& entry) {
    object.set("state", entry.into);
    object.set("bioavailability", entry.bioavailability.text);
    object.set("lag", entry.lag.text);
    if (entry.sets_to) object.set("sets_to", entry.sets_to->text);
    if (entry.duration) object.set("duration", entry.duration->text);
    if (entry.rate) object.set("rate", entry.rate->text);
    if (entry.profile) object.set("profile", entry.profile->text);
  });
}

Value events(const Model& model) {
  return objects(model.events, [&](Value& object, const ConditionEvent& event) {
    object.set("name", event.name);
    if (event.every)
      object.set("every", event.every->text);
    else
      object.set("when", event.when.text);
    object.set("sets",
               objects(event.set, [](Value& set, const auto& to) { set.set("state", to.first).set("value", to.second.text); }));
  });
}

Value routes(const Model& model) {
  return objects(model.routes, [&](Value& object, const Route& route) {
    std::vector<std::string> into;
    for (const Entry& entry : route.entries) into.push_back(entry.into);
    object.set("name", route.name);
    object.set("label", route.label);
    object.set("unit", route.amount_unit.text);
    object.set("into", Value(into));
    object.set("entries", entries(route));
    object.set("bolus", route.allows_bolus);
    object.set("infusion", route.allows_infusion);
  });
}

}  // namespace

void set_model(Value& card, const Model& model) {
  const Units units(model);
  card.set("parameters", parameters(model));
  card.set("random_effects", random_effects(model.random_effects));
  card.set("occasion_effects", random_effects(model.occasion_effects));
  card.set("correlations", correlations_of_effects(model));
  card.set("individual", intermediates(model.individual, units.individual));
  card.set("equations", equations(model));
  card.set("events", events(model));
  card.set("derived", intermediates(model.derived, units.derived));
  card.set("outputs", outputs(model));
  card.set("routes", routes(model));
}

}  // namespace titrate::card
