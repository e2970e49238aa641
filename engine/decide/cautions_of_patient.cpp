// Who the patient is, against whom the model may serve and what its covariates were studied in.

#include <algorithm>
#include <cmath>

#include "base/pointer.hpp"
#include "decide/body_mass.hpp"
#include "decide/cautions.hpp"
#include "decide/scenario.hpp"
#include "decide/words.hpp"

namespace titrate {

std::optional<double> weight_of(const Situation& s) {
  for (const Covariate& c : s.model->model->covariates)
    if (c.name == "WT" || c.name == "weight") return known_covariate_now(s, c.name);
  return std::nullopt;
}

std::optional<double> bmi_of(const Situation& s) {
  const std::optional<double> weight = weight_of(s);
  std::optional<double> height;
  for (const Covariate& c : s.model->model->covariates)
    if (c.name == "HT" || c.name == "height") height = known_covariate_now(s, c.name);
  if (!weight || !height || *height <= 0.0) return std::nullopt;
  const double kg = parse_unit("kg")->factor, m = parse_unit("m")->factor;
  return (*weight / kg) / std::pow(*height / m, 2);
}

namespace {

using Grade = Caution::Grade;

const double year = parse_unit("year")->factor;  // h

std::string slug(const std::string& words) {
  std::string name;
  for (const char c : words) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    const char small = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (letter || small != c)
      name += small;
    else if (!name.empty() && name.back() != '_')
      name += '_';
  }
  while (!name.empty() && name.back() == '_') name.pop_back();
  return name;
}

std::optional<double> age_of(const Situation& s) {
  for (const Covariate& c : s.model->model->covariates)
    if (c.unit.dimension == parse_unit("h")->dimension && (c.name == "age" || c.name == "AGE"))
      return known_covariate_now(s, c.name);
  return std::nullopt;
}

// "dose above 60 mg/m2": whether a dose that was given or is planned exceeds it, by more than rounding; nothing when the area is
// not known, or when the words name no such dose.
std::optional<bool> dose_above(const Situation& s, const std::string& who) {
  constexpr double rounding = 1.05;
  const std::string words = "dose above ";
  if (who.compare(0, words.size(), words) != 0) return std::nullopt;
  for (const Product& product : s.model->model->products) {
    if (!product.per_area) continue;
    const auto limit = parse_quantity(who.substr(words.size()), *parse_unit("mg/m^2"), "");
    const auto area = covariate_now(s, product.area);
    if (!limit || !area || *area <= 0.0) return std::nullopt;
    double largest = s.current ? s.current->amt : 0.0;
    for (const PlannedDose& dose : given_doses(s.patient))
      if (dose.taken > 0.0) largest = std::max(largest, dose.amt);
    return largest / *area > limit->value * rounding;
  }
  return std::nullopt;
}

// Whether the patient belongs to a group that a model names: by its condition, or because its name says who is meant; nothing
// when it cannot be told.
std::optional<bool> belongs(const Situation& s, std::size_t service) {
  if (const auto by_condition = belongs_now(s, service)) return by_condition;
  const std::string& who = s.model->model->serves[service].who;
  const auto age = age_of(s);
  if (const auto above = dose_above(s, who)) return above;
  if (who == "child" && age) return *age < 18.0 * year;
  if (who == "neonate" && age) return *age < 28.0 * 24.0;
  if (who == "BMI over 40" || who == "BMI under 40") {
    const auto bmi = bmi_of(s);
    if (bmi) return who == "BMI over 40" ? *bmi > 40.0 : *bmi < 40.0;
  }
  if (who == "dialysis" || who == "haemodialysis") {
    const auto on = known_covariate_now(s, "DIAL");
    if (on) return *on > 0.5;
  }
  return std::nullopt;
}

// What was computed beyond its plausible range: the same number would be refused if a person had given it.
std::optional<Caution> implausible(const Covariate& c, double value) {
  if (!c.plausible) return std::nullopt;
  const double slack = 1e-9 * std::max(std::abs(c.plausible->low), std::abs(c.plausible->high));
  if (value >= c.plausible->low - slack && value <= c.plausible->high + slack) return std::nullopt;
  return Caution{"implausible_" + slug(c.name),
                 Grade::stop,
                 c.label + " was computed as " + in_unit(value, c.unit) + ", outside the plausible " +
                     number_words(c.plausible->low / c.unit.factor) + " to " + in_unit(c.plausible->high, c.unit) + ".",
                 "The formula does not hold for such a patient, or what it is computed from has a slip.",
                 "Check what it is computed from, or enter " + c.name + " as it was measured.",
                 json::child("/patient/covariates", c.name),
                 true};
}

}  // namespace

Cautions covariate_cautions(const Situation& situation) {
  Cautions all;
  const Model& model = *situation.model->model;
  std::vector<bool> matters(model.covariates.size(), false);
  for (const int c : situation.model->required) matters[static_cast<std::size_t>(c)] = true;
  for (std::size_t i = 0; i < model.covariates.size(); ++i) {
    const Covariate& c = model.covariates[i];
    const bool given = situation.patient.covariates.count(c.name) > 0;
    if (!given && !matters[i]) continue;
    const auto value = covariate_now(situation, c.name);
    if (!value) continue;
    if (!given)
      if (const auto caution = implausible(c, *value)) all.push_back(*caution);
    if (!c.studied || (*value >= c.studied->low && *value <= c.studied->high)) continue;
    const bool below = *value < c.studied->low;
    all.push_back({"outside_studied", Grade::warn,
                   c.label + " of " + in_unit(*value, c.unit) + " lies " + (below ? "below" : "above") +
                       " the patients of the model (" + number_words(c.studied->low / c.unit.factor) + " to " +
                       in_unit(c.studied->high, c.unit) + ").",
                   "Beyond its edge the model extrapolates; nobody checked it there.",
                   "Prefer a model that was built on such patients, and measure early.",
                   json::child("/patient/covariates", c.name), false});
  }
  return all;
}

