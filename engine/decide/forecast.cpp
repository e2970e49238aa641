#include "decide/forecast.hpp"

#include <algorithm>
#include <cmath>

#include "base/stable_order.hpp"
#include "decide/bands.hpp"
#include "decide/forecast_metrics.hpp"
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

// A grid of at most about `budget` samples: gaps after edges widen first, then the edges farthest from now are left out.
std::vector<Sample> display_samples(const Window& window, std::vector<double> edges, double now, std::size_t budget) {
  const double widest = std::max((window.to - window.from) / (0.6 * static_cast<double>(budget)), 1e-3);
  for (double first = 0.25;; first *= 2.0) {
    auto samples = exposure_samples(window, edges, std::min(first, widest), widest);
    if (samples.size() <= budget) return samples;
    if (first < widest) continue;
    const std::size_t keep = edges.size() * 4 / 5;
    if (keep == 0) return samples;
    sort_stably(edges.begin(), edges.end(), [now](double a, double b) { return std::abs(a - now) < std::abs(b - now); });
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
        leading_(as_variant(situation, posterior.leading)),
        draws_(posterior) {}

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
    const auto ensemble = run_draws(model_, *built, draws_, simulate_);
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
    const auto single = [&](const Vector& eta, std::size_t variant) {
      return run_draws(model_, *built, Drawn(eta, Vector::Ones(1), {static_cast<int>(variant)}), simulate_);
    };
    const auto population = single(Vector::Zero(model_.k), situation_.variants.typical);
    const auto individual = single(posterior_.mode, posterior_.leading);
    const int S = options_.draws.draws.value_or(default_draws(model_));
    const Effects& effects = built->front().schedule.effects;  // the same in all variants
    WeightedDraws prior = normal_draws(Vector::Zero(effects.size), effects.omega, S, options_.draws.seed);
    std::vector<double> frequencies;
    for (const Variant& variant : situation_.variants.all) frequencies.push_back(variant.probability);
    std::vector<int> classes = allot(frequencies, S, options_.draws.seed);
    const Drawn population_draws(std::move(prior.draws), std::move(prior.weights), std::move(classes));
    const auto a_priori = run_draws(model_, *built, population_draws, simulate_);
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
    const auto ensemble = run_draws(model_, *built, draws_, simulate_);
    if (!take(ensemble)) return std::nullopt;
    for (int output = 0; output < model_.m; ++output)
      f.outputs.push_back(
          bands_of(model_, output, ensemble->outputs[static_cast<std::size_t>(output)], ensemble->weights, next_error(output)));
    problems_ = add_metrics({situation_, leading_, posterior_, options_, horizon_}, future, draws_, f);
    if (has_error(problems_)) return std::nullopt;
    return f;
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
  Drawn draws_;        // of the posterior
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
