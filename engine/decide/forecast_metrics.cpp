#include "decide/forecast_metrics.hpp"

#include "decide/cautions.hpp"
#include "decide/probe.hpp"
#include "decide/words.hpp"

namespace titrate {

namespace {

// The probes of several metrics: those of one window are one.
struct Probes {
  std::vector<Probe> all;
  std::vector<std::size_t> of;  // per metric
  Diagnostics problems;
};

bool add_probe(const MetricsOf& of, const Aim& aim, const std::optional<Regimen>& regimen, const CovariateFuture& future,
               Probes& probes) {
  const TargetWindow window = resolve(of.leading, aim, regimen, of.horizon, of.posterior.mode);
  for (std::size_t i = 0; i < probes.all.size(); ++i) {
    const Window& known = probes.all[i].window.window;
    if (known.from != window.window.from || known.to != window.window.to) continue;
    probes.of.push_back(i);
    return true;
  }
  auto probe = make_probe(of.situation, regimen, window, future);
  if (!probe) {
    probes.problems = probe.diagnostics();
    return false;
  }
  probes.of.push_back(probes.all.size());
  probes.all.push_back(std::move(*probe));
  return true;
}

// The target's metric and the usual three, in the window of the target, else over the next 24 h of the first output. An average
// may need a longer window than the others, and is then read from curves of its own.
std::vector<Aim> aims_of(const ForecastOptions& options, const Aim& aim, const TargetWindow& window) {
  std::vector<Aim> aims;
  if (options.aim) aims.push_back(aim);
  const bool span = window.window.to > window.window.from;
  for (const Metric metric : {Metric::cmax, Metric::cmin, Metric::auc24}) {
    if (!span || (options.aim && metric == options.aim->metric)) continue;
    aims.push_back(aim);
    aims.back().metric = metric;
  }
  return aims;
}

// One row per metric, one column per draw that has a prediction.
struct Values {
  std::vector<std::vector<double>> of;
  std::vector<double> weights;
  std::string why;  // no draw has one
};

Values values_of(const CompiledModel& model, const std::vector<Aim>& aims, const Probes& probes, const Drawn& draws,
                 SimulateOptions options) {
  options.auc = true;
  options.slopes = true;
  Values values;
  values.of.resize(aims.size());
  std::vector<ProbeCurves> readers;
  for (const Probe& probe : probes.all) readers.emplace_back(model, probe, aims.front().output, options);
  Individual individual(model, Vector());
  std::vector<const Curve*> curves;  // of the last draw
  for (std::size_t s = 0; s < draws.size(); ++s) {
    const bool repeats = draws.repeats(s);
    if (!repeats) {
      curves.clear();
      individual.become(draws.eta(s));
    }
    for (ProbeCurves& reader : readers) {
      if (repeats) break;
      const Curve* const curve = reader.of(individual, draws.variant(s), nullptr, &values.why);
      if (curve == nullptr) break;
      curves.push_back(curve);
    }
    if (curves.size() < probes.all.size()) continue;
    for (std::size_t i = 0; i < aims.size(); ++i)
      values.of[i].push_back(metric_of(aims[i], *curves[probes.of[i]], probes.all[probes.of[i]].window.trough_time));
    values.weights.push_back(draws.weight(s));
  }
  return values;
}

}  // namespace

Diagnostics add_metrics(const MetricsOf& of, const CovariateFuture& future, const Drawn& draws, RegimenForecast& forecast) {
  const CompiledModel& model = *of.situation.model;
  Aim aim;
  if (of.options.aim) {
    aim = *of.options.aim;
  } else {
    aim.during = {During::Kind::after_now, 0.0, 24.0, "next 24 h"};
  }
  const TargetWindow window = resolve(of.leading, aim, forecast.regimen, of.horizon, of.posterior.mode);
  if (forecast.regimen) forecast.cautions = broken_rules(of.situation, *forecast.regimen);
  if (!window.withheld.empty()) forecast.cautions.push_back("The steady state is not shown: " + window.withheld + ".");
  const std::vector<Aim> aims = aims_of(of.options, aim, window);
  Probes probes;
  for (const Aim& one : aims)
    if (!add_probe(of, one, forecast.regimen, future, probes)) return probes.problems;
  if (aims.empty()) return {};
  const Values values = values_of(model, aims, probes, draws, draw_options(of.options.draws));
  if (values.weights.empty()) return {no_prediction(values.why)};
  const auto n = static_cast<Eigen::Index>(values.weights.size());
  Vector w = Eigen::Map<const Vector>(values.weights.data(), n);
  w /= w.sum();
  const Output& output = model.model->outputs[static_cast<std::size_t>(aim.output)];
  for (std::size_t i = 0; i < aims.size(); ++i) {
    const Vector h = Eigen::Map<const Vector>(values.of[i].data(), n);
    const bool target = of.options.aim && i == 0;
    const Unit unit = target ? aim.target.unit : metric_unit(output.unit, aims[i].metric);
    const TargetWindow& read_in = probes.all[probes.of[i]].window;
    std::string name = target ? aim.target.label : word(aims[i].metric);
    if (!read_in.whole.empty()) name += " (" + read_in.whole + ")";
    forecast.metrics.push_back({word(aims[i].metric), output.name, read_in.words, name, spread(h, w, unit)});
    if (target) forecast.target = chances(aim.target, h, losses(aim.target, h), w);
  }
  return {};
}

}  // namespace titrate
