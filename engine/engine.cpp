// Dispatch: read the envelope, find or compile the model, read the rest against it, run the verb, write the response.
//
// The caches are bounded and hold only what the request itself determines (a model by the hash of its text, a posterior by the
// hash of model, patient and settings), so an answer never depends on what was asked before — but for one thing that the contract
// states: a model may be named by the hash that an earlier response gave.

#include "engine.hpp"

#include <algorithm>
#include <exception>
#include <list>
#include <memory>
#include <utility>

#include "base/work.hpp"
#include "decide/cautions.hpp"
#include "decide/information.hpp"
#include "grading.hpp"
#include "infer/fit.hpp"
#include "model/definition.hpp"
#include "request.hpp"
#include "response.hpp"
#include "virtual_population.hpp"
#include "worked_cases.hpp"

namespace titrate {

namespace {

using json::Value;

constexpr double most_work_of_a_request = 1e11;  // a minute or two: see base/work.hpp

// The last few values by key, the latest first.
template <class T>
class Recent {
 public:
  explicit Recent(std::size_t most) : most_(most) {}
  std::shared_ptr<const T> find(const std::string& key) {
    const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const auto& entry) { return entry.first == key; });
    if (found == entries_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found);
    return entries_.front().second;
  }
  std::shared_ptr<const T> keep(const std::string& key, T value) {
    entries_.emplace_front(key, std::make_shared<const T>(std::move(value)));
    if (entries_.size() > most_) entries_.pop_back();
    return entries_.front().second;
  }

 private:
  std::size_t most_;
  std::list<std::pair<std::string, std::shared_ptr<const T>>> entries_;
};

struct LoadedModel {
  Compiled compiled;
  std::vector<FromGenotype> genotype_sources;
  Diagnostics remarks;
};

// A posterior with the schedules of history that it belongs to, one per variant of the patient.
struct Fitted {
  std::vector<BuiltSchedule> built;
  Posterior posterior;

  [[nodiscard]] const BuiltSchedule& leading() const { return built[posterior.leading]; }
};

struct Caches {
  Recent<LoadedModel> models{12};
  Recent<Fitted> posteriors{12};
};

Caches& caches() {
  static Caches instance;
  return instance;
}

// One call: what is known so far, and what will be answered.
struct Call {
  const Value& root;
  const Progress& progress;
  Diagnostics diagnostics;
  Cautions cautions;
  Verb verb = Verb::compile;
  std::string hash;  // of the model
  std::shared_ptr<const LoadedModel> model;
  Request request;
  std::optional<Value> result;

  void report(double from, double to, double part) const {
    if (progress) progress(from + (to - from) * part);
  }
  [[nodiscard]] const CompiledModel& compiled() const { return *model->compiled; }
};

// Diagnostics of a model file point into the request: "/individual/CL" becomes "/model/individual/CL".
Diagnostics inside_model(Diagnostics diagnostics) {
  for (Diagnostic& d : diagnostics) d.path = "/model" + d.path;
  return diagnostics;
}

std::shared_ptr<const LoadedModel> load_model(Call& call, const Value& given) {
  if (given.is_string()) {
    call.hash = given.string();
    auto known = caches().models.find(call.hash);
    if (!known)
      call.diagnostics.push_back({"model.unknown_hash", Severity::error, "/model", std::nullopt,
                                  "No model with this hash is loaded.", "send the content of the model file once"});
    return known;
  }
  call.hash = json::hash(given);
  if (auto known = caches().models.find(call.hash)) return known;
  Result<Model> written = read_model(given);
  LoadedModel loaded;
  append(loaded.remarks, written.diagnostics());
  if (written) {
    Result<Compiled> compiled = compile(std::make_shared<const Model>(std::move(*written)));
    append(loaded.remarks, compiled.diagnostics());
    if (compiled) {
      const auto sources = read_genotype_sources(given, *(*compiled)->model);
      append(loaded.remarks, sources.diagnostics());
      if (sources) loaded.genotype_sources = *sources, loaded.compiled = *compiled;
    }
  }
  loaded.remarks = inside_model(std::move(loaded.remarks));
  if (!loaded.compiled) {
    append(call.diagnostics, loaded.remarks);
    return nullptr;
  }
  return caches().models.keep(call.hash, std::move(loaded));
}

// --- verbs

