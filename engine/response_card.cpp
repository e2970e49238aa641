// The card of a model: everything it says about itself, for the person who has to judge it.

#include <cmath>

#include "decide/words.hpp"
#include "response.hpp"

namespace titrate {

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
      for (const auto& [word, value] : c.choices) choices.emplace_back(word);
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
  Array array;
  for (const CoMedication& drug : model.co_medication) {
    const Unit& unit = unit_of_input(model, drug.input);
    Value object;
    object.set("drug", drug.drug);
    object.set("label", drug.label);
    object.set("input", drug.input);
    object.set("value", drug.value / unit.factor);
    object.set("unit", unit.text);
    object.set("read", drug.read);
    array.push_back(std::move(object));
  }
  return array;
}

Value parameters(const Model& model) {
  Array array;
  for (const Parameter& p : model.parameters) {
    Value object;
    object.set("name", p.name);
    object.set("label", p.label);
    object.set("value", p.value / p.unit.factor);
    object.set("unit", p.unit.text);
    object.set("read", p.read);
    object.set("assumed", p.assumed);
    array.push_back(std::move(object));
  }
  return array;
}

Value random_effects(const std::vector<RandomEffect>& effects) {
  Array array;
  for (const RandomEffect& effect : effects) {
    Value object;
    object.set("name", effect.name);
    if (!effect.occasion.empty()) {
      object.set("on", effect.on);
      object.set("occasion", effect.occasion);
    }
    object.set("variance", effect.variance);
    object.set("sd", std::sqrt(effect.variance));
    object.set("written", effect.written);
    object.set("read", effect.read);
    object.set("assumed", effect.assumed);
    array.push_back(std::move(object));
  }
  return array;
}

// The correlations that the covariances of omega (or pi) mean.
void add_correlations(const std::vector<RandomEffect>& effects, const Matrix& covariance, Array& array) {
  for (Eigen::Index i = 0; i < covariance.rows(); ++i)
    for (Eigen::Index j = 0; j < i; ++j) {
      if (covariance(i, j) == 0.0) continue;
      Value object;
      object.set("between",
                 Array{Value(effects[static_cast<std::size_t>(j)].name), Value(effects[static_cast<std::size_t>(i)].name)});
      object.set("correlation", covariance(i, j) / std::sqrt(covariance(i, i) * covariance(j, j)));
      array.push_back(std::move(object));
    }
}

Value correlations_of_effects(const Model& model) {
  Array array;
  add_correlations(model.random_effects, model.omega, array);
  add_correlations(model.occasion_effects, model.pi, array);
  return array;
}

Value intermediates(const std::vector<Intermediate>& list, const std::map<std::string, Unit>& units) {
  Array array;
  for (const Intermediate& intermediate : list) {
    Value object;
    object.set("name", intermediate.name);
    object.set("text", intermediate.value.text);
    object.set("unit", units.at(intermediate.name).text);
    array.push_back(std::move(object));
  }
  return array;
}

