// The value of a covariate at `now`: given, computed from others, or what the model states for unknown ones; and of an expression
// in covariates.

#include <algorithm>
#include <cmath>

#include "decide/regimen.hpp"
#include "sim/courses.hpp"

namespace titrate {

namespace {

// Index of a named covariate, or -1.
int covariate_index(const Model& model, const std::string& name) {
  for (std::size_t c = 0; c < model.covariates.size(); ++c)
    if (model.covariates[c].name == name) return static_cast<int>(c);
  return -1;
}

double given_now(const Covariate& rule, const CovariateCourse& course, double now) {
  std::size_t last = 0;
  while (last + 1 < course.time.size() && course.time[last + 1] <= now) ++last;
  return last + 1 == course.time.size() ? continued_at(rule, course, now) : course.value[last];
}

// What stands in for an unknown covariate in the equations; no person has said it of this patient.
enum class StandIns : std::uint8_t { taken, left_out };

std::optional<double> known_now(const Situation& s, int c, StandIns stand_ins, int depth);

std::optional<double> value_of(const Situation& s, const OfCovariates& expression, StandIns stand_ins, int depth) {
  std::vector<double> all(s.model->model->covariates.size(), 0.0), registers;
  for (const int c : expression.needs) {
    const auto part = known_now(s, c, stand_ins, depth + 1);
    if (!part) return std::nullopt;
    all[static_cast<std::size_t>(c)] = *part;
  }
  double result = 0.0;
  run<double>(expression.value, 0.0, nullptr, all.data(), &result, registers);
  return std::isfinite(result) ? std::optional(result) : std::nullopt;
}

std::optional<double> known_now(const Situation& s, int c, StandIns stand_ins, int depth) {
  const CompiledModel& compiled = *s.model;
  const Covariate& rule = compiled.model->covariates[static_cast<std::size_t>(c)];
  for (const Unknown& unknown : s.variants.unknown)
    if (unknown.name == rule.name) return std::nullopt;
  std::optional<double> value;
  const auto given = s.patient.covariates.find(rule.name);
  if (given != s.patient.covariates.end() && !given->second.time.empty()) value = given_now(rule, given->second, s.now);
  for (const ComputedCovariate& computed : compiled.computed)
    if (!value && computed.covariate == c && depth <= 16) value = value_of(s, computed, stand_ins, depth);
  if (!value && stand_ins == StandIns::taken) value = rule.when_unknown;
  if (value && rule.at_most) value = std::min(*value, *rule.at_most);
  if (value && rule.at_least) value = std::max(*value, *rule.at_least);
  return value;
}

}  // namespace

std::optional<double> covariate_now(const Situation& situation, const std::string& name) {
  const int c = covariate_index(*situation.model->model, name);
  return c < 0 ? std::nullopt : known_now(situation, c, StandIns::taken, 0);
}

std::optional<double> known_covariate_now(const Situation& situation, const std::string& name) {
  const int c = covariate_index(*situation.model->model, name);
  return c < 0 ? std::nullopt : known_now(situation, c, StandIns::left_out, 0);
}

std::optional<bool> belongs_now(const Situation& situation, std::size_t service) {
  for (const ServiceCondition& condition : situation.model->service_conditions)
    if (condition.service == service)
      if (const auto value = value_of(situation, condition, StandIns::left_out, 0)) return *value != 0.0;
  return std::nullopt;
}

}  // namespace titrate
