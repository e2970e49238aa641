#include "support/neutral_case.hpp"

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

#include "base/json.hpp"

namespace titrate::support {

namespace {

[[noreturn]] void bad(const std::string& what) { throw std::runtime_error("neutral case: " + what); }

const json::Value& at(const json::Value& object, const char* key) {
  const json::Value* value = object.find(key);
  if (!value) bad(std::string("no ") + key);
  return *value;
}

bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_number_start(char c) { return (c >= '0' && c <= '9') || c == '.'; }

// The end of the parenthesis that opens at `open`, and the positions of its top-level commas.
std::size_t closing(const std::string& text, std::size_t open, std::vector<std::size_t>& commas) {
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ',' && depth == 1) commas.push_back(i);
    if (text[i] == ')' && --depth == 0) return i;
  }
  bad("a parenthesis is not closed in " + text);
}

std::size_t number_end(const std::string& text, std::size_t i) {
  while (i < text.size() && is_number_start(text[i])) ++i;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    while (i < text.size() && is_number_start(text[i])) ++i;
  }
  return i;
}

Expression expression(const std::string& text, const std::string& path) { return {translate(text), path}; }

std::string expression_text(const json::Value& value) {
  if (value.is_string()) return value.string();
  std::ostringstream text;
  text.precision(17);
  text << value.number();
  return text.str();
}

void read_effects(NeutralCase& result, const json::Value& definition) {
  Model& model = result.model;
  for (const auto& theta : at(definition, "theta").array()) {
    Parameter parameter;
    parameter.name = at(theta, "name").string();
    parameter.value = at(theta, "value").number();
    model.parameters.push_back(parameter);
  }
  const auto& omega = at(definition, "omega").array();
  const auto k = static_cast<Eigen::Index>(omega.size());
  model.omega = Matrix::Zero(k, k);
  for (Eigen::Index i = 0; i < k; ++i)
    for (Eigen::Index j = 0; j < k; ++j)
      model.omega(i, j) = omega[static_cast<std::size_t>(i)].array()[static_cast<std::size_t>(j)].number();
  for (const auto& eta : at(definition, "eta").array()) {
    RandomEffect effect;
    effect.name = at(eta, "name").string();
    const auto i = static_cast<Eigen::Index>(model.random_effects.size());
    effect.variance = model.omega(i, i);
    model.random_effects.push_back(effect);
    const json::Value* level = eta.find("level");
    if (level && level->is_string() && level->string() != "iiv") result.unsupported = "inter-occasion variability";
  }
}

void read_covariates(Model& model, const json::Value& definition) {
  const bool next = at(definition, "covariate_interpolation").string().rfind("next record", 0) == 0;
  for (const auto& entry : at(definition, "covariates").array()) {
    Covariate covariate;
    covariate.name = at(entry, "name").string();
    covariate.over_time = next ? OverTime::next : OverTime::last;
    model.covariates.push_back(covariate);
  }
}

void read_structure(Model& model, const json::Value& definition) {
  for (const auto& entry : at(definition, "individual_parameters").array())
    model.individual.push_back(
        {at(entry, "name").string(), std::nullopt, expression(at(entry, "expr").string(), "/individual_parameters"), ""});
  for (const auto& entry : at(definition, "ode_auxiliary").array())
    model.derived.push_back(
        {at(entry, "name").string(), std::nullopt, expression(at(entry, "expr").string(), "/ode_auxiliary"), ""});
  const auto& initial = at(definition, "initial_conditions");
  for (const auto& [name, rate, span] : at(definition, "odes").object()) {
    State state;
    state.name = name;
    state.derivative = expression(rate.string(), "/odes/" + name);
    const json::Value* start = initial.find(name);
    state.initial = expression(start ? expression_text(*start) : "0", "/initial_conditions/" + name);
    model.states.push_back(state);
  }
}

