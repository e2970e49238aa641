// Levels of a patient: each record by itself, and those drawn where the model predicts nothing yet.

#include <algorithm>

#include "base/names.hpp"
#include "base/text.hpp"
#include "request/request.hpp"

namespace titrate {

namespace {

// The keys of a result, and what each says: the level itself, or that it lies below or above a limit of quantification.
struct ResultKey {
  const char* key;
  Censored censored;
};
constexpr ResultKey result_keys[] = {{"dv", Censored::no}, {"below", Censored::below}, {"above", Censored::above}};

const Output* read_output(const json::Value& observation, const std::string& path, const Model& model, Reader& reader) {
  const std::vector<std::string> names = names_of(model.outputs);
  const json::Value* named = observation.find("output");
  if (named == nullptr) {
    if (model.outputs.size() == 1) return &model.outputs.front();
    const Output* measured = nullptr;  // the only output with a measurement error, if there is but one
    int several = 0;
    for (const Output& output : model.outputs)
      if (!output.residuals.empty()) {
        measured = &output;
        ++several;
      }
    if (several == 1) return measured;
    reader.error("patient.output_missing", json::child(path, "output"), "The model has several outputs: which was measured?",
                 "one of " + list_of(names));
    return nullptr;
  }
  const auto name = reader.word(*named, json::child(path, "output"), "output", names, "patient.unknown_output");
  for (const Output& output : model.outputs)
    if (name && output.name == *name) return &output;
  return nullptr;
}

const Residual* read_assay(const json::Value& observation, const std::string& path, const Output& output, bool excluded,
                           Reader& reader, Observation& level) {
  if (output.residuals.empty()) {
    if (!excluded)
      reader.error("patient.no_residual_error", json::child(path, "output"),
                   "The model states no measurement error for " + output.name + ": a level of it cannot be fitted.",
                   "mark it excluded to show it only");
    return nullptr;
  }
  std::vector<std::string> assays;
  for (const Residual& residual : output.residuals)
    if (!residual.assay.empty()) assays.push_back(residual.assay);
  const json::Value* named = observation.find("assay");
  if (named == nullptr) {
    if (output.residuals.size() == 1) {
      level.assay = output.residuals.front().assay;
      return &output.residuals.front();
    }
    reader.error("patient.assay_missing", json::child(path, "assay"),
                 "The measurement error of " + output.name + " depends on the assay, which is missing.",
                 "one of " + list_of(assays));
    return nullptr;
  }
  if (assays.empty()) {
    reader.error("patient.unknown_assay", json::child(path, "assay"),
                 "The model makes no difference between assays of " + output.name + ".", "leave assay out");
    return nullptr;
  }
  const auto assay = reader.word(*named, json::child(path, "assay"), "assay", assays, "patient.unknown_assay");
  for (const Residual& residual : output.residuals)
    if (assay && residual.assay == *assay) {
      level.assay = *assay;
      return &residual;
    }
  return nullptr;
}

// "<0.5 mg/L" belongs under another key.
bool refused_bound(const json::Value& value, const std::string& path, const std::string& key, Reader& reader) {
  if (!value.is_string()) return false;
  const std::string_view text = trim(value.string());
  if (text.empty() || (text.front() != '<' && text.front() != '>')) return false;
  const std::string number(trim(text.substr(text.substr(1).find_first_not_of("= ") + 1)));
  const std::string right = text.front() == '<' ? "below" : "above";
  reader.error("patient.bound_as_level", path,
               "\"" + value.string() + "\" says that the level lies " + right + " a limit; \"" + key + "\" takes a number.",
               "write \"" + right + "\": \"" + number + "\"" + (key == "dv" ? " in place of \"dv\"" : ""));
  return true;
}

// A number that cannot be a level, or hardly.
void check_level(double x, const std::string& path, const Output& output, const Residual* residual, Reader& reader,
                 const Observation& level) {
  const bool transformed = residual != nullptr && residual->transformed();
  const bool amount = !output.unit.dimension.none() || transformed;
  if (level.censored != Censored::no) {
    if (!(x > 0.0) && amount)
      reader.error("patient.limit_not_positive", path, "A limit of quantification is more than 0.", "check the number");
    return;
  }
  if (transformed && !(x > 0.0))
    reader.error("patient.level_not_positive", path,
                 "The model takes the logarithm or a power of " + output.name + ", so a level is more than 0.",
                 "a level of 0 is mostly one below the limit of quantification: say which limit, \"below\": \"0.5 mg/L\"");
  else if (x < 0.0 && amount)
    reader.error("patient.level_not_positive", path, "A level cannot be negative.", "check the number");
  else if (x == 0.0 && amount)
    reader.warning("patient.level_zero", path, "A level of 0 is mostly one below the limit of quantification.",
                   "say which limit if it is, \"below\": \"0.5 mg/L\"");
  else if (output.lloq && x < *output.lloq)
    reader.warning("patient.below_lloq", path,
                   "The level lies below the limit of quantification of the model's source, " +
                       with_unit(*output.lloq, output.unit) + "; it is used as it stands.",
                   "if the laboratory cannot quantify it, say so: \"below\": \"" + with_unit(*output.lloq, output.unit) + "\"");
  else if (output.uloq && x > *output.uloq)
    reader.warning("patient.above_uloq", path,
                   "The level lies above the limit of quantification of the model's source, " +
                       with_unit(*output.uloq, output.unit) + "; it is used as it stands.",
                   "if the laboratory cannot quantify it, say so: \"above\": \"" + with_unit(*output.uloq, output.unit) + "\"");
}

void read_level(const json::Value& observation, const std::string& path, const Model& model, const Output& output,
                const Residual* residual, Reader& reader, Observation& level) {
  const ResultKey* found = nullptr;
  for (const ResultKey& one : result_keys) {
    if (observation.find(one.key) == nullptr) continue;
    if (found != nullptr)
      return reader.error("patient.two_results", json::child(path, one.key),
                          std::string("Both \"") + found->key + "\" and \"" + one.key + "\" are given: a level has one result.",
                          "keep one of the two");
    found = &one;
  }
  if (found == nullptr) return;
  const json::Value& value = *observation.find(found->key);
  const std::string where = json::child(path, found->key);
  level.censored = found->censored;
  if (refused_bound(value, where, found->key, reader)) return;
  const auto x = reader.quantity(value, output.unit, where, model.molar_mass);
  if (!x) return;
  level.dv = *x;
  if (level.censored != Censored::no) level.limit = *x;
  if (!level.excluded) check_level(*x, where, output, residual, reader, level);
}

struct ReadLevel {
  Observation level;
  bool after_dose = false;
};

std::optional<ReadLevel> read_observation(const json::Value& value, const std::string& path, const Model& model, Reader& reader) {
  const std::size_t before = reader.errors();
  if (!reader.object(value, path, {"time", "dv", "below", "above", "output", "assay", "excluded", "after_dose", "time_error"},
                     {"occ"}))
    return std::nullopt;
  ReadLevel read;
  Observation& level = read.level;
  level.path = path;
  if (const json::Value* excluded = value.find("excluded")) {
    const auto why = reader.text(*excluded, json::child(path, "excluded"));
    level.excluded = true;
    level.why = why.value_or("");
  }
  if (const json::Value* after = value.find("after_dose"))
    read.after_dose = reader.boolean(*after, json::child(path, "after_dose")).value_or(false);
  if (const json::Value* time = reader.required(value, path, "time", "\"11.5 h\""))
    if (const auto t = reader.time(*time, json::child(path, "time"))) level.time = *t;
  if (const json::Value* error = value.find("time_error"))
    level.sd_time = reader.duration(*error, json::child(path, "time_error")).value_or(0.0);
  const Output* output = read_output(value, path, model, reader);
  if (value.find("below") == nullptr && value.find("above") == nullptr)
    (void)reader.required(value, path, "dv", "\"12.3 mg/L\", or \"below\": \"0.5 mg/L\"");
  if (output != nullptr) {
    level.output = output->name;
    const Residual* residual = read_assay(value, path, *output, level.excluded, reader, level);
    read_level(value, path, model, *output, residual, reader, level);
  }
  return reader.errors() == before ? std::optional(read) : std::nullopt;
}

}  // namespace

void read_observations(const json::Value& value, const std::string& path, const Model& model, Reader& reader, Patient& patient) {
  if (!reader.array(value, path, limits::observations)) return;
  for (std::size_t i = 0; i < value.array().size(); ++i) {
    auto read = read_observation(value.array()[i], json::child(path, i), model, reader);
    if (!read) continue;
    read->level.order = read->after_dose ? after_all : 0;
    patient.observations.push_back(read->level);
  }
}

void check_levels(const CompiledModel& model, const Patient& patient, Reader& reader) {
  double first = 0.0;
  bool any_dose = false;
  for (const DosingEvent& dose : patient.doses) {
    if (dose.taken <= 0.0) continue;
    first = any_dose ? std::min(first, dose.time) : dose.time;
    any_dose = true;
  }
  std::vector<std::size_t> early;
  for (std::size_t i = 0; i < patient.observations.size(); ++i) {
    const Observation& level = patient.observations[i];
    if (!level.excluded && (!any_dose || level.time < first || (level.time == first && level.order == 0))) early.push_back(i);
  }
  if (early.empty()) return;
  // An endogenous quantity has a value before any dose; a drug has none, and no level of it can be explained.
  const Result<BuiltSchedule> built = build_schedule(model, patient, {});
  if (!built) return;
  const Course course = simulate(model, built->schedule, Vector::Zero(model.k));
  if (!course.ok) return;
  for (const std::size_t i : early) {
    const Observation& level = patient.observations[i];
    Eigen::Index column = 0;
    for (std::size_t j = 0; j < model.model->outputs.size(); ++j)
      if (model.model->outputs[j].name == level.output) column = static_cast<Eigen::Index>(j);
    if (course.outputs(built->sample_of_observation[i], column) != 0.0) continue;
    reader.error("patient.level_before_dose", json::child(level.path, "time"),
                 any_dose ? "This level was drawn before the first dose, where the model predicts nothing."
                          : "There is a level but no dose.",
                 any_dose ? "check its time, or give the doses before it (a steady state with ss goes one interval earlier)"
                          : "give the doses that led to it");
  }
}

}  // namespace titrate
