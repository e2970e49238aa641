#include "support/neutral_case.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
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

std::string cmt_of(const json::Value& value) {
  if (value.is_string()) return value.string();
  return std::to_string(static_cast<int>(value.number()));
}

std::string expression_text(const json::Value& value) {
  if (value.is_string()) return value.string();
  std::ostringstream text;
  text.precision(17);
  text << value.number();
  return text.str();
}

// One eta of the case: between patients, or of one occasion.
struct Eta {
  std::string name;
  bool occasional = false;
  std::string column;
  double value = 0.0;
};

// Reads one case; the parts follow the sections of model.json.
class Reader {
 public:
  Reader(const json::Value& definition, ReadOccasions occasions) : definition_(definition), as_(occasions) {}

  NeutralCase run(const std::string& id, const Table& data) {
    result_.id = id;
    result_.title = at(definition_, "title").string();
    result_.model.id = id;
    result_.model.title = result_.title;
    result_.model.unchecked_units = true;
    if (at(definition_, "schema").string() != "neutral-popPK/1") bad("another schema than neutral-popPK/1");
    covariates();
    effects();
    structure();
    routes();
    outputs();
    result_.subjects = read_neutral_records(result_.model, data, output_of_, occasions_);
    return std::move(result_);
  }

 private:
  Expression expression(const std::string& text, const std::string& path) const { return {translate(text, renamed_), path}; }

  void covariates() {
    const std::string rule = at(definition_, "covariate_interpolation").string();
    const bool next = rule.rfind("next record", 0) == 0;
    if (!next && rule.rfind("locf", 0) != 0 && rule != "none") bad("covariate_interpolation is \"" + rule + "\"");
    over_time_ = next ? OverTime::next : OverTime::last;
    const auto& list = at(definition_, "covariates").array();
    if (rule == "none" && !list.empty()) over_time_ = OverTime::next;  // constant, or it would have been stated
    for (const json::Value& entry : list) {
      Covariate covariate;
      covariate.name = at(entry, "name").string();
      covariate.label = covariate.name;
      covariate.over_time = over_time_;
      result_.model.covariates.push_back(covariate);
    }
  }

  void effects() {
    for (const json::Value& theta : at(definition_, "theta").array()) {
      Parameter parameter;
      parameter.name = at(theta, "name").string();
      parameter.value = at(theta, "value").number();
      result_.model.parameters.push_back(parameter);
    }
    std::vector<Eta> etas;
    for (const json::Value& entry : at(definition_, "eta").array()) {
      Eta eta;
      eta.name = at(entry, "name").string();
      const json::Value* level = entry.find("level");
      const std::string word = level && level->is_string() ? level->string() : "iiv";
      if (word != "iiv" && word != "iov") bad("an eta of level \"" + word + "\"");
      eta.occasional = word == "iov";
      if (eta.occasional) {
        eta.column = at(entry, "occasion_column").string();
        eta.value = at(entry, "occasion_value").number();
        result_.has_occasions = true;
      }
      etas.push_back(eta);
    }
    const Matrix omega = matrix(etas.size());
    if (as_ == ReadOccasions::as_kappas && result_.has_occasions)
      with_occasions(etas, omega);
    else
      as_they_stand(etas, omega);
  }

