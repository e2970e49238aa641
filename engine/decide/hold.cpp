// Alarms of the model's rules: contraindications, and limits of a measured output below or above which no dose may be given.
//
// Such a limit holds at one time, that of the next dose, when it was due. A count from the middle of a cycle, at its nadir, says
// little about the end of the cycle. So a value measured within 72 h before the dose was due, or later, decides; else the
// posterior does, for the doses that were given and none after them:
//
//   p(t) = sum_s w_s 1[f_s(t) breaks the limit],   t = due, due + 1 day, ..., due + 21 days
//
// p(due) >= 0.5 stops, and names the first day with p <= 0.1; a smaller p(due) is told and asks for a measurement. f_s is the
// true value, without residual error: a limit of practice is meant for the patient, not for the laboratory's error.

#include <algorithm>
#include <cmath>

#include "base/pointer.hpp"
#include "decide/cautions.hpp"
#include "decide/words.hpp"

namespace titrate {

namespace {

using Grade = Caution::Grade;

constexpr double fresh = 72.0, day = 24.0;  // h
constexpr int longest_wait = 21;            // days
constexpr double stops_from = 0.5, recovered_from = 0.9;

bool about_output(const Rule& rule) { return rule.kind == Rule::Kind::hold_below || rule.kind == Rule::Kind::hold_above; }

bool breaks(const Rule& rule, double value) {
  return rule.kind == Rule::Kind::hold_below ? value < rule.limit : value > rule.limit;
}

// A level known only to lie below or above a limit breaks a rule when it may: the lowest or highest value that it can have
// counts.
bool breaks(const Rule& rule, const Observation& level) {
  if (level.censored == Censored::below && rule.kind == Rule::Kind::hold_below) return true;
  if (level.censored == Censored::above && rule.kind == Rule::Kind::hold_above) return true;
  return breaks(rule, level.dv);
}

std::string limit_words(const Rule& rule, const Unit& unit) {
  return (rule.kind == Rule::Kind::hold_below ? "below " : "above ") + in_unit(rule.limit, unit);
}

const Observation* last_measured(const Patient& patient, const std::string& output) {
  const Observation* last = nullptr;
  for (const Observation& o : patient.observations)
    if (!o.excluded && o.output == output && (last == nullptr || o.time >= last->time)) last = &o;
  return last;
}

bool decides(const Situation& situation, const Observation* last) {
  return last != nullptr && last->time >= situation.due - fresh;
}

// "42 %", "less than 1 %": a chance from draws is never certain.
std::string percent(double p) {
  if (p < 0.01) return "less than 1 %";
  if (p > 0.99) return "more than 99 %";
  return number_words(std::round(100.0 * p), 2) + " %";
}

// p at these times; empty when no draw has a prediction.
std::vector<double> chance_to_break(const Situation& situation, const Posterior& posterior, const SimulateOptions& simulate_as,
                                    const Rule& rule, std::size_t output, const std::vector<double>& times) {
  const CompiledModel& model = *situation.model;
  std::vector<Sample> samples;
  for (const double time : times) samples.push_back({time, after_all});
  std::vector<BuiltSchedule> built;
  for (std::size_t v = 0; v < situation.variants.size(); ++v) {
    auto one = build_schedule(model, with_regimen(as_variant(situation, v), std::nullopt, times.back()), samples);
    if (!one) return {};
    built.push_back(std::move(*one));
  }
  std::vector<double> p(times.size(), 0.0);
  double sum = 0.0;
  for (Eigen::Index s = 0; s < posterior.draws.cols(); ++s) {
    const double w = posterior.weights[s];
    if (w <= 0.0) continue;
    const BuiltSchedule& own = built[posterior.variant_of(s)];
    const Course course = simulate(model, own.schedule, posterior.draws.col(s), simulate_as);
    if (!course.ok || !course.outputs.allFinite()) continue;
    sum += w;
    for (std::size_t i = 0; i < times.size(); ++i)
      if (breaks(rule, course.outputs(own.sample_of_extra[i], static_cast<Eigen::Index>(output)))) p[i] += w;
  }
  if (sum <= 0.0) return {};
  for (double& x : p) x /= sum;
  return p;
}

std::string recovery_words(const std::vector<double>& p) {
  for (std::size_t i = 1; i < p.size(); ++i)
    if (1.0 - p[i] >= recovered_from)
      return "Hold until day " + std::to_string(i) + " after the planned time: by then it has recovered with a chance of " +
             percent(1.0 - p[i]) + ", if no dose is given.";
  return "Recovery is not likely within " + std::to_string(longest_wait) + " days after the planned time: the chance is then " +
         percent(1.0 - p.back()) + ", if no dose is given.";
}

}  // namespace

Cautions rule_cautions(const Situation& situation) {
  Cautions all;
  const Model& model = *situation.model->model;
  for (const Rule& rule : model.rules) {
    if (rule.kind == Rule::Kind::contraindication) {
      const auto value = covariate_now(situation, rule.covariate);
      for (const Unknown& unknown : situation.variants.unknown)
        if (unknown.name == rule.covariate)
          all.push_back({"contraindication_unknown", Grade::warn, "It is not known whether this holds: " + rule.message,
                         unknown.label + " is not known. Rule of the model; source: " + rule.source + ".",
                         "Find it out before the dose.", unknown.path, false});
      for (const Covariate& c : model.covariates)
        for (const auto& [choice, number] : c.choices)
          if (c.name == rule.covariate && value && choice == rule.choice && number == *value)
            all.push_back({"contraindication", Grade::stop, rule.message, "Rule of the model; source: " + rule.source + ".",
                           "Do not use this model's ranking here.", json::child("/patient/covariates", rule.covariate), false});
    }
    if (!about_output(rule)) continue;
    const Observation* last = last_measured(situation.patient, rule.output);
    if (!decides(situation, last) || !breaks(rule, *last)) continue;
    for (const Output& output : model.outputs)
      if (output.name == rule.output)
        all.push_back({"hold", Grade::stop, rule.message,
                       "The last " + rule.output + " is " + level_words(*last, output.unit) + ", " +
                           limit_words(rule, output.unit) + "; source: " + rule.source + ".",
                       "Hold, and measure again.", last->path, false});
  }
  return all;
}

Cautions hold_cautions(const Situation& situation, const Posterior& posterior, const SimulateOptions& simulate_as) {
  Cautions all;
  if (!posterior.ok()) return all;
  const Model& model = *situation.model->model;
  for (const Rule& rule : model.rules) {
    const Observation* last = about_output(rule) ? last_measured(situation.patient, rule.output) : nullptr;
    if (!about_output(rule) || decides(situation, last)) continue;
    std::size_t output = 0;
    while (output < model.outputs.size() && model.outputs[output].name != rule.output) ++output;
    if (output == model.outputs.size()) continue;
    const auto chance = [&](const std::vector<double>& times) {
      return chance_to_break(situation, posterior, simulate_as, rule, output, times);
    };
    const auto at_due = chance({situation.due});
    if (at_due.empty()) continue;
    const std::string limit = limit_words(rule, model.outputs[output].unit);
    const std::string path = last != nullptr ? last->path : "/patient/observations";
    const std::string forecast =
        "the forecast without a further dose gives " + percent(at_due.front()) + " for being " + limit + " when the dose is due";
    if (at_due.front() < stops_from) {
      all.push_back({"measure_before_dose_" + rule.output, Grade::warn,
                     "Measure " + rule.output + " before the dose, for none may be given " + limit + "; " + forecast + ".",
                     "No value was measured in the " + hours_words(fresh) +
                         " before the dose. Rule of the model; source: " + rule.source + ".",
                     "Measure within " + hours_words(fresh) + " before the dose; that value decides.", path, false});
      continue;
    }
    std::vector<double> days;
    for (int i = 0; i <= longest_wait; ++i) days.push_back(situation.due + i * day);
    const auto p = chance(days);
    all.push_back({"hold_until_" + rule.output, Grade::stop,
                   "Hold the next dose: " + forecast + "." + (p.empty() ? std::string() : " " + recovery_words(p)),
                   rule.message + " No value was measured in the " + hours_words(fresh) +
                       " before the dose, so the forecast speaks; source: " + rule.source + ".",
                   "Hold, and measure before the dose: a value within " + hours_words(fresh) + " before it decides.", path,
                   false});
  }
  return all;
}

}  // namespace titrate