void run_validate(Call& call) {
  const Progress& progress = call.progress;
  if (progress) progress(0.0);
  Value result{json::Object{}};
  if (!call.request.has_patient) {
    const Model& model = *call.compiled().model;
    const auto checks = run_worked_cases(call.compiled());
    append(call.diagnostics, inside_model(checks.diagnostics()));
    const auto population = run_population_checks(call.compiled());
    append(call.diagnostics, inside_model(population.diagnostics()));
    if (!checks || !population) return;
    result.set("worked_cases", worked_cases_value(*checks));
    result.set("population_checks", population_outcomes_value(model, *population));
    result.set("grade", grade_value(grade_of(model, results_of(*checks, *population))));
  } else {
    const Situation now = situation(call.model->compiled, call.request.patient, call.request.current);
    const auto built = build_schedule(call.compiled(), now.patient, {Sample{now.now, before_all}});
    if (!built) return append(call.diagnostics, built.diagnostics());
    call.cautions = covariate_cautions(now);
    merge(call.cautions, schedule_cautions(built->schedule.remarks));
    merge(call.cautions, service_cautions(now));
    merge(call.cautions, rule_cautions(now));
    merge(call.cautions, renal_cautions(now));
    const Units units(*call.compiled().model);
    merge(call.cautions, unknown_cautions(now));
    result.set("covariates", covariates_value(now, built->schedule));
    result.set("now", units.in_time(now.now));
    result.set("time_unit", call.compiled().model->time_unit);
  }
  call.result = std::move(result);
}

void run_simulate(Call& call) {
  std::vector<Sample> samples;
  for (const double t : call.request.times) samples.push_back({t, before_all});
  const auto variants = variants_of(call.compiled(), call.request.patient);
  if (!variants) return append(call.diagnostics, variants.diagnostics());
  const Variant& typical = variants->all[variants->typical];
  if (variants->size() > 1)
    call.diagnostics.push_back({"simulate.most_probable", Severity::warning, "/patient", std::nullopt,
                                "The simulation is that of the most probable patient: " + typical.label + ".",
                                "state what is known to simulate another one"});
  const auto built = build_schedule(call.compiled(), typical.patient, samples);
  if (!built) return append(call.diagnostics, built.diagnostics());
  SimulateOptions options;
  options.auc = true;
  options.solver = call.request.settings.solver;
  if (call.request.settings.rtol) options.rtol = *call.request.settings.rtol;
  const Course course = simulate(call.compiled(), built->schedule, call.request.eta, options);
  if (!course.ok) {
    const Unit& time = known_unit(call.compiled().model->time_unit);
    call.diagnostics.push_back({"simulate.failed", Severity::error, "", std::nullopt,
                                "The simulation stopped at " + with_unit(course.at, time) + ": " + course.why,
                                "look at eta and the doses before that time"});
    return;
  }
  const Situation now = situation(call.model->compiled, call.request.patient, call.request.current);
  call.cautions = covariate_cautions(now);
  merge(call.cautions, schedule_cautions(built->schedule.remarks));
  call.result = simulation_value(call.compiled(), *built, course, call.request);
}

void run_population(Call& call) {
  auto value = population_value(call.compiled(), *call.request.population, call.request.settings.seed.value_or(1));
  append(call.diagnostics, value.diagnostics());
  if (value) call.result = std::move(*value);
}

// The request's part that determines a posterior: model, patient without its plan, settings.
std::string fit_key(const Call& call) {
  Value key;
  key.set("model", call.hash);
  Value patient{json::Object{}};
  if (const Value* given = call.root.find("patient"))
    for (const json::Member& member : given->object())
      if (member.key != "current") patient.set(member.key, member.value);
  key.set("patient", std::move(patient));
  if (const Value* settings = call.root.find("settings")) key.set("settings", *settings);
  return json::hash(key);
}

