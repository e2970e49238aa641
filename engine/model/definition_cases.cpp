// Worked cases: a patient, a regimen in words, and the numbers that the source or a second program gives for them.
//
//   "regimen": ["1000 mg over 1 h every 12 h, 5 doses", "sc: 40 mg once at 24 h"],  "inputs": { "light": [{ "from": "8 h",
//   "value": 1 }] }, "expect": { "Cc": { "12 h": 6.6867, "max 0 to 24 h": 14.2, "auc 0 to 24 h": 380 }, "parameters": {
//   "CL": 2.65327 } }
//
// Levels are in the unit of the output (auc: times the model's unit of time), parameters in the unit that "individual" states. A
// value at the time of a dose is the one before it. A check may be { "value": 14.2, "tolerance": 0.01, "why": "..." }.

#include <algorithm>

#include "base/names.hpp"
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

// A relative tolerance; a loose one needs its reason.
void read_tolerance(Fields& fields, WorkedCase::Check& check, Reading& reading) {
  check.tolerance = fields.number("tolerance").value_or(check.tolerance);
  if (fields.has("why")) check.why = fields.text("why");
  if (!(check.tolerance > 0.0 && check.tolerance <= 0.1))
    reading.error("model.bad_value", fields.at("tolerance"), "A relative tolerance lies above 0 and at most at 0.1.");
  else if (check.tolerance > 1e-3 && check.why.empty())
    reading.error("model.missing", fields.path(), "A tolerance over 1e-3 needs its reason.",
                  "Add \"why\": \"the source prints two digits\".");
}

void read_check(const std::string& output, const std::string& key, const json::Value& value, const std::string& path,
                const WorkedCase::Check& common, WorkedCase& to, Reading& reading) {
  WorkedCase::Check check = common;
  check.output = output;
  if (value.is_object()) {
    Fields fields(value, path, reading, {"value", "tolerance", "why"});
    if (fields.need("value", "14.2") == nullptr) return;
    const auto expected = fields.number("value");
    read_tolerance(fields, check, reading);
    if (!expected) return;
    check.expected = *expected;
  } else if (value.is_number()) {
    check.expected = value.number();
  } else {
    reading.error_at("model.wrong_kind", value, path, "An expected value is a number, not " + kind_of(value) + ".");
    return;
  }
  if (output.empty()) {
    check.what = key;
    to.checks.push_back(std::move(check));
    return;
  }
  if (read_moment(key, check)) {
    to.checks.push_back(std::move(check));
    return;
  }
  reading.error("model.bad_value", path, "\"" + key + "\" is no time and no window.",
                "Write for instance \"12 h\", \"max 0 to 24 h\", \"min 0 to 21 days\" or \"auc 0 to 24 h\".");
}

void read_expectations(Fields& fields, const WorkedCase::Check& common, WorkedCase& to, Reading& reading) {
  const std::vector<std::string> outputs = names_of(reading.model.outputs), individual = names_of(reading.model.individual);
  each_member(fields.need("expect", "{ \"Cc\": { \"12 h\": 6.6867 } }"), fields.at("expect"), reading,
              [&](const std::string& name, const json::Value& checks, const std::string& path) {
                const bool parameters = name == "parameters";
                if (!parameters && !must_know(json::Value(name), path, "an output", outputs, reading)) return;
                each_member(
                    &checks, path, reading, [&](const std::string& key, const json::Value& value, const std::string& place) {
                      if (parameters && !must_know(json::Value(key), place, "an individual parameter", individual, reading))
                        return;
                      read_check(parameters ? "" : name, key, value, place, common, to, reading);
                    });
              });
}

void read_line(const json::Value& value, const std::string& path, WorkedCase& to, Reading& reading) {
  const auto text = read_text(value, path, reading);
  if (!text) return;
  const auto regimen = parse_regimen(*text, path);
  append(reading.diagnostics, regimen.diagnostics());
  if (!regimen) return;
  to.regimen.push_back(*text);
  const std::vector<std::string> names = names_of(reading.model.routes);
  if (!regimen->route.empty() && !must_know(json::Value(regimen->route), path, "a route", names, reading)) return;
  for (const Route& route : reading.model.routes) {
    if (route.name != (regimen->route.empty() ? names.front() : regimen->route)) continue;
    if (regimen->amt.unit.dimension != route.amount_unit.dimension && !reading.model.unchecked_units)
      reading.error_at("unit.mismatch", value, path,
                       "The amount is in " + regimen->amt.unit.text + ", but the route \"" + route.name + "\" takes " +
                           route.amount_unit.text + ".");
    if (regimen->dur > 0.0 ? !route.allows_infusion : !route.allows_bolus)
      reading.error_at("model.bad_value", value, path,
                       "The route \"" + route.name + "\" allows no " + (regimen->dur > 0.0 ? "infusion." : "bolus."));
  }
}

