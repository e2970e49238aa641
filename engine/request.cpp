// The parts of a request that are not the patient: verb, settings, times, plans, target.

#include "request.hpp"

#include <algorithm>
#include <cmath>

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
  std::vector<std::string> names;
  for (const RandomEffect& effect : model.random_effects) names.push_back(effect.name);
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

// --- targets

std::optional<double> read_limit(const json::Value& value, const std::string& key, const Unit& unit, const std::string& path,
                                 Reader& reader) {
  const json::Value* given = value.find(key);
  return given != nullptr ? reader.quantity(*given, unit, json::child(path, key)) : std::nullopt;
}

void read_weight(const json::Value& value, const std::string& key, const std::string& path, Reader& reader, double& weight) {
  const json::Value* given = value.find(key);
  if (given == nullptr) return;
  const auto x = reader.number(*given, json::child(path, key));
  if (x && !(*x > 0.0 && *x <= 100.0))
    reader.error("request.range", json::child(path, key), "A weight lies over 0, up to 100.");
  else if (x)
    weight = *x;
}

std::optional<Target> read_custom_target(const json::Value& value, const std::string& path, const Model& model, Reader& reader) {
  const std::size_t before = reader.errors();
  if (!reader.object(value, path, {"metric", "of", "during", "low", "high", "limit", "weight_low", "weight_high"}))
    return std::nullopt;
  std::vector<std::string> outputs;
  for (const Output& output : model.outputs) outputs.push_back(output.name);
  const json::Value* metric = reader.required(value, path, "metric", "\"auc24\"");
  const json::Value* of = reader.required(value, path, "of", outputs.empty() ? "\"Cc\"" : "\"" + outputs.front() + "\"");
  const json::Value* during = reader.required(value, path, "during", "\"steady state\"");
  const auto metric_word =
      metric ? reader.word(*metric, json::child(path, "metric"), "metric",
                           {"auc24", "auc", "cmin", "cmax", "cavg", "time_above", "value_at", "nadir", "nadir_time"},
                           "target.metric")
             : std::nullopt;
  const auto output_name = of ? reader.word(*of, json::child(path, "of"), "output", outputs, "target.output") : std::nullopt;
  const auto during_text = during ? reader.text(*during, json::child(path, "during")) : std::nullopt;
  if (!metric_word || !output_name || !during_text) return std::nullopt;

  const Output& output =
      *std::find_if(model.outputs.begin(), model.outputs.end(), [&](const Output& o) { return o.name == *output_name; });
  const std::optional<Metric> kind = read_metric(*metric_word);
  if (!kind) return std::nullopt;
  Target target;
  target.id = "own";
  target.label = "own target";
  target.metric = *metric_word;
  target.output = *output_name;
  target.during = *during_text;
  target.source = "entered by the user";
  target.path = path;
  target.unit = metric_unit(output.unit, *kind);
  if (*kind == Metric::time_above)  // hours, or a share of the window
    for (const char* key : {"low", "high"})
      if (const json::Value* bound = value.find(key);
          bound != nullptr && bound->is_string() && bound->string().find('%') != std::string::npos)
        target.unit = known_unit("%");
  target.low = read_limit(value, "low", target.unit, path, reader);
  target.high = read_limit(value, "high", target.unit, path, reader);
  target.limit = read_limit(value, "limit", output.unit, path, reader);
  read_weight(value, "weight_low", path, reader, target.weight_low);
  read_weight(value, "weight_high", path, reader, target.weight_high);
  if (reader.errors() > before) return std::nullopt;
  if (!target.low && !target.high)
    reader.error("target.no_limit", path, "A target needs low, high or both.", "\"low\": \"400 mg*h/L\"");
  if (target.low && target.high && !(*target.low < *target.high))
    reader.error("target.order", json::child(path, "high"), "high must be over low.");
  if (*kind == Metric::time_above && !target.limit)
    reader.error("request.missing", json::child(path, "limit"), "Time above what? \"limit\" is missing.", "\"1 mg/L\"");
  target.log_scale = (!target.low || *target.low > 0.0) && (!target.high || *target.high > 0.0);
  return reader.errors() == before ? std::optional(target) : std::nullopt;
}