std::shared_ptr<const Fitted> fitted(Call& call, const Situation& now, double share) {
  const std::string key = fit_key(call);
  if (auto known = caches().posteriors.find(key)) return known;
  std::vector<BuiltSchedule> built;
  for (const Variant& variant : now.variants.all) {
    auto one = build_schedule(call.compiled(), variant.patient, {});
    if (!one) {
      append(call.diagnostics, one.diagnostics());
      return nullptr;
    }
    built.push_back(std::move(*one));
  }
  const RequestSettings& asked = call.request.settings;
  FitSettings settings;
  settings.method = asked.method;
  settings.draws = asked.draws.value_or(default_draws(call.compiled()));
  if (asked.seed) settings.seed = *asked.seed;
  if (asked.starts) settings.starts = *asked.starts;
  settings.simulate.solver = asked.solver;
  if (asked.rtol) settings.simulate.rtol = *asked.rtol;
  settings.prior_weight = asked.prior_weight.value_or(1.0);
  auto posterior = fit(call.model->compiled, now.variants, built, settings, [&](double part) { call.report(0.0, share, part); });
  if (!posterior) {
    append(call.diagnostics, posterior.diagnostics());
    return nullptr;
  }
  return caches().posteriors.keep(key, Fitted{std::move(built), std::move(*posterior)});
}

Cautions fit_cautions(const Situation& now, const Fitted& fitted) {
  const Posterior& posterior = fitted.posterior;
  const Situation leading = as_variant(now, posterior.leading);
  Cautions cautions = covariate_cautions(now);
  merge(cautions, unknown_cautions(now));
  merge(cautions, schedule_cautions(fitted.leading().schedule.remarks));
  merge(cautions, service_cautions(now));
  merge(cautions, model_cautions(*now.model->model));
  merge(cautions, timing_cautions(leading, posterior.ok() ? posterior.mode : Vector(Vector::Zero(now.model->k))));
  merge(cautions, posterior_cautions(*now.model, posterior));
  if (const auto information = information_of(*now.model->model, fitted.leading().schedule.effects, posterior))
    merge(cautions, information_cautions(*information));
  merge(cautions, misfit_cautions(now, posterior));
  merge(cautions, rule_cautions(now));
  merge(cautions, renal_cautions(now));
  merge(cautions, dosing_cautions(now));
  return cautions;
}

DrawSettings draw_settings(const Request& request) {
  DrawSettings settings;
  settings.draws = request.settings.draws;
  if (request.settings.seed) settings.seed = *request.settings.seed;
  if (request.settings.rtol) settings.rtol = *request.settings.rtol;
  settings.solver = request.settings.solver;
  return settings;
}

Horizon horizon_of(const Request& request) { return {request.horizon.value_or(0.0), request.horizon.has_value()}; }

void run_forecast(Call& call, const Situation& now, const Fitted& known, Value fit) {
  ForecastOptions options;
  options.regimens = call.request.regimens;
  options.horizon = horizon_of(call.request);
  options.aim = call.request.aim;
  options.draws = draw_settings(call.request);
  options.progress = [&](double part) { call.report(0.4, 1.0, part); };
  const auto answer = forecast(now, known.posterior, options);
  append(call.diagnostics, answer.diagnostics());
  if (!answer) return;
  merge(call.cautions, schedule_cautions(answer->remarks));
  merge(call.cautions, hold_cautions(now, known.posterior, draw_options(options.draws)));
  merge(call.cautions,
        extrapolation_cautions(now, options.horizon.stated ? options.horizon.hours : answer->time.back() - answer->now));
  call.result = forecast_value(now, *answer, std::move(fit));
}

void run_recommend(Call& call, const Situation& now, const Fitted& known, Value fit) {
  RecommendOptions options;
  options.aim = *call.request.aim;
  options.horizon = horizon_of(call.request);
  options.grid = call.request.candidates;
  options.accepted = call.request.accepted;
  options.draws = draw_settings(call.request);
  options.progress = [&](double part) { call.report(0.4, 1.0, part); };
  const auto answer = recommend(now, known.posterior, options);
  append(call.diagnostics, answer.diagnostics());
  if (!answer) return;
  merge(call.cautions, answer->cautions);
  call.result = recommendation_value(now, *answer, std::move(fit));
}

void run_fit(Call& call) {
  const Situation now = situation(call.model->compiled, call.request.patient, call.request.current);
  const auto known = fitted(call, now, call.verb == Verb::fit ? 1.0 : 0.4);
  if (!known) return;
  call.cautions = fit_cautions(now, *known);
  Value fit = fit_value(now, known->built, known->posterior, call.request);
  if (call.verb == Verb::fit) {
    call.result = std::move(fit);
    return;
  }
  if (!known->posterior.ok()) {
    call.diagnostics.push_back({"fit.not_converged", Severity::error, "/patient/observations", std::nullopt,
                                "The levels could not be fitted, so nothing can be forecast from them: " + known->posterior.words,
                                "check the levels and their times; a level can be excluded"});
    return;
  }
  if (call.verb == Verb::forecast)
    run_forecast(call, now, *known, std::move(fit));
  else
    run_recommend(call, now, *known, std::move(fit));
}