void read_regimen(Fields& fields, WorkedCase& to, Reading& reading) {
  const json::Value* lines = fields.find("regimen");
  if (lines == nullptr) return;
  if (!lines->is_array()) return read_line(*lines, fields.at("regimen"), to, reading);
  each_element(lines, fields.at("regimen"), reading,
               [&](const json::Value& line, const std::string& path) { read_line(line, path, to, reading); });
}

// Constant covariates are checked here, all that changes with time as a request's patient when the case is run.
void read_patient(Fields& fields, WorkedCase& to, Reading& reading) {
  std::vector<std::string> names;
  const std::vector<std::string> etas = names_of(reading.model.random_effects);
  for (const Covariate& covariate : reading.model.covariates)
    if (!covariate.input) names.push_back(covariate.name);
  json::Value courses{json::Object{}}, patient{json::Object{}};
  each_member(fields.find("covariates"), fields.at("covariates"), reading,
              [&](const std::string& name, const json::Value& given, const std::string& place) {
                if (!must_know(json::Value(name), place, "a covariate", names, reading)) return;
                if (given.is_array()) {
                  courses.set(name, given);
                  return;
                }
                for (const Covariate& covariate : reading.model.covariates)
                  if (covariate.name == name) read_case_covariate(covariate, given, place, to, reading);
              });
  patient.set("covariates", std::move(courses));
  for (const char* key : {"inputs", "dialysis", "co_medication"})
    if (const json::Value* given = fields.find(key)) patient.set(key, *given);
  to.patient = json::write(patient);
  each_member(fields.find("eta"), fields.at("eta"), reading,
              [&](const std::string& name, const json::Value& given, const std::string& place) {
                if (!must_know(json::Value(name), place, "a random effect", etas, reading)) return;
                if (given.is_number())
                  to.eta.emplace_back(name, given.number());
                else
                  reading.error_at("model.wrong_kind", given, place, "An eta is a number, not " + kind_of(given) + ".");
              });
}

void read_case(const json::Value& value, const std::string& path, Reading& reading) {
  Fields fields(
      value, path, reading,
      {"label", "covariates", "inputs", "dialysis", "co_medication", "eta", "regimen", "expect", "tolerance", "why", "rtol"});
  if (!value.is_object()) return;
  WorkedCase worked;
  worked.path = path;
  worked.label = fields.need_text("label", "\"typical patient\"");
  WorkedCase::Check common;
  read_tolerance(fields, common, reading);
  worked.rtol = fields.number("rtol");
  if (worked.rtol && !(*worked.rtol >= 1e-13 && *worked.rtol <= 1e-3))
    reading.error("model.bad_value", fields.at("rtol"), "The solver's relative tolerance lies within 1e-13 to 1e-3.");
  read_setting(fields, worked, reading);
  read_expectations(fields, common, worked, reading);
  reading.model.worked_cases.push_back(std::move(worked));
}

}  // namespace

void read_setting(Fields& fields, WorkedCase& to, Reading& reading) {
  read_patient(fields, to, reading);
  read_regimen(fields, to, reading);
}

bool read_moment(const std::string& text, WorkedCase::Check& to) {
  if (const auto time = parse_hours(text)) {
    to.what = "value";
    to.time = *time;
    return true;
  }
  for (const char* what : {"max", "min", "auc"}) {
    if (text.rfind(std::string(what) + " ", 0) != 0) continue;
    const auto window = parse_window(std::string_view(text).substr(4));
    if (!window) continue;
    to.what = what;
    to.from = window->from;
    to.to = window->to;
    return true;
  }
  return false;
}

void read_worked_cases(const json::Value& file, Reading& reading) {
  each_element(file.find("worked_cases"), "/worked_cases", reading,
               [&](const json::Value& value, const std::string& path) { read_case(value, path, reading); });
}

}  // namespace titrate::definition
