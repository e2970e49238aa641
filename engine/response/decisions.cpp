// Results of forecast and recommend.

#include "response/response.hpp"

namespace titrate {

namespace {

using json::Value;

Value bands_value(const Bands& bands, const Unit& unit) {
  Value residual;
  residual.set("p5", column(bands.with_residual.p5, unit));
  residual.set("p25", column(bands.with_residual.p25, unit));
  residual.set("p75", column(bands.with_residual.p75, unit));
  residual.set("p95", column(bands.with_residual.p95, unit));
  Value object;
  object.set("median", column(bands.parameters.median, unit));
  object.set("p5", column(bands.parameters.p5, unit));
  object.set("p25", column(bands.parameters.p25, unit));
  object.set("p75", column(bands.parameters.p75, unit));
  object.set("p95", column(bands.parameters.p95, unit));
  object.set("with_residual", std::move(residual));
  return object;
}

Value doses_value(const std::vector<PlannedDose>& doses, const Unit& amount, const Units& units) {
  return objects(doses, [&](Value& object, const PlannedDose& dose) {
    object.set("time", units.in_time(dose.time));
    object.set("amt", dose.amt / amount.factor);
    object.set("dur", units.in_time(dose.dur));
    object.set("unit", amount.text);
    if (dose.taken < 1.0) object.set("taken", dose.taken);
  });
}

Unit amount_unit(const Model& model, const std::string& route) {
  for (const Route& known : model.routes)
    if (known.name == route) return known.amount_unit;
  return model.routes.empty() ? Unit{} : model.routes.front().amount_unit;
}

std::string last_route(const Patient& patient) { return patient.doses.empty() ? std::string() : patient.doses.back().route; }

Value chances_value(const Chances& chances) {
  Value object;
  set_chances(object, chances);
  return object;
}

Value regimen_forecast_value(const Model& model, const RegimenForecast& forecast, const Units& units, const std::string& route) {
  Value outputs{json::Object{}};
  for (std::size_t j = 0; j < forecast.outputs.size(); ++j)
    outputs.set(model.outputs[j].name, bands_value(forecast.outputs[j], model.outputs[j].unit));
  Value metrics = objects(forecast.metrics, [](Value& metric, const MetricSummary& summary) {
    metric = spread_value(summary.spread);
    metric.set("metric", summary.metric);
    metric.set("of", summary.of);
    metric.set("during", summary.during);
    metric.set("label", summary.label);
  });
  Value object;
  object.set("label", forecast.label);
  if (forecast.regimen) object.set("regimen", regimen_value(model, *forecast.regimen));
  object.set("outputs", std::move(outputs));
  object.set("doses", doses_value(forecast.doses, amount_unit(model, forecast.regimen ? forecast.regimen->route : route), units));
  object.set("metrics", std::move(metrics));
  if (forecast.target) object.set("target", chances_value(*forecast.target));
  object.set("cautions", Value(forecast.cautions));
  if (!forecast.scenario.empty()) object.set("scenario", forecast.scenario);
  return object;
}

Value outputs_value(const Model& model, const Forecast& forecast) {
  Value outputs{json::Object{}};
  for (const OutputForecast& line : forecast.outputs) {
    const Output& output = model.outputs[static_cast<std::size_t>(line.output)];
    Value object;
    object.set("unit", output.unit.text);
    object.set("label", output.label);
    object.set("population", column(line.population, output.unit));
    object.set("a_priori", bands_value(line.a_priori, output.unit));
    object.set("history", bands_value(line.history, output.unit));
    object.set("mode", column(line.mode, output.unit));
    outputs.set(output.name, std::move(object));
  }
  return outputs;
}

Value scenario_value(const Model& model, const Scenario& scenario, const Units& units) {
  Unit unit;
  for (const Covariate& covariate : model.covariates)
    if (covariate.name == scenario.covariate) unit = covariate.unit;
  Value object;
  object.set("id", scenario.id);
  object.set("label", scenario.label);
  object.set("covariate", scenario.covariate);
  object.set("unit", unit.text);
  object.set("time", units.times(scenario.time));
  object.set("value", column(scenario.value, unit));
  return object;
}

// A held dose keeps the regimen that goes on after it; no dose has none.
std::string word_of(const Candidate& candidate) {
  if (candidate.kind == Candidate::Kind::current) return "current";
  if (candidate.kind == Candidate::Kind::regimen) return "regimen";
  return candidate.regimen ? "hold" : "no_dose";
}

Value candidate_value(const Model& model, const Candidate& candidate) {
  Value daily;
  daily.set("value", candidate.daily / candidate.daily_unit.factor);
  daily.set("unit", candidate.daily_unit.text + "/day");
  Value object;
  object.set("label", candidate.label);
  object.set("kind", word_of(candidate));
  if (candidate.regimen) object.set("regimen", regimen_value(model, *candidate.regimen));
  set_chances(object, candidate.chances);
  object.set("metric", spread_value(candidate.metric));
  object.set("peak", spread_value(candidate.peak));
  object.set("trough", spread_value(candidate.trough));
  object.set("daily", std::move(daily));
  object.set("change", candidate.change);
  if (!candidate.worst.empty()) object.set("worst", candidate.worst);
  if (candidate.time_to_90) object.set("time_to_90", quantity_text(*candidate.time_to_90, known_unit("h")));
  object.set("remarks", Value(candidate.remarks));
  return object;
}

}  // namespace

json::Value forecast_value(const Situation& situation, const Forecast& forecast, json::Value fit) {
  const Model& model = *situation.model->model;
  const Units units(model);
  const std::string route = last_route(situation.patient);
  Value regimens = objects(forecast.regimens, [&](Value& object, const RegimenForecast& regimen) {
    object = regimen_forecast_value(model, regimen, units, route);
  });
  Value covariates = objects(forecast.covariates, [&](Value& object, const CovariateLine& line) {
    const Covariate& covariate = model.covariates[static_cast<std::size_t>(line.covariate)];
    object.set("name", covariate.name);
    object.set("unit", covariate.unit.text);
    object.set("time", units.times(line.time));
    object.set("value", column(line.value, covariate.unit));
  });
  Value result;
  result.set("fit", std::move(fit));
  result.set("time", units.times(forecast.time));
  result.set("time_unit", model.time_unit);
  result.set("now", units.in_time(forecast.now));
  result.set("outputs", outputs_value(model, forecast));
  result.set("regimens", std::move(regimens));
  result.set("doses", doses_value(forecast.given, amount_unit(model, route), units));
  result.set("covariates", std::move(covariates));
  if (forecast.target) result.set("target", target_value(model, *forecast.target));
  return result;
}

json::Value recommendation_value(const Situation& situation, const Recommendation& recommendation, json::Value fit) {
  const Model& model = *situation.model->model;
  const Units units(model);
  Value ranked = objects(recommendation.ranked,
                         [&](Value& object, const Candidate& candidate) { object = candidate_value(model, candidate); });
  Value removed = objects(recommendation.removed, [](Value& object, const Removed& entry) {
    object.set("label", entry.label);
    object.set("why", entry.why);
  });
  Value sample;
  sample.set("draws", recommendation.draws);
  sample.set("ess", recommendation.ess);
  Value result;
  result.set("fit", std::move(fit));
  result.set("target", target_value(model, recommendation.aim.target));
  result.set("loss", recommendation.loss);
  if (recommendation.current) result.set("current", candidate_value(model, *recommendation.current));
  result.set("ranked", std::move(ranked));
  result.set("reachable", recommendation.reachable);
  result.set("message", recommendation.message);
  result.set("tried", recommendation.tried);
  result.set("removed", std::move(removed));
  if (!recommendation.scenarios.empty()) {
    result.set("scenarios", objects(recommendation.scenarios, [&](Value& object, const Scenario& scenario) {
                 object = scenario_value(model, scenario, units);
               }));
  }
  result.set("sample", std::move(sample));
  return result;
}

}  // namespace titrate
