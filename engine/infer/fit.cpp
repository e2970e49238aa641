#include "infer/fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/normal.hpp"
#include "base/rng.hpp"
#include "infer/laplace.hpp"
#include "infer/mixture.hpp"

namespace titrate {

namespace {

constexpr double pareto_limit = 0.7;
constexpr double few_draws = 100.0;  // effective
constexpr std::uint64_t occasion_seed = 0x6f63636173696f6eULL;
constexpr std::uint64_t prior_seed = 20260102;  // of the percentiles: a priori statements do not depend on the seed of the fit

Diagnostic caution(const char* code, std::string message, std::string hint = {}) {
  return {code, Severity::warning, {}, std::nullopt, std::move(message), std::move(hint)};
}

PosteriorStatus status_of(MapStatus status) {
  switch (status) {
    case MapStatus::converged:
      return PosteriorStatus::converged;
    case MapStatus::no_data:
      return PosteriorStatus::no_data;
    case MapStatus::at_bound:
      return PosteriorStatus::at_bound;
    case MapStatus::not_converged:
      break;
  }
  return PosteriorStatus::not_converged;
}

Posterior refuse(Posterior posterior, PosteriorStatus status, std::string words) {
  Posterior refused;
  refused.status = status;
  refused.words = std::move(words);
  refused.method = posterior.method;
  refused.seed = posterior.seed;
  refused.prior_weight = posterior.prior_weight;
  refused.starts = posterior.starts;
  refused.converged_starts = posterior.converged_starts;
  refused.failed_draws = posterior.failed_draws;
  refused.remarks = std::move(posterior.remarks);
  return refused;
}

// One component for every mode: as wide as the larger of the two covariances.
std::vector<Hill> hills_of(const Objective& objective, const Map& map) {
  std::vector<Hill> hills;
  for (const Mode& mode : map.modes) {
    const auto shape = laplace(objective, mode);
    if (!shape) continue;
    const Matrix covariance =
        shape->hessian_covariance ? larger_covariance(shape->covariance, *shape->hessian_covariance) : shape->covariance;
    hills.push_back({mode.eta, covariance});
  }
  return hills;
}

void take(Posterior& posterior, WeightedDraws draws) {
  posterior.draws = std::move(draws.draws);
  posterior.weights = std::move(draws.weights);
  posterior.ess = draws.ess;
  posterior.pareto_k = draws.pareto_k;
  posterior.failed_draws = draws.failed;
  posterior.rounds = draws.rounds;
}

void set_draws(Posterior& posterior, const Objective& objective, const Map& map, const FitSettings& settings,
               const Progress& progress) {
  if (map.status == MapStatus::no_data)
    return take(posterior, normal_draws(Vector::Zero(objective.k()), objective.omega(), settings.draws, settings.seed));
  if (settings.method == FitMethod::laplace)
    return take(posterior, normal_draws(posterior.mode, posterior.covariance, settings.draws, settings.seed));
  ImportanceSettings importance;
  importance.draws = settings.draws;
  importance.seed = settings.seed;
  auto draws = importance_draws([&](const Vector& eta) { return objective.value(eta); }, objective.weighted_omega(),
                                hills_of(objective, map), importance,
                                [&](double part) {
                                  if (progress) progress(0.2 + 0.7 * part);
                                });
  if (draws.weights.size() > 0) posterior.log_evidence = draws.log_mean_weight - 0.5 * objective.dropped_constant();
  take(posterior, std::move(draws));
}

// Nothing is known yet about the occasion to come: its kappas are drawn from their prior, beside those of history.
void add_occasion_to_come(Posterior& posterior, const Effects& effects, std::uint64_t seed) {
  const Eigen::Index q = effects.size - effects.informed;
  if (q == 0) return;
  const Matrix pi = effects.omega.bottomRightCorner(q, q);
  const auto S = posterior.draws.cols();
  const WeightedDraws kappas = normal_draws(Vector::Zero(q), pi, static_cast<int>(S), seed + occasion_seed);
  posterior.draws.conservativeResize(effects.size, Eigen::NoChange);
  posterior.draws.bottomRows(q) = kappas.draws;
}

void remark(Posterior& posterior, const FitSettings& settings) {
  if (posterior.other_optima > 0)
    posterior.remarks.push_back(caution("infer.other_optima", "the levels can be explained in " +
                                                                  std::to_string(posterior.other_optima + 1) +
                                                                  " different ways; the draws cover all that were found"));
  if (posterior.failed_draws > 0)
    posterior.remarks.push_back(caution("infer.failed_draws", std::to_string(posterior.failed_draws) + " of " +
                                                                  std::to_string(settings.draws) +
                                                                  " draws have no prediction and no weight"));
  if (posterior.pareto_k && *posterior.pareto_k > pareto_limit)
    posterior.remarks.push_back(caution("infer.unreliable_weights",
                                        "a few draws carry most of the weight: intervals and probabilities are not reliable",
                                        "check the levels and their times"));
  if (posterior.ess < std::min(few_draws, 0.5 * settings.draws))
    posterior.remarks.push_back(
        caution("infer.few_draws", "the draws count as only " + std::to_string(std::lround(posterior.ess)) + " independent ones",
                "ask for more draws"));
}

// Mean of P(Y <= y) over prior draws that have a prediction, for every measured level (for its limit where it is censored). Each
// draw comes with its mirror image: f rises or falls with most random effects, so that the errors of a pair mostly cancel.
std::vector<std::optional<double>> percentiles(const Objective& objective, int draws) {
  const auto& measured = objective.measured();
  if (objective.k() == 0) draws = 1;  // all are alike
  const WeightedDraws prior = normal_draws(Vector::Zero(objective.k()), objective.omega(), (draws + 1) / 2, prior_seed);
  std::vector<double> sum(measured.size(), 0.0);
  std::vector<int> n(measured.size(), 0);
  for (int s = 0; s < draws; ++s) {
    const auto predicted = objective.predictions((s % 2 == 0 ? 1.0 : -1.0) * prior.draws.col(s / 2), false);
    if (!predicted) continue;
    for (std::size_t i = 0; i < measured.size(); ++i) {
      const auto below = chance_below(measured[i], (*predicted)[static_cast<Eigen::Index>(i)]);
      if (!below) continue;
      sum[i] += *below;
      ++n[i];
    }
  }
  std::vector<std::optional<double>> result(measured.size());
  for (std::size_t i = 0; i < measured.size(); ++i)
    if (2 * n[i] > draws) result[i] = 100.0 * sum[i] / n[i];  // nothing when most draws have no prediction
  return result;
}

void set_levels(Posterior& posterior, const Objective& objective, const FitSettings& settings) {
  const auto& measured = objective.measured();
  if (measured.empty()) return;
  const auto a_priori = objective.predictions(Vector::Zero(objective.k()), true);
  const auto individual = objective.predictions(posterior.mode, true);
  if (!a_priori || !individual) return;
  const auto place = percentiles(objective, settings.prior_draws);
  for (std::size_t i = 0; i < measured.size(); ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    const auto explained = explain(measured[i], (*individual)[row]);
    if (!explained) continue;  // only an excluded level can lack it: the mode has a value at all used ones
    Level level;
    level.observation = measured[i].observation;
    level.output = measured[i].output;
    level.used = measured[i].used;
    level.transformed = measured[i].residual->transformed();
    level.censored = measured[i].censored;
    level.dv = measured[i].dv;
    level.a_priori = (*a_priori)[row];
    level.prediction = (*individual)[row];
    if (const auto& point = explained->point) level.V = point->V;
    if (level.censored == Censored::no)
      level.residual_sd = residual_sd(measured[i], *explained->point);
    else
      level.probability = std::exp(-0.5 * explained->term.value);
    level.percentile = place[i];
    posterior.levels.push_back(level);
  }
}

// Nothing was predicted where something was measured, and nothing is sure of it: such a variant is impossible.
bool impossible(const Objective& objective) {
  const auto typical = objective.predictions(Vector::Zero(objective.k()), true);
  if (!typical) return false;
  for (std::size_t i = 0; i < objective.measured().size(); ++i) {
    const double f = (*typical)[static_cast<Eigen::Index>(i)];
    if (objective.measured()[i].used && f == 0.0 && !explain(objective.measured()[i], f)) return true;
  }
  return false;
}

// Of a refused fit: p(y, eta) is at most that at the lowest OFV found, over a space no wider than the prior.
std::optional<double> most_log_evidence(const Objective& objective, const Map& map) {
  if (!map.lowest_ofv) return impossible(objective) ? std::optional(-std::numeric_limits<double>::infinity()) : std::nullopt;
  return -0.5 * (*map.lowest_ofv + objective.dropped_constant() - objective.k() * ln_2_pi - objective.log_det_weighted_omega());
}

// One definite patient. Remarks about the draws are left to the caller.
VariantFit fit_one(const Objective& objective, const FitSettings& settings, const Progress& progress) {
  Posterior posterior;
  posterior.method = settings.method;
  posterior.seed = settings.seed;
  posterior.prior_weight = settings.prior_weight;
  MapSettings map_settings;
  map_settings.starts = settings.starts;
  const Map map = find_map(objective, map_settings);
  if (progress) progress(0.2);
  posterior.status = status_of(map.status);
  posterior.words = map.words;
  posterior.starts = map.starts;
  posterior.converged_starts = map.converged_starts;
  if (!map.ok()) return {refuse(posterior, posterior.status, map.words), most_log_evidence(objective, map)};

  posterior.mode = map.modes.front().eta;
  posterior.ofv = map.modes.front().ofv;
  posterior.other_optima = static_cast<int>(map.modes.size()) - 1;
  posterior.gradient_norm = map.gradient_norm;
  if (map.status == MapStatus::no_data) {
    posterior.covariance = objective.omega();
  } else {
    std::string why;
    const auto shape = laplace(objective, map.modes.front(), &why);
    if (!shape) return {refuse(posterior, PosteriorStatus::not_converged, why), most_log_evidence(objective, map)};
    posterior.covariance = shape->covariance;
    posterior.hessian_covariance = shape->hessian_covariance;
    posterior.objective = shape->objective;
    posterior.log_evidence = shape->log_evidence;
    if (!shape->hessian_covariance) posterior.remarks.push_back(caution("infer.no_hessian", shape->why));
  }
  set_draws(posterior, objective, map, settings, progress);
  if (posterior.weights.size() == 0)
    return {refuse(posterior, PosteriorStatus::failed, "no draw of the random effects has a prediction"),
            most_log_evidence(objective, map)};
  add_occasion_to_come(posterior, objective.schedule().effects, settings.seed);
  set_levels(posterior, objective, settings);
  return {std::move(posterior), std::nullopt};
}

}  // namespace

Result<Posterior> fit(const Compiled& model, const Variants& variants, const std::vector<BuiltSchedule>& built,
                      const FitSettings& settings, const Progress& progress) {
  std::vector<VariantFit> fits;
  for (std::size_t v = 0; v < variants.size(); ++v) {
    const auto objective =
        Objective::make(model, variants.all[v].patient, built[v], settings.simulate, settings.loose_rtol, settings.prior_weight);
    if (!objective) return objective.diagnostics();
    const auto n = static_cast<double>(variants.size());
    fits.push_back(fit_one(*objective, settings, [&](double part) {
      if (progress) progress((static_cast<double>(v) + part) / n);
    }));
  }
  Posterior posterior =
      fits.size() == 1 ? std::move(fits.front().posterior) : mix(variants, std::move(fits), settings.draws, settings.seed);
  if (posterior.ok()) remark(posterior, settings);
  if (progress) progress(1.0);
  return posterior;
}

Result<Posterior> fit(const Compiled& model, const Patient& patient, const FitSettings& settings, const Progress& progress) {
  const auto variants = variants_of(*model, patient);
  if (!variants) return variants.diagnostics();
  std::vector<BuiltSchedule> built;
  for (const Variant& variant : variants->all) {
    auto one = build_schedule(*model, variant.patient, {});
    if (!one) return one.diagnostics();
    built.push_back(std::move(*one));
  }
  auto posterior = fit(model, *variants, built, settings, progress);
  if (!posterior) return posterior;
  append(posterior->remarks, built.front().schedule.remarks);
  return posterior;
}

}  // namespace titrate
