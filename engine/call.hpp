// One call of the engine as its verbs see it: what has been read, what is known so far, and what will be answered.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "decide/cautions.hpp"
#include "engine.hpp"
#include "model/sampling.hpp"
#include "request/request.hpp"

namespace titrate {

struct LoadedModel {
  Compiled compiled;
  std::vector<FromGenotype> genotype_sources;
  ModelPopulation population;
  Diagnostics remarks;
};

struct Call {
  const json::Value& root;
  const Progress& progress;
  Diagnostics diagnostics;
  Cautions cautions;
  Verb verb = Verb::compile;
  std::string hash;  // of the model
  std::shared_ptr<const LoadedModel> model;
  Request request;
  std::optional<json::Value> result;

  void report(double from, double to, double part) const {
    if (progress) progress(from + (to - from) * part);
  }
  [[nodiscard]] const CompiledModel& compiled() const { return *model->compiled; }
};

// Diagnostics of a model file point into the request: "/individual/CL" becomes "/model/individual/CL".
[[nodiscard]] Diagnostics inside_model(Diagnostics diagnostics);

// The verbs: each sets `result`, or adds a diagnostic that says why there is none.
void run_validate(Call& call);
void run_simulate(Call& call);
void run_population(Call& call);
void run_fit(Call& call);  // fit, and forecast and recommend, which begin with one

}  // namespace titrate
