#include "decide/forecast.hpp"

#include <algorithm>
#include <cmath>

#include "decide/bands.hpp"
#include "decide/cautions.hpp"
#include "decide/probe.hpp"
#include "decide/words.hpp"
#include "infer/importance.hpp"
#include "infer/residual.hpp"

namespace titrate {

int default_draws(const CompiledModel& model) { return model.states.linear ? 1000 : 300; }

SimulateOptions draw_options(const DrawSettings& settings) {
  SimulateOptions options;
  options.solver = settings.solver;
  options.rtol = settings.rtol.value_or(1e-6);
  options.atol = 1e-3 * options.rtol;
  return options;
}

namespace {

struct Draws {
  Matrix eta;                // k x S
  Vector weights;            // S
  std::vector<int> variant;  // S

  [[nodiscard]] bool same(Eigen::Index a, Eigen::Index b) const {
    return eta.col(a) == eta.col(b) && variant[static_cast<std::size_t>(a)] == variant[static_cast<std::size_t>(b)];
  }
};

Draws draws_of(const Posterior& posterior) {
  const auto S = static_cast<std::size_t>(posterior.draws.cols());
  return {posterior.draws, posterior.weights, posterior.variant.empty() ? std::vector<int>(S, 0) : posterior.variant};
}

// One course, that of a variant.
Draws single(const Vector& eta, std::size_t variant) { return {eta, Vector::Ones(1), {static_cast<int>(variant)}}; }

// Values of every output (times x draws) and the weights of the draws that have a prediction.
struct Ensemble {
  std::vector<Matrix> outputs;
  Vector weights;
  int failed = 0;
};

Diagnostic failure(const std::string& why) {
  return {"forecast.no_prediction",
          Severity::error,
          "",
          std::nullopt,
          "No draw has a prediction: " + why,
          "Check doses, times and covariates."};
}

// One schedule per variant, all with the same extra times.
Result<Ensemble> run_draws(const CompiledModel& model, const std::vector<BuiltSchedule>& built, const Draws& draws,
                           const SimulateOptions& options) {
  const auto n_times = static_cast<Eigen::Index>(built.front().sample_of_extra.size());
  const Eigen::Index S = draws.eta.cols();
  Ensemble all;
  all.outputs.assign(static_cast<std::size_t>(model.m), Matrix(n_times, S));
  std::vector<double> weights;
  std::string why = "there are no draws";
  Eigen::Index kept = 0;
  std::optional<Eigen::Index> last;  // draw with a prediction: one that repeats it is not simulated again
  for (Eigen::Index s = 0; s < S; ++s) {
    if (draws.weights[s] <= 0.0) continue;
    if (last && draws.same(s, *last)) {
      for (Matrix& output : all.outputs) output.col(kept) = output.col(kept - 1);
      weights.push_back(draws.weights[s]);
      ++kept;
      continue;
    }
    const BuiltSchedule& own = built[static_cast<std::size_t>(draws.variant[static_cast<std::size_t>(s)])];
    const Course course = simulate(model, own.schedule, draws.eta.col(s), options);
    if (!course.ok || !course.outputs.allFinite()) {
      why = course.ok ? "a value is not finite" : course.why;
      ++all.failed;
      continue;
    }
    for (int output = 0; output < model.m; ++output)
      for (Eigen::Index i = 0; i < n_times; ++i)
        all.outputs[static_cast<std::size_t>(output)](i, kept) =
            course.outputs(own.sample_of_extra[static_cast<std::size_t>(i)], output);
    weights.push_back(draws.weights[s]);
    ++kept;
    last = s;
  }
  if (kept == 0) return failure(why);
  for (Matrix& output : all.outputs) output.conservativeResize(Eigen::NoChange, kept);
  all.weights = Eigen::Map<const Vector>(weights.data(), kept);
  all.weights /= all.weights.sum();
  return all;
}

// A grid of at most about `budget` samples: gaps after edges widen first, then the edges farthest from now are left out.
std::vector<Sample> display_samples(const Window& window, std::vector<double> edges, double now, std::size_t budget) {
  const double widest = std::max((window.to - window.from) / (0.6 * static_cast<double>(budget)), 1e-3);
  for (double first = 0.25;; first *= 2.0) {
    auto samples = exposure_samples(window, edges, std::min(first, widest), widest);
    if (samples.size() <= budget) return samples;
    if (first < widest) continue;
    const std::size_t keep = edges.size() * 4 / 5;
    if (keep == 0) return samples;
    std::sort(edges.begin(), edges.end(), [now](double a, double b) { return std::abs(a - now) < std::abs(b - now); });
    edges.resize(keep);
    std::sort(edges.begin(), edges.end());
  }
}

class Forecaster {
 public:
  Forecaster(const Situation& situation, const Posterior& posterior, const ForecastOptions& options)
      : situation_(situation),
        model_(*situation.model),
        posterior_(posterior),
        options_(options),
        simulate_(draw_options(options.draws)),
        leading_(as_variant(situation, posterior.leading)) {}

