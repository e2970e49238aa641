// The verbs that rest on a fit: fit, forecast, recommend.

#include <algorithm>

#include "base/recent.hpp"
#include "call.hpp"
#include "decide/information.hpp"
#include "infer/fit.hpp"
#include "response/response.hpp"

namespace titrate {

namespace {

using json::Value;

// A posterior with the schedules of history that it belongs to, one per variant of the patient.
struct Fitted {
  std::vector<BuiltSchedule> built;
  Posterior posterior;

  [[nodiscard]] const BuiltSchedule& leading() const { return built[posterior.leading]; }
};

Recent<Fitted>& posteriors() {
  static Recent<Fitted> instance(12);
  return instance;
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
  if (auto known = posteriors().find(key)) return known;
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
  return posteriors().keep(key, Fitted{std::move(built), std::move(*posterior)});
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

}  // namespace

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

}  // namespace titrate
