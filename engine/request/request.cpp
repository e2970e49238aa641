// The envelope of a request, its settings, and what a simulation asks for. The patient, targets and plans have files of their
// own.

#include "request/request.hpp"

#include <algorithm>
#include <cmath>

#include "base/names.hpp"
#include "base/text.hpp"

namespace titrate {

namespace {

constexpr std::pair<const char*, Verb> verbs[] = {
    {"compile", Verb::compile}, {"validate", Verb::validate}, {"simulate", Verb::simulate},  {"population", Verb::population},
    {"fit", Verb::fit},         {"forecast", Verb::forecast}, {"recommend", Verb::recommend}};

std::vector<std::string> verb_names() {
  std::vector<std::string> names;
  for (const auto& [name, verb] : verbs) names.emplace_back(name);
  return names;
}

// Keys that only some verbs read: a value that another verb would leave unread is worth a remark.
void note_unused(const json::Value& root, Verb verb, Reader& reader) {
  const auto unread = [&](const char* key, std::initializer_list<Verb> readers) {
    if (root.find(key) == nullptr || std::find(readers.begin(), readers.end(), verb) != readers.end()) return;
    reader.note("request.unused_key", json::child("", key),
                "\"" + std::string(key) + "\" plays no part in " + name_of(verb) + ".");
  };
  unread("patient", {Verb::validate, Verb::simulate, Verb::fit, Verb::forecast, Verb::recommend});
  unread("settings", {Verb::simulate, Verb::population, Verb::fit, Verb::forecast, Verb::recommend});
  unread("eta", {Verb::simulate});
  unread("times", {Verb::simulate});
  unread("population", {Verb::population});
  unread("regimens", {Verb::forecast});
  unread("horizon", {Verb::forecast, Verb::recommend});
  unread("target", {Verb::forecast, Verb::recommend});
  unread("candidates", {Verb::recommend});
  unread("accepted", {Verb::fit, Verb::forecast, Verb::recommend});
}

void read_settings(const json::Value& value, const std::string& path, const CompiledModel& model, Reader& reader,
                   RequestSettings& settings) {
  if (!reader.object(value, path, {"seed", "draws", "starts", "rtol", "solver", "method", "prior_weight"})) return;
  if (const json::Value* seed = value.find("seed"))
    if (const auto n = reader.whole(*seed, json::child(path, "seed"), 0, 2147483647))
      settings.seed = static_cast<std::uint64_t>(*n);
  if (const json::Value* draws = value.find("draws"))
    settings.draws = reader.whole(*draws, json::child(path, "draws"), 50, 20000);
  if (const json::Value* starts = value.find("starts"))
    settings.starts = reader.whole(*starts, json::child(path, "starts"), 1, 50);
  if (const json::Value* rtol = value.find("rtol")) {
    settings.rtol = reader.number(*rtol, json::child(path, "rtol"));
    if (settings.rtol && !(*settings.rtol >= 1e-13 && *settings.rtol <= 1e-3)) {
      reader.error("request.range", json::child(path, "rtol"), "The relative tolerance lies outside 1e-13 to 1e-3.");
      settings.rtol.reset();
    }
  }
  if (const json::Value* weight = value.find("prior_weight")) {
    settings.prior_weight = reader.number(*weight, json::child(path, "prior_weight"));
    if (settings.prior_weight && !(*settings.prior_weight >= 1e-3 && *settings.prior_weight <= 10.0)) {
      reader.error("request.range", json::child(path, "prior_weight"), "The weight of the prior lies outside 0.001 to 10.",
                   "1 is the model as published; with 0.1 its variances count as ten times as large");
      settings.prior_weight.reset();
    }
  }
  if (const json::Value* solver = value.find("solver"))
    if (const auto name = reader.word(*solver, json::child(path, "solver"), "solver",
                                      {"automatic", "exact", "dopri5", "rosenbrock"}, "request.solver")) {
      settings.solver = *name == "exact"        ? Solver::exact
                        : *name == "dopri5"     ? Solver::dopri5
                        : *name == "rosenbrock" ? Solver::rosenbrock
                                                : Solver::automatic;
      if (settings.solver == Solver::exact && !model.states.linear)
        reader.error("request.solver", json::child(path, "solver"),
                     "The model is not linear in its states: there is no exact solution.", "automatic, dopri5 or rosenbrock");
    }
  if (const json::Value* method = value.find("method"))
    if (const auto name =
            reader.word(*method, json::child(path, "method"), "method", {"importance", "laplace"}, "request.method"))
      settings.method = *name == "laplace" ? FitMethod::laplace : FitMethod::importance;
}

void read_grid(const json::Value& value, const std::string& path, Reader& reader, std::vector<double>& times) {
  if (!reader.object(value, path, {"from", "to", "every"})) return;
  const json::Value* from = reader.required(value, path, "from", "\"0 h\"");
  const json::Value* to = reader.required(value, path, "to", "\"48 h\"");
  const json::Value* every = reader.required(value, path, "every", "\"0.25 h\"");
  if (from == nullptr || to == nullptr || every == nullptr) return;
  const std::size_t before = reader.errors();
  const double a = reader.time(*from, json::child(path, "from")).value_or(0.0);
  const double b = reader.time(*to, json::child(path, "to")).value_or(0.0);
  const double step = reader.duration(*every, json::child(path, "every")).value_or(1.0);
  if (reader.errors() > before) return;
  if (b < a) return reader.error("request.times", json::child(path, "to"), "The last time lies before the first.");
  const double n = std::floor((b - a) / step + 1e-9) + 1.0;
  if (n > static_cast<double>(limits::samples))
    return reader.error("request.size", path,
                        "These are " + to_text(n) + " times; " + to_text(static_cast<double>(limits::samples)) + " are the most.",
                        "a wider step");
  for (int i = 0; i < static_cast<int>(n); ++i) times.push_back(a + i * step);
}

void read_times(const json::Value& value, const std::string& path, Reader& reader, std::vector<double>& times) {
  if (value.is_object()) return read_grid(value, path, reader, times);
  if (!reader.array(value, path, limits::samples)) return;
  if (value.array().empty()) reader.error("request.empty", path, "No time is asked for.", "[\"1 h\", \"12 h\"]");
  for (std::size_t i = 0; i < value.array().size(); ++i)
    if (const auto t = reader.time(value.array()[i], json::child(path, i))) times.push_back(*t);
  if (!std::is_sorted(times.begin(), times.end())) {
    reader.note("request.times_sorted", path, "The times were put in order.");
    std::sort(times.begin(), times.end());
  }
}

void read_eta(const json::Value& value, const std::string& path, const Model& model, Reader& reader, Vector& eta) {
  const std::vector<std::string> names = names_of(model.random_effects);
  if (!value.is_object())
    return reader.error("request.type", path, "An object of random effects is expected here.", "{ \"eta_CL\": 0.1 }");
  for (const json::Member& member : value.object()) {
    const std::string where = json::child(path, member.key);
    const auto found = std::find(names.begin(), names.end(), member.key);
    if (found == names.end()) {
      const std::string near = nearest_word(member.key, names);
      reader.error("request.unknown_eta", where, "The model has no random effect \"" + member.key + "\".",
                   !near.empty()   ? "\"" + near + "\" is meant?"
                   : names.empty() ? "it has none"
                                   : "it has " + list_of(names));
      continue;
    }
    if (const auto x = reader.number(member.value, where)) {
      if (std::fabs(*x) > 20.0)
        reader.error("request.range", where, "A random effect lies within -20 to 20.");
      else
        eta[static_cast<Eigen::Index>(found - names.begin())] = *x;
    }
  }
}

}  // namespace

std::string name_of(Verb verb) {
  for (const auto& [name, known] : verbs)
    if (known == verb) return name;
  return {};
}

std::optional<Envelope> read_envelope(const json::Value& root, Reader& reader) {
  if (!reader.object(root, "",
                     {"verb", "model", "patient", "settings", "eta", "times", "population", "regimens", "horizon", "target",
                      "candidates", "accepted"},
                     {"models", "average"}))
    return std::nullopt;
  Envelope envelope;
  bool good = false;
  if (const json::Value* verb = reader.required(root, "", "verb", "\"fit\""))
    if (const auto name = reader.word(*verb, "/verb", "verb", verb_names(), "request.unknown_verb"))
      for (const auto& [known, value] : verbs)
        if (*name == known) envelope.verb = value, good = true;
  envelope.model = reader.required(root, "", "model", "the content of a model file, or its hash");
  if (envelope.model != nullptr && !envelope.model->is_object() && !envelope.model->is_string()) {
    reader.error("request.type", "/model", "The content of a model file, or its hash, is expected here.");
    envelope.model = nullptr;
  }
  if (!good || envelope.model == nullptr) return std::nullopt;
  return envelope;
}

Request read_request(const json::Value& root, Verb verb, const CompiledModel& model, Reader& reader,
                     const std::vector<FromGenotype>& genotype_sources) {
  Request request;
  request.eta = Vector::Zero(model.k);
  note_unused(root, verb, reader);
  const bool needs_patient = verb == Verb::simulate || verb == Verb::fit || verb == Verb::forecast || verb == Verb::recommend;
  const json::Value* patient =
      needs_patient ? reader.required(root, "", "patient", "{ \"covariates\": {}, \"doses\": [], \"observations\": [] }")
                    : root.find("patient");
  if (patient != nullptr && verb != Verb::compile && verb != Verb::population)
    read_patient(*patient, "/patient", verb, model, reader, request, genotype_sources);
  if (const json::Value* settings = root.find("settings")) read_settings(*settings, "/settings", model, reader, request.settings);
  if (verb == Verb::simulate) {
    if (const json::Value* times =
            reader.required(root, "", "times", "{ \"from\": \"0 h\", \"to\": \"48 h\", \"every\": \"0.5 h\" }"))
      read_times(*times, "/times", reader, request.times);
    if (const json::Value* eta = root.find("eta")) read_eta(*eta, "/eta", *model.model, reader, request.eta);
  }
  if (verb == Verb::population)
    request.population =
        reader.required(root, "", "population", "{ \"regimen\": \"100 mg once\", \"of\": \"Cc\", \"each\": \"12 h\" }");
  if (verb == Verb::forecast || verb == Verb::recommend) read_plans(root, verb, *model.model, reader, request);
  return request;
}

}  // namespace titrate