std::optional<Target> choose_target(const json::Value* value, const Model& model, Reader& reader) {
  if (value != nullptr && value->is_object()) return read_custom_target(*value, "/target", model, reader);
  if (value == nullptr) return model.targets.empty() ? std::nullopt : std::optional(model.targets.front());
  std::vector<std::string> ids;
  for (const Target& target : model.targets) ids.push_back(target.id);
  const auto id = reader.word(*value, "/target", "target", ids, "target.unknown");
  for (const Target& target : model.targets)
    if (id && target.id == *id) return target;
  return std::nullopt;
}

void read_target(const json::Value* value, Verb verb, const Model& model, Reader& reader, Request& request) {
  const std::size_t before = reader.errors();
  const std::optional<Target> target = choose_target(value, model, reader);
  if (!target) {
    if (verb == Verb::recommend && reader.errors() == before)
      reader.error("target.missing", "/target", "The model states no target.",
                   "give one of your own: metric, of, during, low, high");
    return;
  }
  Result<Aim> aim = read_aim(model, *target);
  reader.take(aim.diagnostics());
  if (aim) request.aim = *aim;
}

// --- plans

void read_list(const json::Value& value, const std::string& path, const Unit& unit, bool zero, Reader& reader,
               std::vector<double>& list) {
  if (!reader.array(value, path, limits::candidates)) return;
  if (value.array().empty())
    reader.error("request.empty", path, "The list is empty.", "leave it out for what the product offers");
  for (std::size_t i = 0; i < value.array().size(); ++i) {
    const std::string where = json::child(path, i);
    const auto x = reader.quantity(value.array()[i], unit, where);
    if (x && !(*x > 0.0) && !(zero && *x == 0.0))
      reader.error("request.range", where, "A number over 0 is expected here.");
    else if (x)
      list.push_back(*x);
  }
}

void read_intervals(const json::Value& value, const std::string& path, Reader& reader, std::vector<double>& list) {
  if (!reader.array(value, path, limits::candidates)) return;
  if (value.array().empty())
    reader.error("request.empty", path, "The list is empty.", "leave it out for what the product offers");
  for (std::size_t i = 0; i < value.array().size(); ++i)
    if (const auto t = reader.interval(value.array()[i], json::child(path, i))) list.push_back(*t);
}

void read_candidates(const json::Value& value, const std::string& path, const Model& model, Reader& reader, Request& request) {
  if (!reader.object(value, path, {"doses", "intervals", "durations", "route"})) return;
  CandidateGrid grid;
  const Route* route = model.routes.empty() ? nullptr : &model.routes.front();
  for (const Route& r : model.routes)
    if (!model.products.empty() && r.name == model.products.front().route) route = &r;
  if (value.find("route") != nullptr) {
    route = read_route(value, path, model, reader);
    if (route != nullptr) grid.route = route->name;
  }
  if (route == nullptr) return;
  if (const json::Value* doses = value.find("doses"))
    read_list(*doses, json::child(path, "doses"), route->amount_unit, false, reader, grid.doses);
  if (const json::Value* intervals = value.find("intervals"))
    read_intervals(*intervals, json::child(path, "intervals"), reader, grid.intervals);
  if (const json::Value* durations = value.find("durations"))
    read_list(*durations, json::child(path, "durations"), known_unit("h"), true, reader, grid.durations);
  request.candidates = grid;
}

void read_accepted(const json::Value& value, const std::string& path, Reader& reader, Request& request) {
  if (!reader.array(value, path, 50)) return;
  for (std::size_t i = 0; i < value.array().size(); ++i)
    if (const auto id = reader.text(value.array()[i], json::child(path, i))) request.accepted.push_back(*id);
}