  Result<Forecast> run() {
    if (!posterior_.ok())
      return Diagnostic{"forecast.no_posterior",
                        Severity::error,
                        "",
                        std::nullopt,
                        "There is no fit to forecast from: " + posterior_.words,
                        ""};
    set_regimens();
    if (!set_grid() || !history() || !typical() || !futures()) return problems_;
    records();
    forecast_.remarks = remarks_;
    return std::move(forecast_);
  }

 private:
  void set_regimens() {
    regimens_ = options_.regimens;
    if (regimens_.empty()) regimens_.push_back(situation_.current);
    horizon_ = options_.horizon;
    if (horizon_.hours <= 0.0)
      for (const auto& regimen : regimens_)
        horizon_.hours = std::max(horizon_.hours, default_horizon(situation_, regimen, options_.aim));
    end_ = situation_.now + horizon_.hours;
    forecast_.now = situation_.now;
    if (options_.aim) forecast_.target = options_.aim->target;
  }

  std::optional<BuiltSchedule> build(const Patient& patient, const std::vector<Sample>& samples) {
    auto built = build_schedule(model_, patient, samples);
    if (!built) {
      problems_ = built.diagnostics();
      return std::nullopt;
    }
    for (const Diagnostic& d : built->schedule.remarks) {
      const auto same = [&d](const Diagnostic& other) { return other.code == d.code && other.path == d.path; };
      if (std::none_of(remarks_.begin(), remarks_.end(), same)) remarks_.push_back(d);
    }
    return std::move(*built);
  }

  // The schedules of all variants under a regimen.
  std::optional<std::vector<BuiltSchedule>> build_all(const std::optional<Regimen>& regimen, double until,
                                                      const std::vector<Sample>& samples, const CovariateFuture& future = {}) {
    std::vector<BuiltSchedule> all;
    for (std::size_t v = 0; v < situation_.variants.size(); ++v) {
      auto built = build(with_regimen(as_variant(situation_, v), regimen, until, future), samples);
      if (!built) return std::nullopt;
      all.push_back(std::move(*built));
    }
    return all;
  }

  std::vector<double> edges_of(const std::vector<BuiltSchedule>& all) const {
    std::vector<double> edges;
    for (const BuiltSchedule& built : all) {
      const auto more = input_edges(model_, built.schedule);
      edges.insert(edges.end(), more.begin(), more.end());
    }
    std::sort(edges.begin(), edges.end());
    if (all.size() > 1) edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    return edges;
  }

