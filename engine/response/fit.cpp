// The result of a fit: the posterior in numbers and in words, and every level beside its predictions.

#include <cmath>

#include "decide/information.hpp"
#include "response/response.hpp"

namespace titrate {

namespace {

using json::Array;
using json::Value;

Eigen::Index at(std::size_t i) { return static_cast<Eigen::Index>(i); }

Value matrix_value(const Matrix& matrix) {
  Array rows;
  for (Eigen::Index i = 0; i < matrix.rows(); ++i) {
    Array row;
    for (Eigen::Index j = 0; j < matrix.cols(); ++j) row.emplace_back(matrix(i, j));
    rows.emplace_back(std::move(row));
  }
  return rows;
}

std::string status_word(PosteriorStatus status) {
  return status == PosteriorStatus::converged ? "converged" : status == PosteriorStatus::no_data ? "no_data" : "not_converged";
}

// The effects that the levels can inform: etas, kappas of occasions, initial amounts, draw times.
Value eta_value(const Model& model, const Effects& effects, const Posterior& posterior) {
  Array array;
  for (Eigen::Index i = 0; i < posterior.mode.size(); ++i) {
    const double prior_sd = std::sqrt(effects.omega(i, i));
    const double sd = std::sqrt(posterior.covariance(i, i));
    const std::string& name = effects.names[static_cast<std::size_t>(i)];
    Value object;
    object.set("name", name);
    object.set("label", effect_words(model, name));
    object.set("value", posterior.mode[i]);
    object.set("sd", sd);
    object.set("in_omega_sd", prior_sd > 0.0 ? posterior.mode[i] / prior_sd : 0.0);
    object.set("posterior_over_prior_sd", prior_sd > 0.0 ? sd / prior_sd : 1.0);
    array.push_back(std::move(object));
  }
  return array;
}

Value information_value(const Information& information) {
  Value together = objects(information.together, [&](Value& object, const Information::Pair& pair) {
    object.set("a", pair.a).set("b", pair.b).set("correlation", pair.correlation);
  });
  Value object;
  object.set("rank", information.rank);
  object.set("of", information.of);
  object.set("condition", information.condition);
  object.set("not_informed", Value(information.not_informed));
  object.set("together", std::move(together));
  object.set("words", information.words);
  return object;
}

// Which dosing intervals count as occasions: number, 0 where none of the levels lies and the typical value holds.
Value occasions_value(const Effects& effects, const Units& units) {
  return objects(effects.changes, [&](Value& object, const OccasionChange& change) {
    object.set("from", units.in_time(change.at.time));
    object.set("number", change.number);
    object.set("to_come", change.number > effects.occasions);
  });
}

// Population: the number that the source gives as typical (TVCL for CL), where there is one; a priori: this patient's covariates,
// those of the typical variant where something is not known.
Value parameters_value(const Situation& situation, const std::vector<BuiltSchedule>& built, const Posterior& posterior) {
  const CompiledModel& compiled = *situation.model;
  const Model& model = *compiled.model;
  const Units units(model);
  const auto a_priori =
      individual_parameters(compiled, built[situation.variants.typical].schedule, Vector::Zero(compiled.k), situation.now);
  const auto individual = individual_parameters(compiled, built[posterior.leading].schedule, posterior.mode, situation.now);
  Array array;
  for (std::size_t i = 0; i < a_priori.size(); ++i) {
    const std::string& name = a_priori[i].first;
    const Unit& unit = units.individual.at(name);
    double population = a_priori[i].second;
    for (const Parameter& parameter : model.parameters)
      if (parameter.name == "TV" + name && parameter.unit.dimension == unit.dimension) population = parameter.value;
    std::string label;
    for (const Intermediate& intermediate : model.individual)
      if (intermediate.name == name) label = intermediate.label;
    Value object;
    object.set("name", name);
    object.set("label", label);
    object.set("unit", unit.text);
    object.set("population", population / unit.factor);
    object.set("a_priori", a_priori[i].second / unit.factor);
    object.set("individual", individual[i].second / unit.factor);
    array.push_back(std::move(object));
  }
  return array;
}

const Level* level_of(const Posterior& posterior, std::size_t observation) {
  for (const Level& level : posterior.levels)
    if (level.observation == static_cast<int>(observation)) return &level;
  return nullptr;
}

std::string place_words(const Level& level, const Unit& unit) {
  if (!level.percentile) return {};
  if (level.censored != Censored::no) return censored_words(level.censored, *level.percentile);
  return percentile_words(*level.percentile, unit);
}

// Every level of the request, used or not. What the posterior does not hold (excluded levels without an error model, all levels
// of a fit that did not converge) keeps its prediction a priori.
Value levels_value(const Situation& situation, const std::vector<BuiltSchedule>& built, const Posterior& posterior) {
  const CompiledModel& compiled = *situation.model;
  const Model& model = *compiled.model;
  const double time_factor = known_unit(model.time_unit).factor;
  const Patient& patient = situation.patient;
  const Situation leading = as_variant(situation, posterior.leading);
  const Course typical = simulate(compiled, built[situation.variants.typical].schedule, Vector::Zero(compiled.k));
  const Course mode = posterior.ok() ? simulate(compiled, built[posterior.leading].schedule, posterior.mode) : Course{};
  const Vector eta = posterior.ok() ? posterior.mode : Vector(Vector::Zero(compiled.k));
  Array array;
  if (!typical.ok) return array;  // no prediction at all: the fit says why
  for (std::size_t i = 0; i < patient.observations.size(); ++i) {
    const Observation& observation = patient.observations[i];
    std::size_t output = 0;
    while (output < model.outputs.size() && model.outputs[output].name != observation.output) ++output;
    const Unit& unit = model.outputs[output].unit;
    const Level* level = level_of(posterior, i);
    const Eigen::Index row = built.front().sample_of_observation[i];
    Value object;
    object.set("index", i);
    object.set("time", observation.time / time_factor);
    object.set("output", observation.output);
    object.set("unit", unit.text);
    object.set("dv", observation.dv / unit.factor);
    if (observation.censored != Censored::no) object.set("censored", observation.censored == Censored::below ? "below" : "above");
    object.set("used", !observation.excluded);
    object.set("why", observation.why);
    if (observation.sd_time > 0.0) object.set("time_error", observation.sd_time / time_factor);
    object.set("a_priori", (level ? level->a_priori : typical.outputs(row, at(output))) / unit.factor);
    if (level)
      object.set("individual", level->prediction / unit.factor);
    else if (mode.ok)
      object.set("individual", mode.outputs(row, at(output)) / unit.factor);
    if (level && level->residual_sd) object.set("residual_sd", *level->residual_sd);
    if (level && level->probability) object.set("probability", *level->probability);
    if (level && level->percentile) object.set("percentile", *level->percentile);
    object.set("words", level ? place_words(*level, unit) : "");
    object.set("remarks", Value(timing_remarks(leading, i, eta)));
    array.push_back(std::move(object));
  }
  return array;
}

// What the objective gains when levels and predictions are in the units of their outputs, as the source fitted them: each used
// level adds ln V, and V is the square of a number in that unit. On a transformed scale, V has no unit; the probability of lying
// below or above a limit has none either.
double objective_of_units(const Model& model, const Posterior& posterior) {
  double sum = 0.0;
  for (const Level& level : posterior.levels)
    if (level.used && !level.transformed && level.censored == Censored::no)
      sum -= 2.0 * std::log(model.outputs[static_cast<std::size_t>(level.output)].unit.factor);
  return sum;
}

Value variants_value(const Posterior& posterior) {
  return objects(posterior.variants, [&](Value& object, const PosteriorVariant& variant) {
    object.set("label", variant.label);
    object.set("prior_probability", variant.prior_probability);
    object.set("probability", variant.probability);
  });
}

// What is not known, each with the probabilities of its choices before and after the levels.
Value unknown_value(const Variants& variants, const Posterior& posterior) {
  std::vector<double> after;
  for (const PosteriorVariant& variant : posterior.variants) after.push_back(variant.probability);
  Array array;
  for (std::size_t u = 0; u < variants.unknown.size(); ++u) {
    const Unknown& unknown = variants.unknown[u];
    const auto probability = marginal(variants, u, after);
    Array choices;
    for (std::size_t i = 0; i < unknown.words.size(); ++i) {
      Value choice;
      choice.set("word", unknown.words[i]);
      choice.set("prior_probability", unknown.probabilities[i]);
      choice.set("probability", probability[i]);
      choices.push_back(std::move(choice));
    }
    Value object;
    object.set("kind", unknown.kind == Unknown::Kind::dose            ? "dose"
                       : unknown.kind == Unknown::Kind::subpopulation ? "subpopulation"
                                                                      : "covariate");
    object.set("name", unknown.name);
    object.set("label", unknown.label);
    object.set("path", unknown.path);
    object.set("choices", std::move(choices));
    array.push_back(std::move(object));
  }
  return array;
}

// What earlier doses may have left: as stated, and what the levels make of it.
Value initial_amounts_value(const Situation& situation, const Effects& effects, const Posterior& posterior) {
  const Model& model = *situation.model->model;
  Array array;
  for (std::size_t i = 0; i < effects.initial_states.size(); ++i) {
    const State& state = model.states[static_cast<std::size_t>(effects.initial_states[i])];
    const double amount = effects.initial_amounts[i] / state.unit.factor;
    Value object;
    object.set("state", state.name);
    object.set("unit", state.unit.text);
    object.set("stated", amount);
    object.set("individual", amount * std::exp(posterior.mode[effects.first_initial + static_cast<Eigen::Index>(i)]));
    array.push_back(std::move(object));
  }
  return array;
}

void set_numbers(Value& result, const Situation& situation, const std::vector<BuiltSchedule>& built, const Posterior& posterior) {
  const CompiledModel& compiled = *situation.model;
  const double units = objective_of_units(*compiled.model, posterior);
  result.set("prior_weight", posterior.prior_weight);
  result.set("ofv", posterior.ofv + units);
  result.set("objective", posterior.objective + units);
  const Effects& effects = built[posterior.leading].schedule.effects;
  result.set("eta", eta_value(*compiled.model, effects, posterior));
  if (const auto information = information_of(*compiled.model, effects, posterior))
    result.set("information", information_value(*information));
  if (effects.q > 0) result.set("occasions", occasions_value(effects, Units(*compiled.model)));
  result.set("covariance", matrix_value(posterior.covariance));
  if (posterior.hessian_covariance) result.set("hessian_covariance", matrix_value(*posterior.hessian_covariance));
  result.set("gradient_norm", posterior.gradient_norm);
  result.set("parameters", parameters_value(situation, built, posterior));
  if (!effects.initial_states.empty()) result.set("initial_amounts", initial_amounts_value(situation, effects, posterior));
  if (posterior.variants.empty()) return;
  result.set("variants", variants_value(posterior));
  result.set("unknown", unknown_value(situation.variants, posterior));
}

}  // namespace

json::Value fit_value(const Situation& situation, const std::vector<BuiltSchedule>& built, const Posterior& posterior,
                      const Request& request) {
  Value result;
  result.set("status", status_word(posterior.status));
  result.set("message", posterior.words);
  if (posterior.ok()) set_numbers(result, situation, built, posterior);
  Value starts;
  starts.set("tried", posterior.starts);
  starts.set("converged", posterior.converged_starts);
  starts.set("other_optima", posterior.other_optima);
  result.set("starts", std::move(starts));
  result.set("levels", levels_value(situation, built, posterior));
  if (posterior.ok()) {
    Value sample;
    sample.set("method", posterior.status == PosteriorStatus::no_data ? "prior"
                         : posterior.method == FitMethod::laplace     ? "laplace"
                                                                      : "importance");
    sample.set("draws", static_cast<double>(posterior.draws.cols()));
    sample.set("ess", posterior.ess);
    if (posterior.pareto_k) sample.set("pareto_k", *posterior.pareto_k);
    sample.set("seed", static_cast<double>(posterior.seed));
    result.set("sample", std::move(sample));
  }
  result.set("solver", solver_name(*situation.model, request.settings.solver));
  return result;
}

}  // namespace titrate
