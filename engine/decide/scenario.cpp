#include "decide/scenario.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "decide/words.hpp"
#include "model/creatinine.hpp"
#include "sim/courses.hpp"

namespace titrate {

namespace {

constexpr double rise_mg_dl = 0.3, rise_within = 48.0;        // KDIGO 2012, stage 1
constexpr double ratio_limit = 1.5, ratio_within = 7.0 * 24;  // likewise
constexpr double step = 6.0, go_on = 24.0, recover_in = 48.0;
constexpr double recovered_after = 4.0;  // half-lives
// No faster rise than where nothing is filtered, as kinetic eGFR has it (Chen 2013): two samples an hour apart say little of a
// day.
constexpr double steepest_mg_dl = 1.5 / 24.0;  // per h
constexpr double tolerance = 1e-9;

struct Recent {
  std::vector<double> time, value;  // of the 7 days before now
};

Recent recent_values(const CovariateCourse& course, double now) {
  Recent recent;
  for (std::size_t i = 0; i < course.time.size(); ++i) {
    if (course.time[i] > now || course.time[i] < now - ratio_within) continue;
    recent.time.push_back(course.time[i]);
    recent.value.push_back(course.value[i]);
  }
  return recent;
}

// The pair that crosses a threshold, the latest one first.
std::optional<std::pair<std::size_t, std::size_t>> moved(const Recent& r, double mg_dl) {
  for (std::size_t j = r.time.size(); j-- > 1;)
    for (std::size_t i = j; i-- > 0;) {
      const double apart = r.time[j] - r.time[i];
      const double ratio = std::max(r.value[j] / r.value[i], r.value[i] / r.value[j]);
      if (apart <= rise_within + tolerance && mg_dl * std::abs(r.value[j] - r.value[i]) >= rise_mg_dl - tolerance)
        return {{i, j}};
      if (ratio >= ratio_limit - tolerance) return {{i, j}};
    }
  return std::nullopt;
}

// Steps of 6 h for `hours`, then the last value holds.
Scenario steps(std::string id, std::string words, const Covariate& covariate, double now, double hours,
               const std::function<double(double)>& value_at) {
  Scenario s{std::move(id), std::move(words), covariate.name, {}, {}, {}};
  for (double passed = 0.0; passed <= hours + step + tolerance; passed += step) {
    s.time.push_back(now + passed);
    s.value.push_back(value_at(now + std::min(passed, hours)));
    if (hours <= 0.0) break;
  }
  s.future[covariate.name] = {s.time, s.value, ""};
  return s;
}

std::string hours(double h) { return number_words(h) + " h"; }

// From `now` in a straight line to `to` within `length`.
std::function<double(double)> line(double now, double from, double to, double length) {
  return [=](double time) { return from + (to - from) * (time - now) / length; };
}

Scenario continuing(const Covariate& covariate, const CovariateCourse& course, const Recent& r, double now, double value) {
  const std::size_t last = r.value.size() - 1;
  const double apart = r.time[last] - r.time[last - 1];
  const double seen = apart > 0.0 ? (r.value[last] - r.value[last - 1]) / apart : 0.0;
  const double slope = std::min(seen, steepest_mg_dl * creatinine_mg_per_dL(covariate));
  const std::string goes = slope > 0.0 ? "goes on rising" : slope < 0.0 ? "goes on falling" : "stays";
  const auto words = [&](double length) { return "creatinine " + goes + " for " + hours(length) + ", then stays"; };
  if (covariate.continues == Continues::trend) {
    const double left = std::max(0.0, r.time[last] + covariate.trend_for - now);
    return steps("continue", words(left), covariate, now, left, [&](double t) { return continued_at(covariate, course, t); });
  }
  double reached = std::max(value + slope * go_on, 0.1 * value);
  if (covariate.plausible) reached = std::clamp(reached, covariate.plausible->low, covariate.plausible->high);
  return steps("continue", words(go_on), covariate, now, go_on, line(now, value, reached, go_on));
}

Scenario recovering(const Covariate& covariate, const CovariateCourse& course, const Recent& r, double now, double value) {
  if (covariate.continues == Continues::recover)
    return steps("recover", "creatinine recovers with a half-life of " + hours(covariate.half_life), covariate, now,
                 recovered_after * covariate.half_life, [&](double t) { return continued_at(covariate, course, t); });
  const auto low_high = std::minmax_element(r.value.begin(), r.value.end() - 1);
  const double last = r.value.back();
  const bool rose = last / *low_high.first >= *low_high.second / last;  // farther, as a ratio, from the lowest than the highest
  const double baseline = rose ? *low_high.first : *low_high.second;
  return steps("recover", "creatinine returns to its earlier value over " + hours(recover_in), covariate, now, recover_in,
               line(now, value, baseline, recover_in));
}

std::vector<Scenario> futures(const Covariate& covariate, const CovariateCourse& course, const Recent& r, double now) {
  const auto later = std::upper_bound(course.time.begin(), course.time.end(), now) - course.time.begin();
  CovariateCourse until_now;
  until_now.time.assign(course.time.begin(), course.time.begin() + later);
  until_now.value.assign(course.value.begin(), course.value.begin() + later);
  const double value = continued_at(covariate, until_now, now);
  return {steps("hold", "creatinine stays as it is", covariate, now, 0.0, [&](double) { return value; }),
          continuing(covariate, until_now, r, now, value), recovering(covariate, until_now, r, now, value)};
}

// Covariates whose values reach the equations: those that these read, and where one is not entered, those it is computed from.
void reach(const Situation& s, int c, std::vector<bool>& reached) {
  const auto i = static_cast<std::size_t>(c);
  if (reached[i]) return;
  reached[i] = true;
  if (s.patient.covariates.count(s.model->model->covariates[i].name) > 0) return;
  for (const ComputedCovariate& computed : s.model->computed)
    if (computed.covariate == c)
      for (const int other : computed.needs) reach(s, other, reached);
}

std::string hiding(const Situation& s, int c) {
  for (const ComputedCovariate& computed : s.model->computed) {
    const Covariate& entered = s.model->model->covariates[static_cast<std::size_t>(computed.covariate)];
    const bool needs = std::find(computed.needs.begin(), computed.needs.end(), c) != computed.needs.end();
    if (needs && s.patient.covariates.count(entered.name) > 0) return entered.label;
  }
  return {};
}

}  // namespace

Instability renal_instability(const Situation& situation) {
  Instability result;
  std::vector<bool> reached(situation.model->model->covariates.size(), false);
  for (const int c : situation.model->required) reach(situation, c, reached);
  for (const Covariate& covariate : situation.model->model->covariates) {
    const auto given = situation.patient.covariates.find(covariate.name);
    const bool measured = is_creatinine(covariate) && covariate.continues != Continues::advance;
    if (!measured || given == situation.patient.covariates.end()) continue;
    const Recent recent = recent_values(given->second, situation.now);
    if (recent.time.size() < 2) continue;
    const auto pair = moved(recent, 1.0 / creatinine_mg_per_dL(covariate));
    if (!pair) continue;
    const auto [i, j] = *pair;
    result.unstable = true;
    result.covariate = covariate.name;
    result.why = "creatinine " + std::string(recent.value[j] > recent.value[i] ? "rose" : "fell") + " from " +
                 in_unit(recent.value[i], covariate.unit) + " to " + in_unit(recent.value[j], covariate.unit) + " in " +
                 number_words(recent.time[j] - recent.time[i]) + " h";
    const auto index = static_cast<std::size_t>(&covariate - situation.model->model->covariates.data());
    if (reached[index]) {
      result.scenarios = futures(covariate, given->second, recent, situation.now);
    } else {
      result.hidden_by = hiding(situation, static_cast<int>(index));
    }
    return result;
  }
  return result;
}

}  // namespace titrate