Cautions unknown_cautions(const Situation& situation) {
  Cautions all;
  std::vector<std::string> doses;
  for (const Unknown& unknown : situation.variants.unknown) {
    if (unknown.kind == Unknown::Kind::dose) doses.push_back(unknown.path);
    if (unknown.kind != Unknown::Kind::covariate) continue;
    all.push_back({"unknown_covariate", Grade::note,
                   unknown.label + " is not known: the result averages over what is usual in the population.",
                   "The levels tell a part of it; before any level the frequencies of the source alone speak.",
                   "Enter it when it is known.", unknown.path, false});
  }
  if (!doses.empty())
    all.push_back({"uncertain_doses", Grade::note,
                   doses.size() == 1 ? "It is not sure whether one dose was taken: the result averages over both."
                                     : "It is not sure whether " + std::to_string(doses.size()) +
                                           " doses were taken: the result averages over all cases.",
                   "The levels tell a part of it.", "Ask, and enter what is found out.", doses.front(), false});
  return all;
}

Cautions service_cautions(const Situation& situation) {
  Cautions all;
  std::vector<std::string> unknown;
  const std::vector<Service>& serves = situation.model->model->serves;
  for (std::size_t i = 0; i < serves.size(); ++i) {
    const Service& service = serves[i];
    if (service.status == "studied") continue;
    const auto is = belongs(situation, i);
    if (!is) unknown.push_back(service.who);
    if (!is.value_or(false)) continue;
    const bool excluded = service.status == "excluded", silent = service.status == "not stated";
    all.push_back({(excluded ? "excluded_" : "not_studied_") + slug(service.who), Grade::stop,
                   excluded ? "The model must not be used here: " + service.who + "."
                   : silent ? "The model's source does not say that it studied this kind of patient: " + service.who + "."
                            : "The model did not study this kind of patient: " + service.who + ".",
                   !service.note.empty() ? "Its source says: " + service.note + "."
                   : silent              ? "Nobody can tell whether the model holds here."
                                         : "Its source has no such patients.",
                   excluded ? "Choose another model." : "Choose another model, or accept that this is an extrapolation.", "",
                   !excluded});
  }
  if (!unknown.empty())
    all.push_back({"services_unknown", Grade::note,
                   "The model was not studied in, is not for, or says nothing of: " + joined(unknown) + ".",
                   "Whether this patient is one of them cannot be seen from what was entered.",
                   "Do not use the result if it is so.", "", false});
  return all;
}

namespace {

// Whether levels that are fitted lie on both sides of a time.
bool levels_around(double time, const Patient& patient) {
  bool before = false, after = false;
  for (const Observation& level : patient.observations)
    if (!level.excluded) (level.time < time ? before : after) = true;
  return before && after;
}

}  // namespace

Cautions interaction_cautions(const std::vector<OtherDrug>& taken, const Patient& patient, const std::string& drug) {
  Cautions all;
  const std::vector<Interaction> known = interactions_of(drug);
  for (const OtherDrug& other : taken) {
    const auto pair = std::find_if(known.begin(), known.end(), [&](const Interaction& k) { return k.other == other.drug; });
    if (pair == known.end()) {
      all.push_back({"interaction_not_listed", Grade::note,
                     "No effect of " + other.drug + " on " + drug + " is listed here, and no number contains one.",
                     "A pair that is not listed may interact all the same.", "Look it up; measure when in doubt.", other.path,
                     false});
      continue;
    }
    std::string advice =
        "Measure soon after it begins, changes or stops, and fit: a level drawn while it acts carries its effect, another one "
        "does not.";
    if (levels_around(other.start, patient) || (other.stop && levels_around(*other.stop, patient)))
      advice += " Levels with it and without it are fitted with one clearance: exclude those that no longer hold.";
    all.push_back(
        {"interaction_not_computed", Grade::warn,
         "With " + other.drug + " the exposure to " + pair->drug + " is known to " + (pair->raises ? "rise" : "fall") + ": " +
             pair->effect + ". No number here contains it.",
         "The model was not estimated with it, and what others showed enters no clearance. " + std::string(pair->source) + ".",
         advice, other.path, false});
  }
  return all;
}

Cautions renal_cautions(const Situation& situation) {
  const Instability renal = renal_instability(situation);
  if (!renal.unstable) return {};
  const std::string path = json::child("/patient/covariates", renal.covariate);
  if (renal.scenarios.empty())
    return {{"unstable_renal", Grade::warn,
             "Renal function is changing: " + renal.why + "; the result does not follow it" +
                 (renal.hidden_by.empty() ? std::string() : ", for " + renal.hidden_by + " was entered") + ".",
             "A clearance that is entered, and not computed from creatinine, stays as it is.",
             renal.hidden_by.empty()
                 ? "Measure creatinine and a level again soon."
                 : "Leave " + renal.hidden_by + " out to have it computed from creatinine; measure again soon.",
             path, false}};
  return {{"unstable_renal", Grade::warn, "Renal function is changing: " + renal.why + ".",
           "Clearance after now is not known; equations for clearance assume a steady creatinine. A change counts from 0.3 mg/dL "
           "(26.5 umol/L) within 48 h or by half within 7 days on, up or down (thresholds of KDIGO 2012).",
           "A ranking compares three futures and judges each plan by its worst one. Measure creatinine and a level again soon.",
           path, false}};
}

}  // namespace titrate