  bool set_grid() {
    const auto bare = build_all(std::nullopt, situation_.now, {});
    if (!bare) return false;
    double earliest = situation_.now;
    for (const BuiltSchedule& built : *bare)
      if (!built.schedule.doses.empty() || !built.schedule.samples.empty()) earliest = std::min(earliest, built.schedule.start);
    for (const DosingEvent& dose : situation_.recorded.doses) earliest = std::min(earliest, dose.time);
    history_samples_ = display_samples({earliest, situation_.now}, edges_of(*bare), situation_.now, options_.points * 2 / 5);
    std::vector<double> edges;
    for (const auto& regimen : regimens_) {
      const auto planned = build_all(regimen, end_, {});
      if (!planned) return false;
      const auto more = edges_of(*planned);
      edges.insert(edges.end(), more.begin(), more.end());
    }
    std::sort(edges.begin(), edges.end());
    future_samples_ = display_samples({situation_.now, end_}, edges, situation_.now, options_.points * 3 / 5);
    for (const auto* part : {&history_samples_, &future_samples_})
      for (const Sample& sample : *part) forecast_.time.push_back(sample.time);
    forecast_.now_index = history_samples_.size() - 1;
    forecast_.outputs.resize(static_cast<std::size_t>(model_.m));
    return true;
  }

  void progress(double done) const {
    if (options_.progress) options_.progress(done);
  }

  // The next measurement comes from the laboratory of the last one: the error of that assay, or the first without any.
  const CompiledResidual* next_error(int output) const {
    const Observation* last = nullptr;
    for (const Observation& o : situation_.patient.observations)
      if (o.output == model_.model->outputs[static_cast<std::size_t>(output)].name && (last == nullptr || o.time >= last->time))
        last = &o;
    return last != nullptr ? find_residual(model_.residuals[static_cast<std::size_t>(output)], last->assay) : nullptr;
  }

  bool take(const Result<Ensemble>& ensemble) {
    if (!ensemble) {
      problems_ = ensemble.diagnostics();
      return false;
    }
    if (ensemble->failed > 0)
      remarks_.push_back({"forecast.failed_draws", Severity::warning, "", std::nullopt,
                          std::to_string(ensemble->failed) + " draws have no prediction and are left out.", ""});
    return true;
  }

  // The past alone: no plan can move it.
  bool history() {
    const auto built = build_all(std::nullopt, situation_.now, history_samples_);
    if (!built) return false;
    const auto ensemble = run_draws(model_, *built, draws_of(posterior_), simulate_);
    if (!take(ensemble)) return false;
    for (int output = 0; output < model_.m; ++output)
      forecast_.outputs[static_cast<std::size_t>(output)].history =
          bands_of(model_, output, ensemble->outputs[static_cast<std::size_t>(output)], ensemble->weights, next_error(output));
    progress(0.2);
    return true;
  }

  // Population, mode and a priori bands over history and the first regimen. Of an uncertain patient, the population's line is
  // that of the typical variant, the mode that of the leading one, and the bands hold all by their frequencies.
  bool typical() {
    std::vector<Sample> samples = history_samples_;
    samples.insert(samples.end(), future_samples_.begin(), future_samples_.end());
    const auto built = build_all(regimens_.front(), end_, samples);
    if (!built) return false;
    const auto population = run_draws(model_, *built, single(Vector::Zero(model_.k), situation_.variants.typical), simulate_);
    const auto individual = run_draws(model_, *built, single(posterior_.mode, posterior_.leading), simulate_);
    const int S = options_.draws.draws.value_or(default_draws(model_));
    const Effects& effects = built->front().schedule.effects;  // the same in all variants
    WeightedDraws prior = normal_draws(Vector::Zero(effects.size), effects.omega, S, options_.draws.seed);
    std::vector<double> frequencies;
    for (const Variant& variant : situation_.variants.all) frequencies.push_back(variant.probability);
    std::vector<int> classes = allot(frequencies, S, options_.draws.seed);
    const auto a_priori =
        run_draws(model_, *built, {std::move(prior.draws), std::move(prior.weights), std::move(classes)}, simulate_);
    if (!take(population) || !take(individual) || !take(a_priori)) return false;
    for (int output = 0; output < model_.m; ++output) {
      const auto o = static_cast<std::size_t>(output);
      OutputForecast& f = forecast_.outputs[o];
      f.output = output;
      const auto column = [&](const Matrix& m) { return std::vector<double>(m.data(), m.data() + m.rows()); };
      f.population = column(population->outputs[o]);
      f.mode = column(individual->outputs[o]);
      f.a_priori = bands_of(model_, output, a_priori->outputs[o], a_priori->weights, next_error(output));
    }
    progress(0.4);
    return true;
  }

