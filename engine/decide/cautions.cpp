#include "decide/cautions.hpp"

#include <algorithm>
#include <cmath>

#include "decide/words.hpp"

namespace titrate {

namespace {

using Grade = Caution::Grade;

}  // namespace

std::string word(Grade grade) {
  switch (grade) {
    case Grade::stop:
      return "stop";
    case Grade::warn:
      return "warn";
    case Grade::note:
      break;
  }
  return "note";
}

bool stops(const Cautions& cautions, const std::vector<std::string>& accepted) {
  return std::any_of(cautions.begin(), cautions.end(), [&accepted](const Caution& c) {
    if (c.grade != Grade::stop) return false;
    return !c.acceptable || std::find(accepted.begin(), accepted.end(), c.id) == accepted.end();
  });
}

void merge(Cautions& to, const Cautions& more) {
  for (const Caution& c : more) {
    const auto same = [&c](const Caution& other) { return other.id == c.id && other.path == c.path; };
    if (std::none_of(to.begin(), to.end(), same)) to.push_back(c);
  }
}

bool counts_cells(const Unit& unit) { return unit.dimension == parse_unit("1e9/L")->dimension; }

std::string percentile_words(double percentile, const Unit& unit) {
  if (counts_cells(unit) && percentile < 10.0)
    return "below what is usual for this kind of patient: check the measurement, and what else lowers the count";
  if (counts_cells(unit) && percentile > 90.0)
    return "above what is usual for this kind of patient: check the measurement, and what else raises the count";
  if (percentile < 10.0)
    return "below what is usual for this kind of patient: check that the doses were given and taken, and look for an inducer";
  if (percentile < 25.0) return "in the lower part of what is usual for this kind of patient";
  if (percentile <= 75.0) return "usual for this kind of patient";
  if (percentile <= 90.0) return "in the upper part of what is usual for this kind of patient";
  return "above what is usual for this kind of patient: check the time and place of the draw, and look for an inhibitor or a "
         "failing organ";
}

std::string level_words(const Observation& level, const Unit& unit) {
  const std::string side = level.censored == Censored::below ? "below " : level.censored == Censored::above ? "above " : "";
  return side + in_unit(level.dv, unit);
}

std::string censored_words(Censored side, double percentile) {
  const double part = side == Censored::below ? percentile : 100.0 - percentile;
  const std::string share = part < 1.0    ? "less than 1 %"
                            : part > 99.0 ? "more than 99 %"
                                          : number_words(std::round(part), 2) + " %";
  return "to be expected in " + share + " of this kind of patient";
}

Cautions schedule_cautions(const Diagnostics& remarks) {
  struct Kind {
    const char *code, *id;
    Grade grade;
    const char *why, *what_to_do;
  };
  static constexpr Kind kinds[] = {
      {"patient.covariate_defaulted", "covariate_defaulted", Grade::warn,
       "The result depends on a value that is not this patient's.", "Enter it."},
      {"patient.covariate_capped", "covariate_capped", Grade::note, "The source limits this covariate in its equations.",
       "Check the value; beyond the limit the model does not see a difference."},
      {"patient.covariate_starts_late", "covariate_starts_late", Grade::note, "Earlier values are not known.",
       "Enter an earlier value when there is one."},
      {"patient.covariate_continued", "covariate_continued", Grade::note, "Nobody knows its values to come.",
       "Measure it again, and enter the value."},
      {"patient.covariate_without_trend", "covariate_without_trend", Grade::note, "A trend needs two values.",
       "Enter an earlier value when there is one."},
      {"patient.doses_replaced", "doses_replaced", Grade::warn,
       "A steady state (ss 1) is a patient who has had nothing but its own regimen; these doses count as not given.",
       "Leave out the steady state, or let it add to what is there (ss 2), if they were given."},
  };
  Cautions all;
  for (const Diagnostic& d : remarks)
    for (const Kind& kind : kinds)
      if (d.code == kind.code) all.push_back({kind.id, kind.grade, d.message, kind.why, kind.what_to_do, d.path, false});
  return all;
}

Cautions model_cautions(const Model& model) {
  Cautions all;
  std::vector<std::string> assumed;
  for (const Parameter& p : model.parameters)
    if (p.assumed) assumed.push_back(p.name);
  for (const auto* effects : {&model.random_effects, &model.occasion_effects})
    for (const RandomEffect& e : *effects)
      if (e.assumed) assumed.push_back(e.name);
  for (const Output& output : model.outputs)
    for (const Residual& residual : output.residuals)
      if (residual.assumed) assumed.push_back("residual error of " + output.name);
  if (!assumed.empty())
    all.push_back({"assumed_numbers", Grade::note,
                   "Nobody published these numbers; they are assumptions: " + joined(assumed) + ".",
                   "Bands and probabilities depend on them.", "Read them as an order of magnitude.", "", false});
  return all;
}

std::vector<std::string> broken_rules(const Situation& situation, const Regimen& regimen) {
  const Model& model = *situation.model->model;
  constexpr double tiny = 1e-9;
  std::vector<std::string> broken;
  const double daily = most_in_a_day(regimen);
  for (const Rule& rule : model.rules) {
    const bool over = (rule.kind == Rule::Kind::largest_single && regimen.amt > rule.limit * (1.0 + tiny)) ||
                      (rule.kind == Rule::Kind::largest_daily && daily > rule.limit * (1.0 + tiny));
    if (over) broken.push_back("Not within the rules: " + rule.message);
  }
  for (const Product& product : model.products) {
    const auto fastest = product.route == regimen.route ? fastest_rate(situation, product) : std::nullopt;
    if (!fastest || !(regimen.dur > 0.0) || regimen.amt / regimen.dur <= *fastest * (1.0 + tiny)) continue;
    Unit amount;
    for (const Route& route : model.routes)
      if (route.name == product.route) amount = route.amount_unit;
    broken.push_back("Faster than " + product.name + " may be given: at most " + number_words(*fastest / amount.factor) + " " +
                     amount.text + "/h.");
  }
  return broken;
}

Cautions dosing_cautions(const Situation& situation) {
  const auto given = given_doses(situation.patient);
  if (given.empty() || !situation.current || situation.current->ii <= 0.0 || situation.current->start) return {};
  const double ii = situation.current->ii, since = situation.now - given.back().time;
  if (since < 1.5 * ii) return {};
  return {{"doses_missing", Grade::warn,
           "No dose is entered for the last " + hours_words(since) + ", though one is given every " + hours_words(ii) + ".",
           "A dose that is not entered counts as not given: the forecast is wrong if one was.",
           "Enter the doses up to now, or go on if none was given.", "/patient/doses", false}};
}

}  // namespace titrate