void read_routes(NeutralCase& result, const json::Value& definition) {
  const json::Value& dosing = at(definition, "dosing");
  const auto given = [&](const char* what, const std::string& cmt) -> std::optional<std::string> {
    const json::Value* map = dosing.find(what);
    const json::Value* name = map ? map->find(cmt) : nullptr;
    if (!name) return std::nullopt;
    return name->string();
  };
  for (const auto& entry : at(dosing, "dose_compartments").array()) {
    const std::string cmt = std::to_string(static_cast<int>(entry.number()));
    Route route;
    route.name = "cmt" + cmt;
    route.allows_infusion = true;
    route.entries.push_back(
        {"A" + cmt, {given("bioavailability", cmt).value_or("1"), ""}, {given("lag", cmt).value_or("0"), ""}, {}});
    result.model.routes.push_back(route);
  }
}

void read_outputs(NeutralCase& result, const json::Value& definition, std::map<std::string, std::string>& output_of) {
  for (const auto& entry : at(definition, "outputs").array()) {
    Output output;
    output.name = at(entry, "name").string();
    output.value = expression(at(entry, "f").string(), "/outputs");
    Residual residual;
    residual.log_scale = at(entry, "scale").string() == "log";
    residual.variance = {translate(at(at(entry, "error"), "variance_expr").string(), {{"F", "prediction"}}), "/outputs/error"};
    output.residuals.push_back(residual);
    output_of[std::to_string(static_cast<int>(at(entry, "cmt").number()))] = output.name;
    result.model.outputs.push_back(output);
  }
  const json::Value& blq = at(definition, "blq");
  if (blq.is_string() && blq.string() != "none") result.unsupported = "censored levels";
}

DosingEvent dose_of(const std::map<std::string, std::string>& row, int order) {
  const auto field = [&](const char* name) { return row.count(name) ? number(row.at(name)) : 0.0; };
  DosingEvent dose;
  dose.time = field("TIME");
  dose.amt = field("AMT");
  dose.rate = field("RATE");
  dose.input = dose.rate > 0.0 ? DosingEvent::Input::rate : DosingEvent::Input::bolus;
  dose.ii = field("II");
  dose.addl = static_cast<int>(field("ADDL"));
  dose.ss = static_cast<int>(field("SS"));
  dose.route = "cmt" + row.at("CMT");
  dose.order = order;
  return dose;
}

// Values of a record hold to the next or from the last one; of two at the same time the first, or the last, holds.
void add_covariates(Patient& patient, const Model& model, const std::map<std::string, std::string>& row) {
  const double time = number(row.at("TIME"));
  for (const Covariate& covariate : model.covariates) {
    const std::string& field = row.at(covariate.name);
    if (field == "." || field.empty()) continue;
    CovariateCourse& course = patient.covariates[covariate.name];
    const bool same = !course.time.empty() && course.time.back() == time;
    if (same && covariate.over_time == OverTime::last) course.value.back() = number(field);
    if (same) continue;
    course.time.push_back(time);
    course.value.push_back(number(field));
  }
}

void read_records(NeutralCase& result, const Table& data, const std::map<std::string, std::string>& output_of) {
  int order = 0;
  for (const auto& row : data.rows) {
    if (result.subjects.empty() || result.subjects.back().id != row.at("ID")) {
      result.subjects.push_back({row.at("ID"), {}});
      order = 0;
    }
    Patient& patient = result.subjects.back().patient;
    const std::string& evid = row.at("EVID");
    add_covariates(patient, result.model, row);
    if (evid == "3" || evid == "4") patient.resets.push_back({number(row.at("TIME")), order});
    if (evid == "1" || evid == "4") {
      if (row.count("RATE") && number(row.at("RATE")) < 0.0) result.unsupported = "modelled durations and rates";
      patient.doses.push_back(dose_of(row, order));
    }
    if (evid == "0") {
      Observation observation;
      observation.time = number(row.at("TIME"));
      observation.dv = number(row.at("DV"));
      if (row.count("MDV") && row.at("MDV") == "1") {  // wanted, but not a level
        observation.excluded = true;
        observation.why = "missing";
        observation.dv = 1.0;  // not used: any value that both scales can hold
      }
      observation.output = output_of.at(row.at("CMT"));
      observation.order = order;
      patient.observations.push_back(observation);
    }
    ++order;
  }
}

}  // namespace