  bool futures() {
    struct Plan {
      std::optional<Regimen> regimen;
      const Scenario* scenario;
    };
    const Instability renal = options_.scenarios ? renal_instability(situation_) : Instability{};
    std::vector<Plan> plans;
    for (const auto& regimen : regimens_) plans.push_back({regimen, nullptr});
    for (const Scenario& scenario : renal.scenarios)
      if (scenario.id != "hold") plans.push_back({regimens_.front(), &scenario});
    for (std::size_t i = 0; i < plans.size(); ++i) {
      auto one = under(plans[i].regimen, plans[i].scenario);
      if (!one) return false;
      forecast_.regimens.push_back(std::move(*one));
      progress(0.4 + 0.6 * static_cast<double>(i + 1) / static_cast<double>(plans.size()));
    }
    return true;
  }

  std::optional<RegimenForecast> under(const std::optional<Regimen>& regimen, const Scenario* scenario) {
    const CovariateFuture future = scenario != nullptr ? scenario->future : CovariateFuture{};
    RegimenForecast f;
    f.regimen = regimen;
    f.label = label(*model_.model, regimen);
    if (scenario != nullptr) {
      f.scenario = scenario->id;
      f.label += " (" + scenario->label + ")";
    }
    f.doses = planned_doses(situation_, regimen, end_);
    std::vector<Sample> samples{{situation_.now, before_all}};
    samples.insert(samples.end(), future_samples_.begin(), future_samples_.end());
    const auto built = build_all(regimen, end_, samples, future);
    if (!built) return std::nullopt;
    const auto ensemble = run_draws(model_, *built, draws_of(posterior_), simulate_);
    if (!take(ensemble)) return std::nullopt;
    for (int output = 0; output < model_.m; ++output)
      f.outputs.push_back(
          bands_of(model_, output, ensemble->outputs[static_cast<std::size_t>(output)], ensemble->weights, next_error(output)));
    if (!metrics(f, regimen, future)) return std::nullopt;
    return f;
  }

