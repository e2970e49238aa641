#include "decide/probe.hpp"

#include <algorithm>

namespace titrate {

namespace {

Result<BuiltSchedule> built_for(const Situation& situation, const std::optional<Regimen>& regimen, const TargetWindow& window,
                                const CovariateFuture& future, ReadFor wanted) {
  const Window& w = window.window;
  Patient patient;
  if (window.steady_state && regimen) {
    patient = at_steady_state(situation, *regimen, w.from, future);
  } else if (window.steady_state) {
    patient = at_steady_state(situation, Regimen{}, w.from, future);
    patient.doses.clear();
  } else {
    patient = with_regimen(situation, regimen, w.to, future);
  }
  const double length = w.to - w.from;
  if (wanted == ReadFor::area) return build_schedule(*situation.model, patient, exposure_samples(w, {}, length, length));
  const auto bare = build_schedule(*situation.model, patient, {});
  if (!bare) return bare.diagnostics();
  std::vector<double> edges = input_edges(*situation.model, bare->schedule);
  edges.push_back(window.trough_time);
  std::sort(edges.begin(), edges.end());
  return build_schedule(*situation.model, patient, exposure_samples(w, edges, 0.25, std::max(length / 24.0, 1e-3)));
}

}  // namespace

Result<Probe> make_probe(const Situation& situation, const std::optional<Regimen>& regimen, const TargetWindow& window,
                         const CovariateFuture& future, ReadFor wanted) {
  Probe probe;
  probe.window = window;
  for (std::size_t v = 0; v < situation.variants.size(); ++v) {
    auto built = built_for(as_variant(situation, v), regimen, window, future, wanted);
    if (!built) return built.diagnostics();
    probe.built.push_back(std::move(*built));
  }
  return probe;
}

ProbeCurves::ProbeCurves(const CompiledModel& model, const Probe& probe, int output, const SimulateOptions& options)
    : probe_(&probe), output_(output) {
  for (const BuiltSchedule& built : probe.built) simulations_.emplace_back(model, built.schedule, options);
}

const Curve* ProbeCurves::of(Individual& individual, std::size_t variant, History* history, std::string* why) {
  const BuiltSchedule& built = probe_->built[variant];
  const Course& course = simulations_[variant].of(individual, history);
  if (!course.ok) {
    if (why != nullptr) *why = course.why;
    return nullptr;
  }
  set_curve(curve_, course, built.schedule, built.sample_of_extra, output_);
  return &curve_;
}

namespace {

double average(const Curve& curve) {
  const double length = curve.time.back() - curve.time.front();
  return length > 0.0 ? (curve.auc.back() - curve.auc.front()) / length : curve.value.front();
}

}  // namespace

double metric_of(const Aim& aim, const Curve& curve, double trough_time) {
  const double from = curve.time.front(), to = curve.time.back();
  switch (aim.metric) {
    case Metric::auc24:
      return 24.0 * average(curve);
    case Metric::auc:
      return curve.auc.back() - curve.auc.front();
    case Metric::cavg:
      return average(curve);
    case Metric::cmin:
      return value_at(curve, trough_time);
    case Metric::cmax:
      return highest(curve).value;
    case Metric::value_at:
      return value_at(curve, to);
    case Metric::nadir:
      return lowest(curve).value;
    case Metric::nadir_time:
      return lowest(curve).time - from;
    case Metric::time_above:
      break;
  }
  const double hours = hours_above(curve, *aim.target.limit);
  return aim.as_fraction ? hours / (to - from) : hours;
}

}  // namespace titrate
