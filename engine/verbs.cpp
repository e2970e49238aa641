// The verbs that fit nothing: validate, simulate, population.

#include "call.hpp"
#include "card/card.hpp"
#include "checks/grading.hpp"
#include "checks/virtual_population.hpp"
#include "checks/worked_cases.hpp"
#include "response/response.hpp"

namespace titrate {

using json::Value;

// Diagnostics of a model file point into the request: "/individual/CL" becomes "/model/individual/CL".
Diagnostics inside_model(Diagnostics diagnostics) {
  for (Diagnostic& d : diagnostics) d.path = "/model" + d.path;
  return diagnostics;
}

void run_validate(Call& call) {
  const Progress& progress = call.progress;
  if (progress) progress(0.0);
  Value result{json::Object{}};
  if (!call.request.has_patient) {
    const Model& model = *call.compiled().model;
    const auto checks = run_worked_cases(call.compiled());
    append(call.diagnostics, inside_model(checks.diagnostics()));
    const auto population = run_population_checks(call.model->compiled);
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
  const PopulationSettings settings{call.request.settings.seed.value_or(1), call.progress};
  const LoadedModel& model = *call.model;
  auto value = population_value(model.compiled, *call.request.population, model.genotype_sources, model.population, settings);
  append(call.diagnostics, value.diagnostics());
  if (value) call.result = std::move(*value);
}

}  // namespace titrate
