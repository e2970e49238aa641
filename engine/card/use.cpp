// Of the card: what the model is for and whom it may serve, what is open, and how it was checked.

#include <cmath>

#include "card/card.hpp"
#include "decide/words.hpp"
#include "model/area_unit.hpp"

namespace titrate::card {

namespace {

using json::Array;
using json::Value;

Value targets(const Model& model) {
  return objects(model.targets, [&](Value& object, const Target& target) { object = target_value(model, target); });
}

Value products(const Model& model) {
  return objects(model.products, [&](Value& object, const Product& product) {
    Unit unit;
    for (const Route& route : model.routes)
      if (route.name == product.route) unit = route.amount_unit;
    // Doses per body surface are amounts per m2; the coherent set measures length in dm.
    const Unit per = product.per_area ? known_unit(unit.text + "/m^2") : unit;
    const Unit& time = known_unit(model.time_unit);
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
  });
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
  return objects(model.rules, [&](Value& object, const Rule& rule) {
    object.set("kind", word_of(rule.kind));
    object.set("message", rule.message);
    object.set("source", rule.source);
  });
}

Value services(const Model& model) {
  return objects(model.serves, [&](Value& object, const Service& service) {
    object.set("who", service.who);
    object.set("status", service.status);
    object.set("note", service.note);
  });
}

Value worked_cases(const Model& model) {
  return objects(model.worked_cases, [&](Value& object, const WorkedCase& worked) {
    object.set("label", worked.label);
    object.set("checks", worked.checks.size());
  });
}

// "lowest ANC from 0 h to 84 days": what is read of each patient.
std::string words_of(const WorkedCase::Check& read) {
  if (read.output.empty()) return read.what;
  if (read.what == "value") return read.output + " at " + hours_words(read.time);
  const std::string what = read.what == "min" ? "lowest " : read.what == "max" ? "highest " : "area under ";
  return what + read.output + " from " + hours_words(read.from) + " to " + hours_words(read.to);
}

std::string words_of(const PopulationCheck& check, const Model& model) {
  Unit unit = known_unit("1");
  for (const Output& output : model.outputs)
    if (const WorkedCase::Check& read = check.patient.checks.front(); output.name == read.output)
      unit = read.what == "auc" ? area_unit(output.unit, model.time_unit) : output.unit;
  const std::string limit = in_unit(check.limit * unit.factor, unit);
  switch (check.statistic) {
    case PopulationCheck::Statistic::mean:
      return "mean";
    case PopulationCheck::Statistic::share_below:
      return "share below " + limit;
    case PopulationCheck::Statistic::share_above:
      return "share above " + limit;
    case PopulationCheck::Statistic::median:
      break;
  }
  return "median";
}

std::string percent_words(double part) { return number_words(100.0 * part) + " %"; }

// "WT 70 (CV 22 %, 40 to 130)", "smoker no 80 %, yes 20 %"; numbers in the unit of the covariate.
std::string words_of(const SampledCovariate& sampled) {
  if (sampled.shares.empty())
    return sampled.name + " " + number_words(sampled.median) + " (CV " +
           percent_words(std::sqrt(std::expm1(sampled.sd_log * sampled.sd_log))) + ", " + number_words(sampled.within.low) +
           " to " + number_words(sampled.within.high) + ")";
  std::string words;
  for (const auto& [word, share] : sampled.shares) words += (words.empty() ? "" : ", ") + word + " " + percent_words(share);
  return sampled.name + " " + words;
}

// "50 mg/day from 0 h to 672 h, 50 mg/day from 1008 h" of an input's pieces, as written; they are read when the check is run.
std::string words_of_pieces(const Value& pieces) {
  std::string words;
  if (!pieces.is_array()) return words;
  for (const Value& piece : pieces.array()) {
    const Value* value = piece.find("value");
    if (value == nullptr || !(value->is_string() || value->is_number())) continue;
    words += (words.empty() ? "" : ", ") + (value->is_string() ? value->string() : number_words(value->number()));
    for (const char* key : {"from", "to"})
      if (const Value* time = piece.find(key); time != nullptr && time->is_string())
        words += " " + std::string(key) + " " + time->string();
  }
  return words;
}

// The doses and inputs, what all patients have in common, and how the rest was drawn.
std::string simulated(const PopulationCheck& check) {
  std::string words;
  const auto add = [&](const std::string& more) { words += (words.empty() ? "" : "; ") + more; };
  for (const std::string& course : check.patient.regimen) add(course + (check.per.empty() ? "" : ", per " + check.per));
  const auto besides = json::parse(check.patient.patient);
  if (besides)
    if (const Value* inputs = besides->find("inputs"); inputs != nullptr && inputs->is_object())
      for (const json::Member& input : inputs->object()) add(input.key + " " + words_of_pieces(input.value));
  for (const auto& [name, eta] : check.patient.eta) add(name + " " + number_words(eta));
  for (const auto& [name, value] : check.patient.covariates) add(name + " " + value);
  for (const SampledCovariate& sampled : check.sampled) add(words_of(sampled));
  return words;
}

Value population_checks(const Model& model, const std::optional<CheckResults>& results) {
  Array array;
  for (std::size_t i = 0; i < model.population_checks.size(); ++i) {
    const PopulationCheck& check = model.population_checks[i];
    Value object;
    object.set("label", check.patient.label);
    object.set("of", words_of(check.patient.checks.front()));
    object.set("statistic", words_of(check, model));
    object.set("patients", check.patients);
    object.set("simulated", simulated(check));
    object.set("published", check.published);
    object.set("accepted", Array{Value(check.accepted.low), Value(check.accepted.high)});
    if (results) {
      object.set("got", results->population.at(i));
      object.set("ok", accepts(check, results->population.at(i)));
    }
    object.set("source", check.source);
    object.set("recalled", check.recalled);
    object.set("why", check.why);
    array.push_back(std::move(object));
  }
  return array;
}

Value notes(const Model& model) {
  return objects(model.notes, [](Value& object, const auto& note) {
    object.set("title", note.first);
    object.set("text", note.second);
  });
}

}  // namespace

void set_use(Value& card, const Model& model, const std::optional<CheckResults>& results) {
  card.set("targets", targets(model));
  card.set("products", products(model));
  card.set("rules", rules(model));
  card.set("serves", services(model));
  card.set("caveats", Value(model.caveats));
  card.set("assumptions", Value(model.assumptions));
  card.set("notes", notes(model));
  card.set("worked_cases", worked_cases(model));
  card.set("population_checks", population_checks(model, results));
}

}  // namespace titrate::card
