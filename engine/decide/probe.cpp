#include "decide/probe.hpp"

#include <algorithm>

namespace titrate {

namespace {

Patient given(const Situation& situation, const std::optional<Regimen>& regimen, const TargetWindow& window,
              const CovariateFuture& future) {
  const Window& w = window.window;
  if (!window.steady_state) return with_regimen(situation, regimen, w.to, future);
  Patient patient = at_steady_state(situation, regimen.value_or(Regimen{}), w.from, future);
  if (!regimen) patient.doses.clear();
  return patient;
}

Result<BuiltSchedule> built_for(const Situation& situation, const std::optional<Regimen>& regimen, const TargetWindow& window,
                                const CovariateFuture& future, ReadFor wanted) {
  const Window& w = window.window;
  const Patient patient = given(situation, regimen, window, future);
  const double length = w.to - w.from;
  if (wanted == ReadFor::area) return build_schedule(*situation.model, patient, exposure_samples(w, {}, length, length));
  const auto bare = build_schedule(*situation.model, patient, {});
  if (!bare) return bare.diagnostics();
  std::vector<double> edges = input_edges(*situation.model, bare->schedule);
  edges.push_back(window.trough_time);
  std::sort(edges.begin(), edges.end());
  return build_schedule(*situation.model, patient, exposure_samples(w, edges, first_gap, widest_gap(w)));
}

Result<BuiltSchedule> built_without_dose(const Situation& situation, const TargetWindow& window, const CovariateFuture& future,
                                         const std::vector<double>& also, double widest) {
  const Window& w = window.window;
  const Patient patient = given(situation, std::nullopt, window, future);
  const auto bare = build_schedule(*situation.model, patient, {});
  if (!bare) return bare.diagnostics();
  std::vector<Sample> samples = exposure_samples(w, input_edges(*situation.model, bare->schedule), first_gap, widest);
  const auto add = [&](double time, int order) {
    const auto same = [&](const Sample& sample) { return sample.time == time && sample.order == order; };
    if (time > w.from && time < w.to && std::none_of(samples.begin(), samples.end(), same)) samples.push_back({time, order});
  };
  for (const double time : also) add(time, before_all);
  for (const Position& at : bare->schedule.breaks)
    for (const int order : {before_all, after_all}) add(at.time, order);
  std::sort(samples.begin(), samples.end(),
            [](const Sample& a, const Sample& b) { return a.time != b.time ? a.time < b.time : a.order < b.order; });
  return build_schedule(*situation.model, patient, samples);
}

template <class Build>
Result<Probe> of_all_variants(const Situation& situation, const TargetWindow& window, Build build) {
  Probe probe;
  probe.window = window;
  for (std::size_t v = 0; v < situation.variants.size(); ++v) {
    auto built = build(as_variant(situation, v));
    if (!built) return built.diagnostics();
    probe.built.push_back(std::move(*built));
  }
  return probe;
}

}  // namespace

double widest_gap(const Window& window) { return std::max((window.to - window.from) / 24.0, 1e-3); }

Result<Probe> make_probe(const Situation& situation, const std::optional<Regimen>& regimen, const TargetWindow& window,
                         const CovariateFuture& future, ReadFor wanted) {
  return of_all_variants(situation, window,
                         [&](const Situation& variant) { return built_for(variant, regimen, window, future, wanted); });
}

Result<Probe> make_probe_without_dose(const Situation& situation, const TargetWindow& window, const CovariateFuture& future,
                                      const std::vector<double>& also, double widest) {
  return of_all_variants(situation, window,
                         [&](const Situation& variant) { return built_without_dose(variant, window, future, also, widest); });
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
