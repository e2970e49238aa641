// Dispatch: read the envelope, find or compile the model, read the rest against it, run the verb, write the response.
//
// The caches are bounded and hold only what the request itself determines (a model by the hash of its text, a posterior by the
// hash of model, patient and settings), so an answer never depends on what was asked before — but for one thing that the contract
// states: a model may be named by the hash that an earlier response gave.

#include "engine.hpp"

#include <exception>

#include "base/recent.hpp"
#include "base/work.hpp"
#include "call.hpp"
#include "card/card.hpp"
#include "checks/grading.hpp"
#include "model/definition.hpp"
#include "model/definition_sampling.hpp"
#include "response/response.hpp"

namespace titrate {

namespace {

using json::Value;

bool ended_by_exception = false;

constexpr double most_work_of_a_request = 1e11;  // a minute or two: see base/work.hpp

Recent<LoadedModel>& models() {
  static Recent<LoadedModel> instance(12);
  return instance;
}

std::shared_ptr<const LoadedModel> load_model(Call& call, const Value& given) {
  if (given.is_string()) {
    call.hash = given.string();
    auto known = models().find(call.hash);
    if (!known)
      call.diagnostics.push_back({"model.unknown_hash", Severity::error, "/model", std::nullopt,
                                  "No model with this hash is loaded.", "send the content of the model file once"});
    return known;
  }
  call.hash = json::hash(given);
  if (auto known = models().find(call.hash)) return known;
  Result<Model> written = read_model(given);
  LoadedModel loaded;
  append(loaded.remarks, written.diagnostics());
  if (written) {
    Result<Compiled> compiled = compile(std::make_shared<const Model>(std::move(*written)));
    append(loaded.remarks, compiled.diagnostics());
    if (compiled) {
      const auto sources = read_genotype_sources(given, *(*compiled)->model);
      append(loaded.remarks, sources.diagnostics());
      const auto population = read_model_population(given, *(*compiled)->model, sources ? *sources : std::vector<FromGenotype>());
      append(loaded.remarks, population.diagnostics());
      if (sources && population) loaded.genotype_sources = *sources, loaded.population = *population, loaded.compiled = *compiled;
    }
  }
  loaded.remarks = inside_model(std::move(loaded.remarks));
  if (!loaded.compiled) {
    append(call.diagnostics, loaded.remarks);
    return nullptr;
  }
  return models().keep(call.hash, std::move(loaded));
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
      if (!call.model->population.sampled.empty())
        call.result->set("sampled", own_population_value(*call.compiled().model, call.model->population));
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
  merge(call.cautions, interaction_cautions(call.request.other_drugs, call.request.patient, call.compiled().model->drug));
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

bool interrupted() { return ended_by_exception; }

std::string call(const std::string& request, const std::function<void(double)>& progress) {
  return call(request, progress, most_work_of_a_request);
}

std::string call(const std::string& request, const std::function<void(double)>& progress, double most_work) {
  try {
    const Work work(most_work);
    return answer(request, progress);
  } catch (const OutOfWork&) {
    ended_by_exception = true;
    return too_much_work();
  } catch (const std::exception& error) {
    ended_by_exception = true;
    return internal_error(error.what());
  } catch (...) {
    ended_by_exception = true;
    return internal_error("an exception of no known kind");
  }
}

std::string version() { return "0.1.0"; }

}  // namespace titrate
