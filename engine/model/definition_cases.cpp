// Worked cases: a patient, a regimen in words, and the numbers that the source or a second program gives for them.
//
//   "expect": { "Cc": { "12 h": 6.6867, "max 0 to 24 h": 14.2, "auc 0 to 24 h": 380 }, "parameters": { "CL": 2.65327 } }
//
// Levels are in the unit of the output (auc: times h), parameters in the unit that "individual" states. A value at the time of
// a dose is the one before it.

#include <algorithm>

#include "base/text.hpp"
#include "model/definition_fields.hpp"
#include "model/regimen_text.hpp"

namespace titrate::definition {

namespace {

// A covariate as a request would write it; a bare number stands in the covariate's unit.
void read_case_covariate(const Covariate& covariate, const json::Value& value, const std::string& path, WorkedCase& to,
                         Reading& reading) {
  if (!covariate.choices.empty()) {
    std::vector<std::string> words;
    for (const auto& choice : covariate.choices) words.push_back(choice.first);
    if (must_know(value, path, "a choice", words, reading)) to.covariates[covariate.name] = value.string();
    return;
  }
  if (value.is_number()) {
    const bool bare = covariate.unit.dimension.none() && covariate.unit.factor == 1.0;
    to.covariates[covariate.name] = to_text(value.number()) + (bare ? "" : " [" + covariate.unit.text + "]");
    return;
  }
  if (read_quantity(value, covariate.unit, path, reading)) to.covariates[covariate.name] = value.string();
}

void read_check(const std::string& output, const std::string& key, const json::Value& value, const std::string& path,
                double tolerance, WorkedCase& to, Reading& reading) {
  WorkedCase::Check check;
  check.output = output;
  check.tolerance = tolerance;
  if (!value.is_number()) {
    reading.error_at("model.wrong_kind", value, path, "An expected value is a number, not " + kind_of(value) + ".");
    return;
  }
  check.expected = value.number();
  if (output.empty()) {
    check.what = key;
    to.checks.push_back(std::move(check));
    return;
  }
  if (const auto time = parse_hours(key)) {
    check.what = "value";
    check.time = *time;
    to.checks.push_back(std::move(check));
    return;
  }
  for (const char* what : {"max", "min", "auc"}) {
    if (key.rfind(std::string(what) + " ", 0) != 0) continue;
    if (const auto window = parse_window(std::string_view(key).substr(4))) {
      check.what = what;
      check.from = window->from;
      check.to = window->to;
      to.checks.push_back(std::move(check));
      return;
    }
  }
  reading.error("model.bad_value", path, "\"" + key + "\" is no time and no window.",
                "Write for instance \"12 h\", \"max 0 to 24 h\", \"min 0 to 21 days\" or \"auc 0 to 24 h\".");
}

void read_expectations(Fields& fields, double tolerance, WorkedCase& to, Reading& reading) {
  std::vector<std::string> outputs, individual;
  for (const Output& output : reading.model.outputs) outputs.push_back(output.name);
  for (const Intermediate& parameter : reading.model.individual) individual.push_back(parameter.name);
  each_member(fields.need("expect", "{ \"Cc\": { \"12 h\": 6.6867 } }"), fields.at("expect"), reading,
              [&](const std::string& name, const json::Value& checks, const std::string& path) {
                const bool parameters = name == "parameters";
                if (!parameters && !must_know(json::Value(name), path, "an output", outputs, reading)) return;
                each_member(
                    &checks, path, reading, [&](const std::string& key, const json::Value& value, const std::string& place) {
                      if (parameters && !must_know(json::Value(key), place, "an individual parameter", individual, reading))
                        return;
                      read_check(parameters ? "" : name, key, value, place, tolerance, to, reading);
                    });
              });
}

void read_regimen(Fields& fields, WorkedCase& to, Reading& reading) {
  to.regimen = fields.need_text("regimen", "\"1000 mg over 1 h every 12 h, 5 doses\"");
  if (to.regimen.empty()) return;
  const auto regimen = parse_regimen(to.regimen, fields.at("regimen"));
  append(reading.diagnostics, regimen.diagnostics());
  if (!regimen || reading.model.routes.empty()) return;
  const Route& route = reading.model.routes.front();
  if (regimen->amt.unit.dimension != route.amount_unit.dimension && !reading.model.unchecked_units)
    reading.error_at("unit.mismatch", *fields.find("regimen"), fields.at("regimen"),
                     "The amount is in " + regimen->amt.unit.text + ", but the route \"" + route.name + "\" takes " +
                         route.amount_unit.text + ".");
  if (regimen->dur > 0.0 ? !route.allows_infusion : !route.allows_bolus)
    reading.error_at("model.bad_value", *fields.find("regimen"), fields.at("regimen"),
                     "The route \"" + route.name + "\" allows no " + (regimen->dur > 0.0 ? "infusion." : "bolus."));
}

void read_case(const json::Value& value, const std::string& path, Reading& reading) {
  Fields fields(value, path, reading, {"label", "covariates", "regimen", "expect", "tolerance"});
  if (!value.is_object()) return;
  WorkedCase worked;
  worked.path = path;
  worked.label = fields.need_text("label", "\"typical patient\"");
  const double tolerance = fields.number("tolerance").value_or(1e-4);
  if (!(tolerance > 0.0 && tolerance <= 0.1))
    reading.error("model.bad_value", fields.at("tolerance"), "A relative tolerance lies above 0 and at most at 0.1.");
  std::vector<std::string> names;
  for (const Covariate& covariate : reading.model.covariates) names.push_back(covariate.name);
  each_member(fields.find("covariates"), fields.at("covariates"), reading,
              [&](const std::string& name, const json::Value& given, const std::string& place) {
                if (!must_know(json::Value(name), place, "a covariate", names, reading)) return;
                for (const Covariate& covariate : reading.model.covariates)
                  if (covariate.name == name) read_case_covariate(covariate, given, place, worked, reading);
              });
  read_regimen(fields, worked, reading);
  read_expectations(fields, tolerance, worked, reading);
  reading.model.worked_cases.push_back(std::move(worked));
}

}  // namespace

void read_worked_cases(const json::Value& file, Reading& reading) {
  each_element(file.find("worked_cases"), "/worked_cases", reading,
               [&](const json::Value& value, const std::string& path) { read_case(value, path, reading); });
}

}  // namespace titrate::definition