void read_plans(const json::Value& root, Verb verb, const Model& model, Reader& reader, Request& request) {
  if (const json::Value* regimens = root.find("regimens");
      regimens != nullptr && reader.array(*regimens, "/regimens", limits::regimens)) {
    for (std::size_t i = 0; i < regimens->array().size(); ++i) {
      const std::string path = json::child("/regimens", i);
      const auto regimen = read_regimen(regimens->array()[i], path, model, reader);
      if (!regimen) continue;
      if (*regimen && (*regimen)->start && request.patient.now && *(*regimen)->start < *request.patient.now)
        reader.error("request.start_before_now", json::child(path, "start"), "A plan starts at now or later.");
      request.regimens.push_back(*regimen);
    }
  }
  if (const json::Value* horizon = root.find("horizon")) request.horizon = reader.duration(*horizon, "/horizon");
  if (verb == Verb::forecast || verb == Verb::recommend) read_target(root.find("target"), verb, model, reader, request);
  if (const json::Value* candidates = root.find("candidates"))
    read_candidates(*candidates, "/candidates", model, reader, request);
  if (const json::Value* accepted = root.find("accepted")) read_accepted(*accepted, "/accepted", reader, request);
}

}  // namespace

std::string name_of(Verb verb) {
  for (const auto& [name, known] : verbs)
    if (known == verb) return name;
  return {};
}

std::optional<std::optional<Regimen>> read_regimen(const json::Value& value, const std::string& path, const Model& model,
                                                   Reader& reader) {
  const std::size_t before = reader.errors();
  if (!reader.object(value, path, {"amt", "dur", "ii", "route", "start", "doses"})) return std::nullopt;
  Regimen regimen;
  const Route* route = read_route(value, path, model, reader);
  const json::Value* amt = reader.required(value, path, "amt", "\"1000 mg\"");
  if (amt != nullptr && route != nullptr)
    if (const auto a = reader.quantity(*amt, route->amount_unit, json::child(path, "amt"), model.molar_mass)) regimen.amt = *a;
  if (regimen.amt < 0.0) reader.error("patient.dose_not_positive", json::child(path, "amt"), "A dose cannot be negative.");
  if (const json::Value* dur = value.find("dur"))
    if (const auto t = reader.time(*dur, json::child(path, "dur"))) {
      regimen.dur = *t;
      if (!(*t > 0.0))
        reader.error("patient.infusion_zero", json::child(path, "dur"), "An infusion lasts more than 0 h.",
                     "leave dur out for a bolus or an oral dose");
    }
  if (const json::Value* start = value.find("start")) regimen.start = reader.time(*start, json::child(path, "start"));
  if (const json::Value* doses = value.find("doses"))
    regimen.doses = reader.whole(*doses, json::child(path, "doses"), 1, static_cast<int>(limits::doses));
  if (const json::Value* ii = value.find("ii")) {
    if (const auto t = reader.interval(*ii, json::child(path, "ii"))) regimen.ii = *t;
  } else if (regimen.amt > 0.0 && regimen.doses.value_or(0) != 1) {
    reader.error("request.missing", json::child(path, "ii"), "\"ii\" is missing: the interval between doses.",
                 "for instance \"12 h\", or \"doses\": 1");
  }
  if (route != nullptr && regimen.amt > 0.0) {
    regimen.route = route->name;
    if (regimen.dur > 0.0 && !route->allows_infusion)
      reader.error("patient.route_no_infusion", json::child(path, "dur"),
                   "The model knows no infusion by the route " + route->name + ".", "leave dur out");
    if (regimen.dur == 0.0 && value.find("dur") == nullptr && !route->allows_bolus)
      reader.error("patient.route_no_bolus", path, "The route " + route->name + " is an infusion: its length is missing.",
                   "for instance \"dur\": \"1 h\"");
  }
  if (reader.errors() > before) return std::nullopt;
  if (!(regimen.amt > 0.0)) return std::optional<Regimen>();
  return std::optional<Regimen>(regimen);
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
