// Population checks: a dose in a virtual population, and the incidence or the level that was published of it.
//
//   { "label": "Grade 4 neutropenia in the first cycle of 100 mg/m2", "covariates": { "sex": "female" },
//     "sampled": { "BSA": { "median": 1.8, "cv": "12 %", "within": [1.3, 2.4] }, "ECOG": { "0": 0.4, "1": 0.6 } },
//     "regimen": "100 mg over 1 h once", "per": "BSA", "patients": 400,
//     "of": "ANC", "each": "min 0 to 21 days", "statistic": "share below 0.5 [1e9/L]",
//     "published": 0.75, "accepted": [0.65, 0.85], "source": "label, table 3", "why": "two arms differed by 0.1" }
//
// "of" may also be an individual parameter, then there is no "each". Numbers stand in the unit of the output or parameter, shares
// are fractions. How patients are drawn: virtual_patients.cpp.

#include <algorithm>
#include <cmath>

#include "model/area_unit.hpp"
#include "model/definition_fields.hpp"
#include "model/definition_sampling.hpp"

namespace titrate::definition {

namespace {

constexpr int usual_patients = 300, most_patients = 5000;

void read_shares(const Covariate& covariate, const json::Value& value, const std::string& path, SampledCovariate& to,
                 Reading& reading) {
  std::vector<std::string> words;
  for (const auto& choice : covariate.choices) words.push_back(choice.first);
  double sum = 0.0;
  each_member(&value, path, reading, [&](const std::string& word, const json::Value& share, const std::string& place) {
    if (!must_know(json::Value(word), place, "a choice", words, reading)) return;
    if (!share.is_number() || !(share.number() >= 0.0 && share.number() <= 1.0)) {
      reading.error_at("model.bad_value", share, place, "A share lies between 0 and 1.", "Write for instance 0.2.");
      return;
    }
    sum += share.number();
    to.shares.emplace_back(word, share.number());
  });
  if (std::fabs(sum - 1.0) > 1e-9) reading.error("model.bad_value", path, "The shares of a population must sum to 1.");
}

// In the unit of the covariate; cv is that of the log-normal distribution before it is cut off.
void read_spread(const json::Value& value, const std::string& path, SampledCovariate& to, Reading& reading) {
  Fields fields(value, path, reading, {"median", "cv", "within"});
  if (!value.is_object()) return;
  if (fields.need("median", "72") != nullptr) to.median = fields.number("median").value_or(1.0);
  if (fields.need("cv", "\"20 %\"") != nullptr)
    if (const auto cv = fields.quantity("cv", Unit{})) to.sd_log = std::sqrt(std::log1p(cv->value * cv->value));
  const json::Value* within = fields.need("within", "[40, 120]");
  if (within == nullptr) return;
  const bool pair =
      within->is_array() && within->array().size() == 2 && within->array()[0].is_number() && within->array()[1].is_number();
  if (pair) to.within = {within->array()[0].number(), within->array()[1].number()};
  if (!pair || !(to.within.low > 0.0 && to.within.low < to.median && to.median < to.within.high))
    reading.error("model.bad_value", fields.at("within"), "Limits are two numbers above 0 with the median between them.");
}

void read_sampled(Fields& fields, PopulationCheck& to, Reading& reading) {
  std::vector<std::string> names;
  for (const Covariate& covariate : reading.model.covariates)
    if (!covariate.input) names.push_back(covariate.name);
  each_member(fields.find("sampled"), fields.at("sampled"), reading,
              [&](const std::string& name, const json::Value& value, const std::string& path) {
                if (!must_know(json::Value(name), path, "a covariate", names, reading)) return;
                SampledCovariate sampled;
                sampled.name = name;
                for (const Covariate& covariate : reading.model.covariates) {
                  if (covariate.name != name) continue;
                  if (covariate.choices.empty())
                    read_spread(value, path, sampled, reading);
                  else
                    read_shares(covariate, value, path, sampled, reading);
                }
                to.sampled.push_back(std::move(sampled));
              });
}

void read_statistic(Fields& fields, const Unit& unit, PopulationCheck& to, Reading& reading) {
  using Statistic = PopulationCheck::Statistic;
  const std::string text = fields.need_text("statistic", "\"median\"");
  if (text == "median" || text == "mean") {
    to.statistic = text == "mean" ? Statistic::mean : Statistic::median;
    return;
  }
  const std::vector<std::pair<std::string, Statistic>> shares{{"share below ", Statistic::share_below},
                                                              {"share above ", Statistic::share_above}};
  for (const auto& [start, statistic] : shares) {
    if (text.rfind(start, 0) != 0) continue;
    to.statistic = statistic;
    const auto limit = parse_literal(text.substr(start.size()), fields.at("statistic"));
    append(reading.diagnostics, limit.diagnostics());
    if (limit && (limit->unit.dimension != unit.dimension || (limit->unit.text == "1") != (unit.text == "1")))
      reading.error("unit.mismatch", fields.at("statistic"), "The limit has no unit that fits " + unit.text + ".",
                    "Write it in " + unit.text + ".");
    else if (limit)
      to.limit = limit->value / unit.factor;
    return;
  }
  reading.error("model.bad_value", fields.at("statistic"), "\"" + text + "\" is no statistic of a population.",
                "Write \"median\", \"mean\", \"share below 0.5 [1e9/L]\" or \"share above 4\".");
}

void read_published(Fields& fields, PopulationCheck& to, Reading& reading) {
  if (fields.need("published", "0.75") != nullptr) to.published = fields.number("published").value_or(0.0);
  to.source = fields.need_text("source", "\"paper or label, with the place\"");
  to.why = fields.need_text("why", "\"the source's interval\"");
  to.recalled = fields.flag("recalled", false);
  const json::Value* accepted = fields.need("accepted", "[0.65, 0.85]");
  if (accepted == nullptr) return;
  const bool pair = accepted->is_array() && accepted->array().size() == 2 && accepted->array()[0].is_number() &&
                    accepted->array()[1].is_number();
  if (pair) to.accepted = {accepted->array()[0].number(), accepted->array()[1].number()};
  if (!pair || !(to.accepted.low < to.accepted.high))
    reading.error("model.bad_value", fields.at("accepted"), "What is accepted is two numbers, the lower first.");
  else if (!(to.accepted.low <= to.published && to.published <= to.accepted.high))
    reading.error("model.bad_value", fields.at("accepted"), "What is accepted must contain what was published.");
}

bool is_drawn(const PopulationCheck& check, const std::string& name) {
  return check.patient.covariates.count(name) > 0 ||
         std::any_of(check.sampled.begin(), check.sampled.end(), [&](const SampledCovariate& s) { return s.name == name; });
}

// Whom the population of a check holds, what they get and what is read of each. Gives the unit of what is read.
std::optional<Unit> read_drawn(Fields& fields, PopulationCheck& to, Reading& reading) {
  to.patient.path = fields.path();
  read_setting(fields, to.patient, reading);
  read_sampled(fields, to, reading);
  to.per = fields.text("per");
  check_per(fields, is_drawn(to, to.per), to.per, reading);
  to.patients = read_patients(fields, !reading.model.random_effects.empty() || !to.sampled.empty(), reading);
  WorkedCase::Check of_each;
  const auto unit = read_of_each(fields, of_each, reading);
  to.patient.checks.push_back(std::move(of_each));
  return unit;
}

void read_check(const json::Value& value, const std::string& path, Reading& reading) {
  Fields fields(value, path, reading,
                {"label", "covariates", "sampled", "inputs", "dialysis", "co_medication", "eta", "regimen", "per", "patients",
                 "of", "each", "statistic", "published", "accepted", "source", "why", "recalled"});
  if (!value.is_object()) return;
  PopulationCheck check;
  check.patient.label = fields.need_text("label", "\"Grade 4 neutropenia at 100 mg/m2\"");
  const auto unit = read_drawn(fields, check, reading);
  if (unit) read_statistic(fields, *unit, check, reading);
  read_published(fields, check, reading);
  reading.model.population_checks.push_back(std::move(check));
}

}  // namespace

std::optional<Unit> read_of_each(Fields& fields, WorkedCase::Check& check, Reading& reading) {
  const std::string of = fields.need_text("of", "\"Cc\"");
  const std::string each = fields.text("each");
  for (const Output& output : reading.model.outputs) {
    if (output.name != of) continue;
    check.output = of;
    if (read_moment(each, check)) return check.what == "auc" ? area_unit(output.unit, reading.model.time_unit) : output.unit;
    reading.error("model.bad_value", fields.has("each") ? fields.at("each") : fields.path(),
                  "\"each\" says when an output is read.",
                  "Write for instance \"12 h\", \"min 0 to 21 days\" or \"auc 0 to 24 h\".");
    return std::nullopt;
  }
  for (const Intermediate& parameter : reading.model.individual) {
    if (parameter.name != of) continue;
    if (fields.has("each")) reading.error("model.bad_value", fields.at("each"), "A parameter is not read at a time.");
    check.what = of;
    return parameter.unit.value_or(Unit{});
  }
  if (!of.empty())
    reading.error("model.unknown_name", fields.at("of"), "\"" + of + "\" is neither an output nor an individual parameter.");
  return std::nullopt;
}

int read_patients(Fields& fields, bool varies, Reading& reading) {
  const double patients = fields.number("patients").value_or(varies ? usual_patients : 1);
  if (patients >= 1.0 && patients <= most_patients && patients == std::floor(patients)) return static_cast<int>(patients);
  reading.error("model.bad_value", fields.at("patients"), "The number of patients is a whole number from 1 to 5000.");
  return 1;
}

void check_per(Fields& fields, bool known, const std::string& per, Reading& reading) {
  if (!per.empty() && !known)
    reading.error("model.missing", fields.at("per"), "The covariate \"" + per + "\" must be given or sampled.");
}

void read_population_checks(const json::Value& file, Reading& reading) {
  each_element(file.find("population_checks"), "/population_checks", reading,
               [&](const json::Value& value, const std::string& path) { read_check(value, path, reading); });
}

}  // namespace titrate::definition