bool Table::has(const std::string& column) const {
  for (const auto& name : columns)
    if (name == column) return true;
  return false;
}

double number(const std::string& field) {
  if (field == "." || field.empty()) return 0.0;
  char* end = nullptr;
  const double value = std::strtod(field.c_str(), &end);
  if (end != field.c_str() + field.size()) bad("not a number: " + field);
  return value;
}

std::optional<std::string> read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::optional<Table> read_table(const std::string& path) {
  const auto text = read_text(path);
  if (!text) return std::nullopt;
  Table table;
  std::istringstream lines(*text);
  std::string line;
  while (std::getline(lines, line)) {
    while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.pop_back();
    if (line.empty()) continue;
    std::vector<std::string> fields;
    std::string field;
    std::istringstream cells(line);
    while (std::getline(cells, field, ',')) fields.push_back(field);
    if (line.back() == ',') fields.emplace_back();
    if (table.columns.empty()) {
      table.columns = fields;
      continue;
    }
    if (fields.size() != table.columns.size()) bad("a row of " + path + " has another number of fields");
    auto& row = table.rows.emplace_back();
    for (std::size_t i = 0; i < fields.size(); ++i) row[table.columns[i]] = fields[i];
  }
  return table;
}

std::optional<std::string> validation_folder() {
  std::vector<std::string> places;
  if (const char* named = std::getenv("TITRATE_VALIDATION"))
    places.emplace_back(named);
  else
    places = {"../shared/validation", "../../shared/validation", "../../../shared/validation"};
  for (const auto& place : places)
    if (read_text(place + "/cases/nm001/model.json")) return place;
  return std::nullopt;
}

std::string translate(const std::string& text, const std::map<std::string, std::string>& renamed) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (is_number_start(text[i])) {
      const std::size_t end = number_end(text, i);
      out += text.substr(i, end - i);
      i = end;
      continue;
    }
    if (!is_name_start(text[i])) {
      out += text[i++];
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && (is_name_start(text[end]) || (text[end] >= '0' && text[end] <= '9'))) ++end;
    const std::string name = text.substr(i, end - i);
    if (name == "pow" || name == "ifelse") {
      std::vector<std::size_t> commas;
      const std::size_t close = closing(text, end, commas);
      const auto part = [&](std::size_t from, std::size_t to) {
        return translate(text.substr(from + 1, to - from - 1), renamed);
      };
      if (name == "pow")
        out += "((" + part(end, commas.at(0)) + ")^(" + part(commas.at(0), close) + "))";
      else
        out += "if(" + part(end, commas.at(0)) + ", " + part(commas.at(0), commas.at(1)) + ", " + part(commas.at(1), close) + ")";
      i = close + 1;
      continue;
    }
    const auto known = renamed.find(name);
    out += known != renamed.end() ? known->second : name == "T" ? "t" : name;
    i = end;
  }
  return out;
}

std::optional<NeutralCase> read_neutral_case(const std::string& validation, const std::string& id) {
  const std::string folder = validation + "/cases/" + id;
  const auto text = read_text(folder + "/model.json");
  const auto data = read_table(folder + "/data.csv");
  if (!text || !data) return std::nullopt;
  const auto definition = json::parse(*text);
  if (!definition) bad(id + "/model.json: " + definition.diagnostics().front().message);
  NeutralCase result;
  result.id = id;
  result.title = at(*definition, "title").string();
  result.model.id = id;
  result.model.title = result.title;
  result.model.unchecked_units = true;
  std::map<std::string, std::string> output_of;
  read_effects(result, *definition);
  read_covariates(result.model, *definition);
  read_structure(result.model, *definition);
  read_routes(result, *definition);
  read_outputs(result, *definition, output_of);
  read_records(result, *data, output_of);
  return result;
}

}  // namespace titrate::support