Value equations(const Model& model) {
  Array array;
  for (const State& state : model.states) {
    Value object;
    object.set("state", state.name);
    object.set("initial", state.initial.text);
    object.set("derivative", state.derivative.text);
    object.set("unit", state.unit.text);
    array.push_back(std::move(object));
  }
  return array;
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

Value outputs(const Model& model) {
  Array array;
  for (const Output& output : model.outputs) {
    Array residuals;
    for (const Residual& residual : output.residuals) {
      Value object;
      object.set("assay", residual.assay);
      object.set("written", residual.written);
      object.set("read", residual.read);
      residuals.push_back(std::move(object));
    }
    Value object;
    object.set("name", output.name);
    object.set("label", output.label);
    object.set("unit", output.unit.text);
    object.set("matrix", output.matrix);
    object.set("value", output.value.text);
    object.set("drug_level", output.drug_level);
    if (output.lloq) object.set("lloq", *output.lloq / output.unit.factor);
    if (output.uloq) object.set("uloq", *output.uloq / output.unit.factor);
    object.set("residuals", std::move(residuals));
    if (Array words = correlations(model, output); !words.empty()) object.set("correlations", std::move(words));
    array.push_back(std::move(object));
  }
  return array;
}

// How a dose enters each state: what the model states, as its text.
Value entries(const Route& route) {
  Array array;
  for (const Entry& entry : route.entries) {
    Value object;
    object.set("state", entry.into);
    object.set("bioavailability", entry.bioavailability.text);
    object.set("lag", entry.lag.text);
    if (entry.sets_to) object.set("sets_to", entry.sets_to->text);
    if (entry.duration) object.set("duration", entry.duration->text);
    if (entry.rate) object.set("rate", entry.rate->text);
    if (entry.profile) object.set("profile", entry.profile->text);
    array.push_back(std::move(object));
  }
  return array;
}

Value events(const Model& model) {
  Array array;
  for (const ConditionEvent& event : model.events) {
    Array sets;
    for (const auto& [state, value] : event.set) {
      Value object;
      object.set("state", state);
      object.set("value", value.text);
      sets.push_back(std::move(object));
    }
    Value object;
    object.set("name", event.name);
    if (event.every)
      object.set("every", event.every->text);
    else
      object.set("when", event.when.text);
    object.set("sets", std::move(sets));
    array.push_back(std::move(object));
  }
  return array;
}

Value routes(const Model& model) {
  Array array;
  for (const Route& route : model.routes) {
    std::vector<std::string> into;
    for (const Entry& entry : route.entries) into.push_back(entry.into);
    Value object;
    object.set("name", route.name);
    object.set("label", route.label);
    object.set("unit", route.amount_unit.text);
    object.set("into", Value(into));
    object.set("entries", entries(route));
    object.set("bolus", route.allows_bolus);
    object.set("infusion", route.allows_infusion);
    array.push_back(std::move(object));
  }
  return array;
}

Value targets(const Model& model) {
  Array array;
  for (const Target& target : model.targets) array.push_back(target_value(model, target));
  return array;
}

Value products(const Model& model) {
  Array array;
  for (const Product& product : model.products) {
    Unit unit;
    for (const Route& route : model.routes)
      if (route.name == product.route) unit = route.amount_unit;
    // Doses per body surface are amounts per m2; the coherent set measures length in dm.
    const Unit per = product.per_area ? known_unit(unit.text + "/m^2") : unit;
    const Unit& time = known_unit(model.time_unit);
    Value object;
    object.set("name", product.name);
    object.set("route", product.route);
    object.set("unit", per.text);
    object.set("step", product.step / per.factor);
    object.set("smallest", product.smallest / per.factor);
    object.set("largest", product.largest / per.factor);
    object.set("intervals", column(product.intervals, time));
    object.set("durations", column(product.durations, time));
    object.set("per_area", product.per_area);
    if (product.only_with) {
      Value only;
      only.set("covariate", product.only_with->covariate);
      only.set("choice", product.only_with->choice);
      object.set("only_with", std::move(only));
    }
    object.set("source", product.source);
    array.push_back(std::move(object));
  }
  return array;
}

std::string word_of(Rule::Kind kind) {
  switch (kind) {
    case Rule::Kind::largest_single:
      return "largest_single";
    case Rule::Kind::largest_daily:
      return "largest_daily";
    case Rule::Kind::hold_below:
      return "hold_below";
    case Rule::Kind::hold_above:
      return "hold_above";
    case Rule::Kind::contraindication:
      return "contraindication";
  }
  return {};
}

Value rules(const Model& model) {
  Array array;
  for (const Rule& rule : model.rules) {
    Value object;
    object.set("kind", word_of(rule.kind));
    object.set("message", rule.message);
    object.set("source", rule.source);
    array.push_back(std::move(object));
  }
  return array;
}

Value services(const Model& model) {
  Array array;
  for (const Service& service : model.serves) {
    Value object;
    object.set("who", service.who);
    object.set("status", service.status);
    object.set("note", service.note);
    array.push_back(std::move(object));
  }
  return array;
}

Value worked_cases(const Model& model) {
  Array array;
  for (const WorkedCase& worked : model.worked_cases) {
    Value object;
    object.set("label", worked.label);
    object.set("checks", worked.checks.size());
    array.push_back(std::move(object));
  }
  return array;
}

std::string words_of(const PopulationCheck& check, const Model& model) {
  std::string unit;
  for (const Output& output : model.outputs)
    if (output.name == check.patient.checks.front().output && output.unit.text != "1") unit = " " + output.unit.text;
  switch (check.statistic) {
    case PopulationCheck::Statistic::mean:
      return "mean";
    case PopulationCheck::Statistic::share_below:
      return "share below " + number_words(check.limit) + unit;
    case PopulationCheck::Statistic::share_above:
      return "share above " + number_words(check.limit) + unit;
    case PopulationCheck::Statistic::median:
      break;
  }
  return "median";
}

Value population_checks(const Model& model) {
  Array array;
  for (const PopulationCheck& check : model.population_checks) {
    const WorkedCase::Check& read = check.patient.checks.front();
    Value object;
    object.set("label", check.patient.label);
    object.set("of", read.output.empty() ? read.what : read.output);
    object.set("statistic", words_of(check, model));
    object.set("patients", check.patients);
    object.set("published", check.published);
    object.set("accepted", Array{Value(check.accepted.low), Value(check.accepted.high)});
    object.set("source", check.source);
    object.set("recalled", check.recalled);
    object.set("why", check.why);
    array.push_back(std::move(object));
  }
  return array;
}

Value notes(const Model& model) {
  Array array;
  for (const auto& [title, text] : model.notes) {
    Value object;
    object.set("title", title);
    object.set("text", text);
    array.push_back(std::move(object));
  }
  return array;
}

}  // namespace

json::Value grade_value(const Grading& grade) {
  Value object;
  object.set("word", grade.word);
  object.set("because", Value(grade.because));
  return object;
}

json::Value card_value(const CompiledModel& compiled, const Grading& grade) {
  const Model& model = *compiled.model;
  const Units units(model);
  Value card;
  card.set("id", model.id);
  card.set("version", model.version);
  card.set("title", model.title);
  card.set("drug", model.drug);
  card.set("class", Value(model.classes));
  card.set("citation", model.citation);
  card.set("doi", model.doi);
  card.set("about", model.about);
  card.set("grade", grade_value(grade));
  card.set("structure", model.structure);
  card.set("time_unit", model.time_unit);
  card.set("solver", solver_name(compiled, Solver::automatic));
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
  card.set("targets", targets(model));
  card.set("products", products(model));
  card.set("rules", rules(model));
  card.set("serves", services(model));
  card.set("caveats", Value(model.caveats));
  card.set("assumptions", Value(model.assumptions));
  card.set("notes", notes(model));
  card.set("worked_cases", worked_cases(model));
  card.set("population_checks", population_checks(model));
  return card;
}

}  // namespace titrate
