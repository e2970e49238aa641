// How well a fit stands: draws, levels that do not belong to it, and how far a forecast goes beyond them.

#include <algorithm>
#include <cmath>

#include "decide/cautions.hpp"
#include "decide/words.hpp"

namespace titrate {

namespace {

using Grade = Caution::Grade;

constexpr double far_sd = 3.0;
constexpr double rare_percent = 1.0;
constexpr double improbable = 0.00135;  // beyond 3 SD on one side

// Upper 99 % point of chi-square (Wilson and Hilferty 1931, good to 1 % from k = 1 on).
double chi_square_99(int k) {
  const double a = 2.0 / (9.0 * k);
  return k * std::pow(1.0 - a + 2.326348 * std::sqrt(a), 3);
}

// Why a level does not fit, or nothing.
std::string misfit_words(const Level& level, const Unit& unit) {
  const double sd = std::abs(level.residual_sd.value_or(0.0));
  const bool rare = level.percentile && (*level.percentile < rare_percent || *level.percentile > 100.0 - rare_percent);
  if (sd <= far_sd && !rare) return {};
  std::string why;
  if (sd > far_sd) why = "It lies " + number_words(sd, 2) + " SD from the fitted curve. ";
  if (level.percentile) why += "It is " + percentile_words(*level.percentile, unit) + ".";
  return why;
}

std::string censored_misfit_words(const Level& level) {
  const double part = level.percentile.value_or(50.0);
  const bool rare = (level.censored == Censored::below ? part : 100.0 - part) < rare_percent;
  const double p = level.probability.value_or(1.0);
  if (p >= improbable && !rare) return {};
  std::string why;
  if (p < improbable) why = "The fitted curve gives such a result a probability of less than 0.2 %. ";
  if (level.percentile) why += "It is " + censored_words(level.censored, *level.percentile) + ".";
  return why;
}

}  // namespace

Cautions posterior_cautions(const CompiledModel& model, const Posterior& posterior) {
  Cautions all;
  if (!posterior.ok()) {
    all.push_back({"not_converged", Grade::stop, "The model could not be fitted to the levels.", posterior.words,
                   "Check the levels, their units and their times against the doses.", "", false});
    return all;
  }
  const bool heavy = posterior.pareto_k && *posterior.pareto_k > 0.7;
  if (posterior.ess < 100.0 || heavy) {
    std::string few = "The draws count as " + number_words(std::floor(posterior.ess), 1) + " independent ones only.";
    if (heavy) few = "A few draws carry most of the weight (k-hat " + number_words(*posterior.pareto_k, 2) + ").";
    all.push_back({"few_draws", Grade::warn, few, "Intervals and probabilities are coarse.",
                   "Ask for more draws; check levels and times if that does not help.", "", false});
  }
  if (posterior.status != PosteriorStatus::converged) return all;
  if (posterior.prior_weight != 1.0)
    all.push_back({"prior_weight", Grade::warn,
                   "What the model knows of the population counts with a weight of " + number_words(posterior.prior_weight) +
                       " against the levels.",
                   std::string("The variances between patients are taken to be ") + number_words(1.0 / posterior.prior_weight) +
                       " times those of the source: estimates, bands and chances are not those of the model as it was published.",
                   "Compare with a weight of 1, and say why another one is used.", "/settings/prior_weight", false});
  std::vector<std::string> far;
  for (int j = 0; j < model.k; ++j) {
    const double sd = std::sqrt(model.omega(j, j));
    if (sd > 0.0 && std::abs(posterior.mode[j]) > 2.0 * sd)
      far.push_back(model.model->random_effects[static_cast<std::size_t>(j)].name + " " +
                    number_words(posterior.mode[j] / sd, 2) + " SD");
  }
  const Vector eta = posterior.mode.head(model.k);
  const double distance = eta.dot(model.omega_inverse * eta);
  if (!far.empty() || (model.k > 0 && distance > chi_square_99(model.k))) {
    std::string pulled = "The levels pull this patient far from the population";
    if (!far.empty()) pulled += ": " + joined(far);
    all.push_back({"prior_and_data", Grade::warn, pulled + ".",
                   "Few patients of the model's population are like this; a wrong level, time or dose may be the cause.",
                   "Check them; if they are right, measure again before relying on the fit.", "", false});
  }
  return all;
}

Cautions misfit_cautions(const Situation& situation, const Posterior& posterior) {
  Cautions all;
  for (const Level& level : posterior.levels) {
    if (!level.used) continue;
    const Observation& o = situation.patient.observations[static_cast<std::size_t>(level.observation)];
    const Unit& unit = situation.model->model->outputs[static_cast<std::size_t>(level.output)].unit;
    const bool counted = o.censored == Censored::no;
    const std::string why = counted ? misfit_words(level, unit) : censored_misfit_words(level);
    if (why.empty()) continue;
    const std::string of = counted ? "of " : "";
    all.push_back({"misfit", Grade::warn,
                   "The level " + of + level_words(o, unit) + " at " + number_words(o.time, 4) + " h does not fit.", why,
                   "Check dose, draw time, tube and unit; exclude it with a reason when it is wrong.", o.path, false});
  }
  return all;
}

Cautions extrapolation_cautions(const Situation& situation, double horizon) {
  constexpr double week = 168.0;
  double first = situation.now;
  std::optional<double> last;
  for (const Observation& o : situation.patient.observations) {
    if (o.excluded) continue;
    first = std::min(first, o.time);
    last = std::max(last.value_or(o.time), o.time);
  }
  if (!last) return {};
  for (const PlannedDose& dose : given_doses(situation.patient)) first = std::min(first, dose.time);
  const double ahead = situation.now + horizon - *last;
  if (ahead <= std::max(week, 4.0 * (*last - first))) return {};
  Caution far;
  far.id = "long_extrapolation";
  far.grade = Grade::note;
  far.message = "The forecast reaches " + hours_words(std::round(ahead)) + " beyond the last level.";
  far.why = "The levels cover " + hours_words(std::round(*last - first)) + " of treatment; patients change in longer times.";
  far.what_to_do = "Measure again on the way.";
  return Cautions(1, far);
}

}  // namespace titrate