  Matrix matrix(std::size_t k) const {
    const auto& rows = at(definition_, "omega").array();
    if (rows.size() != k) bad("omega has another size than eta");
    Matrix omega(static_cast<Eigen::Index>(k), static_cast<Eigen::Index>(k));
    for (std::size_t i = 0; i < k; ++i) {
      if (rows[i].array().size() != k) bad("omega is not square");
      for (std::size_t j = 0; j < k; ++j)
        omega(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = rows[i].array()[j].number();
    }
    return omega;
  }

  RandomEffect effect(const std::string& name, double variance) const {
    RandomEffect one;
    one.name = name;
    one.variance = variance;
    return one;
  }

  void as_they_stand(const std::vector<Eta>& etas, const Matrix& omega) {
    result_.model.omega = omega;
    for (std::size_t i = 0; i < etas.size(); ++i) {
      const auto at = static_cast<Eigen::Index>(i);
      result_.model.random_effects.push_back(effect(etas[i].name, omega(at, at)));
      result_.eta_of_effect.push_back(static_cast<int>(i));
    }
  }

  // The etas of one occasion, in their order, are the kappas; those of the other occasions must be their copies.
  void with_occasions(const std::vector<Eta>& etas, const Matrix& omega) {
    std::vector<int> between;
    std::map<double, std::vector<int>> of_occasion;
    NeutralOccasions occasions;
    occasions.over_time = over_time_;
    for (std::size_t i = 0; i < etas.size(); ++i) {
      if (!etas[i].occasional) {
        between.push_back(static_cast<int>(i));
        continue;
      }
      if (!occasions.column.empty() && occasions.column != etas[i].column) bad("occasions of two kinds");
      occasions.column = etas[i].column;
      of_occasion[etas[i].value].push_back(static_cast<int>(i));
    }
    Model& model = result_.model;
    const std::vector<int>& first = of_occasion.begin()->second;
    model.omega = block(omega, between);
    model.pi = block(omega, first);
    for (const int i : between) {
      model.random_effects.push_back(effect(etas[static_cast<std::size_t>(i)].name, omega(i, i)));
      result_.eta_of_effect.push_back(i);
    }
    for (std::size_t j = 0; j < first.size(); ++j)
      model.occasion_effects.push_back(effect("kappa_" + std::to_string(j + 1), omega(first[j], first[j])));
    for (const auto& [value, members] : of_occasion) {
      occasions.values.push_back(value);
      if (members.size() != first.size() || block(omega, members) != model.pi) bad("occasions that are not alike");
      for (std::size_t j = 0; j < members.size(); ++j) {
        renamed_[etas[static_cast<std::size_t>(members[j])].name] = "kappa_" + std::to_string(j + 1);
        result_.eta_of_effect.push_back(members[j]);
      }
    }
    occasions_ = occasions;
  }

  static Matrix block(const Matrix& omega, const std::vector<int>& which) {
    const auto n = static_cast<Eigen::Index>(which.size());
    Matrix part(n, n);
    for (Eigen::Index i = 0; i < n; ++i)
      for (Eigen::Index j = 0; j < n; ++j)
        part(i, j) = omega(which[static_cast<std::size_t>(i)], which[static_cast<std::size_t>(j)]);
    return part;
  }

  void structure() {
    Model& model = result_.model;
    for (const json::Value& entry : at(definition_, "individual_parameters").array())
      model.individual.push_back(
          {at(entry, "name").string(), std::nullopt, expression(at(entry, "expr").string(), "/individual_parameters"), ""});
    for (const json::Value& entry : at(definition_, "ode_auxiliary").array())
      model.derived.push_back(
          {at(entry, "name").string(), std::nullopt, expression(at(entry, "expr").string(), "/ode_auxiliary"), ""});
    const json::Value& initial = at(definition_, "initial_conditions");
    std::set<std::string> states;
    for (const json::Member& ode : at(definition_, "odes").object()) {
      State state;
      state.name = ode.key;
      state.derivative = expression(ode.value.string(), "/odes/" + ode.key);
      const json::Value* start = initial.find(ode.key);
      state.initial = expression(start ? expression_text(*start) : "0", "/initial_conditions/" + ode.key);
      states.insert(ode.key);
      model.states.push_back(state);
    }
    if (states.empty()) bad("no equations");
    if (initial.is_object())
      for (const json::Member& start : initial.object())
        if (states.count(start.key) == 0) bad("an initial condition of " + start.key + ", which is no state");
  }

  std::optional<std::string> dosing(const char* what, const std::string& cmt) const {
    const json::Value* map = at(definition_, "dosing").find(what);
    const json::Value* name = map ? map->find(cmt) : nullptr;
    if (!name) return std::nullopt;
    return expression_text(*name);
  }

  void routes() {
    for (const json::Member& member : at(definition_, "dosing").object())
      if (!std::set<std::string>{"dose_compartments", "bioavailability", "lag", "duration", "rate"}.count(member.key))
        bad("dosing/" + member.key + " is not known");
    for (const json::Value& entry : at(at(definition_, "dosing"), "dose_compartments").array()) {
      const std::string cmt = cmt_of(entry);
      Entry into{"A" + cmt,
                 expression(dosing("bioavailability", cmt).value_or("1"), "/dosing/bioavailability"),
                 expression(dosing("lag", cmt).value_or("0"), "/dosing/lag"),
                 {}};
      add_route("cmt" + cmt, into);
      if (const auto rate = dosing("rate", cmt)) {
        Entry modelled = into;
        modelled.rate = expression(*rate, "/dosing/rate");
        add_route("cmt" + cmt + "_rate", modelled);
      }
      if (const auto duration = dosing("duration", cmt)) {
        Entry modelled = into;
        modelled.duration = expression(*duration, "/dosing/duration");
        add_route("cmt" + cmt + "_duration", modelled);
      }
    }
  }

  void add_route(const std::string& name, const Entry& entry) {
    Route route;
    route.name = name;
    route.allows_infusion = true;
    route.entries.push_back(entry);
    result_.model.routes.push_back(route);
  }

  void outputs() {
    for (const json::Value& entry : at(definition_, "outputs").array()) {
      Output output;
      output.name = at(entry, "name").string();
      output.value = expression(at(entry, "f").string(), "/outputs");
      const std::string scale = at(entry, "scale").string();
      if (scale != "natural" && scale != "log") bad("an output on the scale \"" + scale + "\"");
      Residual residual;
      residual.log_scale = scale == "log";
      residual.variance = {translate(at(at(entry, "error"), "variance_expr").string(), {{"F", "prediction"}}), "/outputs/error"};
      output.residuals.push_back(residual);
      output_of_[cmt_of(at(entry, "cmt"))] = output.name;
      result_.model.outputs.push_back(output);
    }
    const json::Value& blq = at(definition_, "blq");
    const std::string rule = blq.is_string() ? blq.string() : "";
    if (rule != "none" && rule.rfind("M3", 0) != 0) bad("blq is \"" + rule + "\"");
    const json::Value* objective = definition_.find("objective");
    result_.censored_with_constant =
        objective && objective->is_string() && objective->string().find("ln 2*pi per BLQ record") != std::string::npos;
  }

  const json::Value& definition_;
  ReadOccasions as_;
  NeutralCase result_;
  OverTime over_time_ = OverTime::next;
  std::map<std::string, std::string> renamed_;
  std::map<std::string, std::string> output_of_;
  std::optional<NeutralOccasions> occasions_;
};

}  // namespace

std::optional<std::string> validation_folder() {
  std::vector<std::string> places;
  if (const char* named = std::getenv("TITRATE_VALIDATION"))
    places.emplace_back(named);
  else
    places = {"../shared/validation", "../../shared/validation", "../../../shared/validation"};
  for (const auto& place : places)
    if (!neutral_cases(place).empty()) return place;
  return std::nullopt;
}

std::vector<std::string> neutral_cases(const std::string& validation) {
  namespace fs = std::filesystem;
  std::vector<std::string> names;
  std::error_code problem;
  for (const fs::directory_entry& entry : fs::directory_iterator(validation + "/cases", problem))
    if (fs::exists(entry.path() / "model.json", problem)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<NeutralCase> read_neutral_case(const std::string& validation, const std::string& id, ReadOccasions occasions) {
  const std::string folder = validation + "/cases/" + id;
  const auto text = read_text(folder + "/model.json");
  const auto data = read_table(folder + "/data.csv");
  if (!text || !data) return std::nullopt;
  const auto definition = json::parse(*text);
  if (!definition) bad(id + "/model.json: " + definition.diagnostics().front().message);
  return Reader(*definition, occasions).run(id, *data);
}

}  // namespace titrate::support
