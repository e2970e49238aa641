// The value of a covariate at `now`: given, computed from others, or what the model states for unknown ones.

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

std::optional<double> known_now(const Situation& s, int c, int depth) {
  const CompiledModel& compiled = *s.model;
  const Covariate& rule = compiled.model->covariates[static_cast<std::size_t>(c)];
  for (const Unknown& unknown : s.variants.unknown)
    if (unknown.name == rule.name) return std::nullopt;
  std::optional<double> value;
  const auto given = s.patient.covariates.find(rule.name);
  if (given != s.patient.covariates.end() && !given->second.time.empty()) value = given_now(rule, given->second, s.now);
  for (const ComputedCovariate& computed : compiled.computed) {
    if (value || computed.covariate != c || depth > 16) continue;
    std::vector<double> all(compiled.model->covariates.size(), 0.0), registers;
    bool complete = true;
    for (const int other : computed.needs) {
      const auto part = known_now(s, other, depth + 1);
      complete = complete && part.has_value();
      all[static_cast<std::size_t>(other)] = part.value_or(0.0);
    }
    double result = 0.0;
    if (complete) run<double>(computed.value, 0.0, nullptr, all.data(), &result, registers);
    if (complete && std::isfinite(result)) value = result;
  }
  if (!value) value = rule.when_unknown;
  if (value && rule.at_most) value = std::min(*value, *rule.at_most);
  if (value && rule.at_least) value = std::max(*value, *rule.at_least);
  return value;
}

}  // namespace

std::optional<double> covariate_now(const Situation& situation, const std::string& name) {
  const int c = covariate_index(*situation.model->model, name);
  return c < 0 ? std::nullopt : known_now(situation, c, 0);
}

}  // namespace titrate