void run(Call& call) {
  Reader reader(call.diagnostics);
  const auto envelope = read_envelope(call.root, reader);
  if (!envelope) return;
  call.verb = envelope->verb;
  call.model = load_model(call, *envelope->model);
  if (!call.model) return;
  append(call.diagnostics, call.model->remarks);
  call.request = read_request(call.root, call.verb, call.compiled(), reader, call.model->genotype_sources);
  if (has_error(call.diagnostics)) return;
  switch (call.verb) {
    case Verb::compile:
      call.result = card_value(call.compiled(), recorded_results(call.hash));
      call.result->set("genotypes", genotype_sources_value(*call.compiled().model, call.model->genotype_sources));
      break;
    case Verb::validate:
      run_validate(call);
      break;
    case Verb::simulate:
      run_simulate(call);
      break;
    case Verb::population:
      run_population(call);
      break;
    case Verb::fit:
    case Verb::forecast:
    case Verb::recommend:
      run_fit(call);
      break;
  }
}

Value response(const std::string& verb, const Diagnostics& diagnostics) {
  Value value;
  value.set("ok", !has_error(diagnostics));
  value.set("verb", verb);
  value.set("engine", version());
  return value;
}

std::string answer(const std::string& request, const Progress& progress) {
  const Result<Value> root = json::parse(request, {limits::request_bytes, 64});
  if (!root) {
    Value value = response("", root.diagnostics());
    value.set("diagnostics", placed_diagnostics_value(root.diagnostics(), request, Value()));
    value.set("cautions", json::Array{});
    return json::write(value);
  }
  Call call{*root, progress, root.diagnostics(), {}, Verb::compile, {}, nullptr, {}, std::nullopt};
  run(call);
  const Value* verb = root->find("verb");
  Value value = response(verb != nullptr && verb->is_string() ? verb->string() : "", call.diagnostics);
  if (call.model) {
    const Model& model = *call.compiled().model;
    Value named;
    named.set("id", model.id);
    named.set("version", model.version);
    named.set("hash", call.hash);
    value.set("model", std::move(named));
  }
  // Whoever has a model file checked wants to find the line.
  const bool of_file = call.verb == Verb::validate && root->find("patient") == nullptr;
  value.set("diagnostics",
            of_file ? placed_diagnostics_value(call.diagnostics, request, *root) : diagnostics_value(call.diagnostics));
  value.set("cautions", cautions_value(call.cautions));
  if (!call.request.genotypes.empty()) value.set("genotypes", genotypes_value(*call.compiled().model, call.request.genotypes));
  if (call.result && !has_error(call.diagnostics)) value.set("result", std::move(*call.result));
  return json::write(value);
}

std::string refusal(Diagnostic why) {
  const Diagnostics diagnostics{std::move(why)};
  Value value = response("", diagnostics);
  value.set("diagnostics", diagnostics_value(diagnostics));
  value.set("cautions", json::Array{});
  return json::write(value);
}

std::string internal_error(const std::string& what) {
  return refusal({"internal.error", Severity::error, "", std::nullopt, "Internal error: " + what,
                  "this is a fault of the program, not of the input; save the request and report it"});
}

std::string too_much_work() {
  return refusal({"request.too_much_work", Severity::error, "", std::nullopt,
                  "The request was given up: it needs more work than one request may.",
                  "ask for fewer draws, regimens or times, a shorter course, or a wider tolerance"});
}

}  // namespace

std::string call(const std::string& request) { return call(request, {}); }

std::string call(const std::string& request, const std::function<void(double)>& progress) {
  return call(request, progress, most_work_of_a_request);
}

std::string call(const std::string& request, const std::function<void(double)>& progress, double most_work) {
  try {
    const Work work(most_work);
    return answer(request, progress);
  } catch (const OutOfWork&) {
    return too_much_work();
  } catch (const std::exception& error) {
    return internal_error(error.what());
  } catch (...) {
    return internal_error("an exception of no known kind");
  }
}

std::string version() { return "0.1.0"; }

}  // namespace titrate
