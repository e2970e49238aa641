#include "decide/cautions.hpp"

#include <algorithm>
#include <cmath>

#include "base/pointer.hpp"
#include "decide/scenario.hpp"
#include "decide/words.hpp"

namespace titrate {

namespace {

using Grade = Caution::Grade;

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

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

const double year = parse_unit("year")->factor;  // h

std::optional<double> age_of(const Situation& s) {
  for (const Covariate& c : s.model->model->covariates)
    if (c.unit.dimension == parse_unit("h")->dimension && (c.name == "age" || c.name == "AGE")) return covariate_now(s, c.name);
  return std::nullopt;
}

// kg/m2, from a weight and a height that the model names in one of the usual ways.
std::optional<double> bmi_of(const Situation& s) {
  std::optional<double> weight, height;
  for (const Covariate& c : s.model->model->covariates) {
    if (c.name == "WT" || c.name == "weight") weight = covariate_now(s, c.name);
    if (c.name == "HT" || c.name == "height") height = covariate_now(s, c.name);
  }
  if (!weight || !height || *height <= 0.0) return std::nullopt;
  const double kg = parse_unit("kg")->factor, m = parse_unit("m")->factor;
  return (*weight / kg) / std::pow(*height / m, 2);
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

// Whether the patient belongs to a group that a model names; nothing when it cannot be told.
std::optional<bool> belongs(const Situation& s, const std::string& who) {
  const auto age = age_of(s);
  if (const auto above = dose_above(s, who)) return above;
  if (who == "child" && age) return *age < 18.0 * year;
  if (who == "neonate" && age) return *age < 28.0 * 24.0;
  if (who == "BMI over 40" || who == "BMI under 40") {
    const auto bmi = bmi_of(s);
    if (bmi) return who == "BMI over 40" ? *bmi > 40.0 : *bmi < 40.0;
  }
  if (who == "dialysis" || who == "haemodialysis") {
    const auto on = covariate_now(s, "DIAL");
    if (on) return *on > 0.5;
  }
  return std::nullopt;
}

// Upper 99 % point of chi-square (Wilson and Hilferty 1931, good to 1 % from k = 1 on).
double chi_square_99(int k) {
  const double a = 2.0 / (9.0 * k);
  return k * std::pow(1.0 - a + 2.326348 * std::sqrt(a), 3);
}

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

Cautions covariate_cautions(const Situation& situation) {
  Cautions all;
  const Model& model = *situation.model->model;
  std::vector<bool> matters(model.covariates.size(), false);
  for (const int c : situation.model->required) matters[static_cast<std::size_t>(c)] = true;
  for (std::size_t i = 0; i < model.covariates.size(); ++i) {
    const Covariate& c = model.covariates[i];
    const bool given = situation.patient.covariates.count(c.name) > 0;
    if (!c.studied || (!given && !matters[i])) continue;
    const auto value = covariate_now(situation, c.name);
    if (!value || (*value >= c.studied->low && *value <= c.studied->high)) continue;
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

Cautions schedule_cautions(const Diagnostics& remarks) {
  Cautions all;
  for (const Diagnostic& d : remarks) {
    if (d.code == "patient.covariate_defaulted")
      all.push_back({"covariate_defaulted", Grade::warn, d.message, "The result depends on a value that is not this patient's.",
                     "Enter it.", d.path, false});
    if (d.code == "patient.covariate_capped")
      all.push_back({"covariate_capped", Grade::note, d.message, "The source limits this covariate in its equations.",
                     "Check the value; beyond the limit the model does not see a difference.", d.path, false});
    if (d.code == "patient.covariate_starts_late")
      all.push_back({"covariate_starts_late", Grade::note, d.message, "Earlier values are not known.",
                     "Enter an earlier value when there is one.", d.path, false});
  }
  return all;
}

Cautions service_cautions(const Situation& situation) {
  Cautions all;
  std::vector<std::string> unknown;
  for (const Service& service : situation.model->model->serves) {
    if (service.status == "studied") continue;
    const auto is = belongs(situation, service.who);
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
    all.push_back({"services_unknown", Grade::note, "The model was not studied in, or is not for: " + joined(unknown) + ".",
                   "Whether this patient is one of them cannot be seen from what was entered.",
                   "Do not use the result if it is so.", "", false});
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

Cautions posterior_cautions(const CompiledModel& model, const Posterior& posterior) {
  Cautions all;
  if (!posterior.ok()) {
    all.push_back({"not_converged", Grade::stop, "The model could not be fitted to the levels.", posterior.words,
                   "Check the levels, their units and their times against the doses.", "", false});
    return all;
  }
  const bool heavy = posterior.pareto_k && *posterior.pareto_k > 0.7;
  if (posterior.ess < 100.0 || heavy)
    all.push_back({"few_draws", Grade::warn,
                   heavy ? "A few draws carry most of the weight (k-hat " + number_words(*posterior.pareto_k, 2) + ")."
                         : "The draws count as " + number_words(std::floor(posterior.ess), 1) + " independent ones only.",
                   "Intervals and probabilities are coarse.", "Ask for more draws; check levels and times if that does not help.",
                   "", false});
  if (posterior.status != PosteriorStatus::converged) return all;
  if (posterior.prior_weight != 1.0)
    all.push_back({"prior_weight", Grade::warn,
                   "What the model knows of the population counts with a weight of " + number_words(posterior.prior_weight) +
                       " against the levels.",
                   std::string("The variances between patients are taken to be ") + number_words(1.0 / posterior.prior_weight) +
                       " times those of the source: estimates, bands and chances are not those of the model as it was published.",
                   "Compare with a weight of 1, and say why another one is used.", "/settings/prior_weight", false});
  std::vector<std::string> far;
  for (int j = 0; j < model.k; ++j) {
    const double sd = std::sqrt(model.omega(j, j));
    if (sd > 0.0 && std::abs(posterior.mode[j]) > 2.0 * sd)
      far.push_back(model.model->random_effects[static_cast<std::size_t>(j)].name + " " +
                    number_words(posterior.mode[j] / sd, 2) + " SD");
  }
  const Vector eta = posterior.mode.head(model.k);
  const double distance = eta.dot(model.omega_inverse * eta);
  if (!far.empty() || (model.k > 0 && distance > chi_square_99(model.k)))
    all.push_back(
        {"prior_and_data", Grade::warn,
         "The levels pull this patient far from the population" + (far.empty() ? std::string() : ": " + joined(far)) + ".",
         "Few patients of the model's population are like this; a wrong level, time or dose may be the cause.",
         "Check them; if they are right, measure again before relying on the fit.", "", false});
  return all;
}

namespace {

constexpr double far_sd = 3.0;
constexpr double rare_percent = 1.0;
constexpr double improbable = 0.00135;  // beyond 3 SD on one side

// Why a level does not fit, or nothing.
std::string misfit_words(const Level& level, const Unit& unit) {
  const double sd = std::abs(level.residual_sd.value_or(0.0));
  const bool rare = level.percentile && (*level.percentile < rare_percent || *level.percentile > 100.0 - rare_percent);
  if (sd <= far_sd && !rare) return {};
  std::string why;
  if (sd > far_sd) why = "It lies " + number_words(sd, 2) + " SD from the fitted curve. ";
  if (level.percentile) why += "It is " + percentile_words(*level.percentile, unit) + ".";
  return why;
}

std::string censored_misfit_words(const Level& level) {
  const double part = level.percentile.value_or(50.0);
  const bool rare = (level.censored == Censored::below ? part : 100.0 - part) < rare_percent;
  const double p = level.probability.value_or(1.0);
  if (p >= improbable && !rare) return {};
  std::string why;
  if (p < improbable) why = "The fitted curve gives such a result a probability of less than 0.2 %. ";
  if (level.percentile) why += "It is " + censored_words(level.censored, *level.percentile) + ".";
  return why;
}

}  // namespace

Cautions misfit_cautions(const Situation& situation, const Posterior& posterior) {
  Cautions all;
  for (const Level& level : posterior.levels) {
    if (!level.used) continue;
    const Observation& o = situation.patient.observations[static_cast<std::size_t>(level.observation)];
    const Unit& unit = situation.model->model->outputs[static_cast<std::size_t>(level.output)].unit;
    const std::string why = o.censored == Censored::no ? misfit_words(level, unit) : censored_misfit_words(level);
    if (why.empty()) continue;
    all.push_back({"misfit", Grade::warn,
                   "The level " + std::string(o.censored == Censored::no ? "of " : "") + level_words(o, unit) + " at " +
                       number_words(o.time, 4) + " h does not fit.",
                   why, "Check dose, draw time, tube and unit; exclude it with a reason when it is wrong.", o.path, false});
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

std::vector<std::string> broken_rules(const Model& model, const Regimen& regimen) {
  constexpr double tiny = 1e-9;
  std::vector<std::string> broken;
  const double daily = std::max(daily_amount(regimen), regimen.amt);
  for (const Rule& rule : model.rules) {
    const bool over = (rule.kind == Rule::Kind::largest_single && regimen.amt > rule.limit * (1.0 + tiny)) ||
                      (rule.kind == Rule::Kind::largest_daily && daily > rule.limit * (1.0 + tiny));
    if (over) broken.push_back("Not within the rules: " + rule.message);
  }
  for (const Product& product : model.products) {
    const bool fast = product.route == regimen.route && product.fastest_rate > 0.0 && regimen.dur > 0.0 &&
                      regimen.amt / regimen.dur > product.fastest_rate * (1.0 + tiny);
    if (fast)
      broken.push_back("Faster than " + product.name + " may be given: at most " + number_words(product.fastest_rate) + " mg/h.");
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

Cautions extrapolation_cautions(const Situation& situation, double horizon) {
  constexpr double week = 168.0;
  double first = situation.now;
  std::optional<double> last;
  for (const Observation& o : situation.patient.observations) {
    if (o.excluded) continue;
    first = std::min(first, o.time);
    last = std::max(last.value_or(o.time), o.time);
  }
  if (!last) return {};
  for (const PlannedDose& dose : given_doses(situation.patient)) first = std::min(first, dose.time);
  const double ahead = situation.now + horizon - *last;
  if (ahead <= std::max(week, 4.0 * (*last - first))) return {};
  return {{"long_extrapolation", Grade::note,
           "The forecast reaches " + hours_words(std::round(ahead)) + " beyond the last level.",
           "The levels cover " + hours_words(std::round(*last - first)) + " of treatment; patients change in longer times.",
           "Measure again on the way.", "", false}};
}

}  // namespace titrate