  // The target's metric and the usual three, in the window of the target, else over the next 24 h of the first output. An average
  // may need a longer window than the others, and is then read from curves of its own.
  bool metrics(RegimenForecast& f, const std::optional<Regimen>& regimen, const CovariateFuture& future) {
    Aim aim;
    if (options_.aim) {
      aim = *options_.aim;
    } else {
      aim.during = {During::Kind::after_now, 0.0, 24.0, "next 24 h"};
    }
    const TargetWindow window = resolve(leading_, aim, regimen, horizon_, posterior_.mode);
    if (regimen) f.cautions = broken_rules(*model_.model, *regimen);
    if (!window.withheld.empty()) f.cautions.push_back("The steady state is not shown: " + window.withheld + ".");
    std::vector<Aim> aims;
    if (options_.aim) aims.push_back(aim);
    const bool span = window.window.to > window.window.from;
    for (const Metric metric : {Metric::cmax, Metric::cmin, Metric::auc24}) {
      if (!span || (options_.aim && metric == options_.aim->metric)) continue;
      aims.push_back(aim);
      aims.back().metric = metric;
    }
    std::vector<Probe> probes;
    std::vector<std::size_t> probe_of;
    for (const Aim& one : aims)
      if (!add_probe(probes, probe_of, one, regimen, future)) return false;
    std::vector<std::vector<double>> values(aims.size());
    std::vector<double> weights;
    std::string why;
    const Draws draws = draws_of(posterior_);
    std::vector<Curve> curves;  // of the last draw
    for (Eigen::Index s = 0; s < posterior_.draws.cols(); ++s) {
      const bool repeats = s > 0 && draws.same(s, s - 1);
      if (!repeats) curves.clear();
      Individual individual(model_, posterior_.draws.col(s));
      for (const Probe& probe : probes) {
        if (repeats) break;
        auto curve = curve_for(model_, probe, aim.output, individual, posterior_.variant_of(s), simulate_, &why);
        if (!curve) break;
        curves.push_back(std::move(*curve));
      }
      if (curves.size() < probes.size()) continue;
      for (std::size_t i = 0; i < aims.size(); ++i)
        values[i].push_back(metric_of(aims[i], curves[probe_of[i]], probes[probe_of[i]].window.trough_time));
      weights.push_back(posterior_.weights[s]);
    }
    if (weights.empty()) {
      problems_ = {failure(why)};
      return false;
    }
    const auto n = static_cast<Eigen::Index>(weights.size());
    Vector w = Eigen::Map<const Vector>(weights.data(), n);
    w /= w.sum();
    const Output& output = model_.model->outputs[static_cast<std::size_t>(aim.output)];
    for (std::size_t i = 0; i < aims.size(); ++i) {
      const Vector h = Eigen::Map<const Vector>(values[i].data(), n);
      const bool target = options_.aim && i == 0;
      const Unit unit = target ? aim.target.unit : metric_unit(output.unit, aims[i].metric);
      const TargetWindow& read_in = probes[probe_of[i]].window;
      std::string name = target ? aim.target.label : word(aims[i].metric);
      if (!read_in.whole.empty()) name += " (" + read_in.whole + ")";
      f.metrics.push_back({word(aims[i].metric), output.name, read_in.words, name, spread(h, w, unit)});
      if (target) f.target = chances(aim.target, h, w);
    }
    return true;
  }

  // The probe of a metric's window: one that is there already, where the windows are the same.
  bool add_probe(std::vector<Probe>& probes, std::vector<std::size_t>& probe_of, const Aim& aim,
                 const std::optional<Regimen>& regimen, const CovariateFuture& future) {
    const TargetWindow window = resolve(leading_, aim, regimen, horizon_, posterior_.mode);
    for (std::size_t i = 0; i < probes.size(); ++i) {
      const Window& known = probes[i].window.window;
      if (known.from != window.window.from || known.to != window.window.to) continue;
      probe_of.push_back(i);
      return true;
    }
    auto probe = make_probe(situation_, regimen, window, future);
    if (!probe) {
      problems_ = probe.diagnostics();
      return false;
    }
    probe_of.push_back(probes.size());
    probes.push_back(std::move(*probe));
    return true;
  }

  void records() {
    forecast_.given = given_doses(situation_.recorded);
    for (std::size_t c = 0; c < model_.model->covariates.size(); ++c) {
      const auto course = situation_.recorded.covariates.find(model_.model->covariates[c].name);
      if (course != situation_.recorded.covariates.end())
        forecast_.covariates.push_back({static_cast<int>(c), course->second.time, course->second.value});
    }
  }

  const Situation& situation_;
  const CompiledModel& model_;
  const Posterior& posterior_;
  const ForecastOptions& options_;
  SimulateOptions simulate_;
  Situation leading_;  // the patient that the mode belongs to
  std::vector<std::optional<Regimen>> regimens_;
  Horizon horizon_;
  double end_ = 0.0;
  std::vector<Sample> history_samples_, future_samples_;
  Forecast forecast_;
  Diagnostics problems_, remarks_;
};

}  // namespace

Result<Forecast> forecast(const Situation& situation, const Posterior& posterior, const ForecastOptions& options) {
  return Forecaster(situation, posterior, options).run();
}

}  // namespace titrate
