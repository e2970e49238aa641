#include "decide/target.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>

#include "base/text.hpp"
#include "decide/probe.hpp"
#include "decide/words.hpp"
#include "infer/quantiles.hpp"

namespace titrate {

namespace {

struct MetricWord {
  Metric metric;
  const char* word;
};
constexpr std::array<MetricWord, 9> metric_words{{{Metric::auc24, "auc24"},
                                                  {Metric::auc, "auc"},
                                                  {Metric::cmin, "cmin"},
                                                  {Metric::cmax, "cmax"},
                                                  {Metric::cavg, "cavg"},
                                                  {Metric::time_above, "time_above"},
                                                  {Metric::value_at, "value_at"},
                                                  {Metric::nadir, "nadir"},
                                                  {Metric::nadir_time, "nadir_time"}}};

bool is_area(Metric metric) { return metric == Metric::auc24 || metric == Metric::auc; }

std::optional<double> hours_per(const std::string& word) {
  if (word == "h" || word == "hour" || word == "hours") return 1.0;
  if (word == "day" || word == "days" || word == "d") return 24.0;
  if (word == "week" || word == "weeks") return 168.0;
  if (word == "min" || word == "minutes") return 1.0 / 60.0;
  return std::nullopt;
}

std::optional<double> number(const std::string& word) {
  if (word.empty() || number_length(word) != word.size()) return std::nullopt;
  return to_double(word);
}

std::vector<std::string> split(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::optional<During> understand(std::vector<std::string> w) {
  using Kind = During::Kind;
  const std::size_t n = w.size();
  if (n > 4 && w[n - 4] == "after" && w[n - 3] == "the" && w[n - 1] == "dose" && (w[n - 2] == "last" || w[n - 2] == "first")) {
    const bool last = w[n - 2] == "last";
    const bool counts = w[0] != "first" && w[0] != "next" && w[0] != "day";
    w.resize(n - 4);
    auto during = counts ? understand(w) : std::nullopt;
    if (!during || during->kind != Kind::after_start) return std::nullopt;
    during->kind = last ? Kind::after_last_dose : Kind::after_first_dose;
    return during;
  }
  if (w.size() == 2 && w[0] == "steady" && w[1] == "state") return During{Kind::steady_state, 0, 0, {}};
  if (w.size() == 2 && w[0] == "last" && w[1] == "interval") return During{Kind::last_interval, 0, 0, {}};
  if (w.size() == 1 && w[0] == "cycle") return During{Kind::cycle, 0, 0, {}};
  if (w.size() == 2 && w[0] == "day") {
    const auto day = number(w[1]);
    if (day && *day >= 1.0 && *day == std::floor(*day)) return During{Kind::after_start, 24.0 * (*day - 1.0), 24.0 * *day, {}};
    return std::nullopt;
  }
  const auto unit = w.empty() ? std::nullopt : hours_per(w.back());
  if (!unit) return std::nullopt;
  if (w.size() == 3 && (w[0] == "first" || w[0] == "next")) {
    const auto length = number(w[1]);
    if (!length || *length <= 0.0) return std::nullopt;
    return During{w[0] == "first" ? Kind::after_start : Kind::after_now, 0.0, *length * *unit, {}};
  }
  if (w.size() == 4 && w[1] == "to") {
    const auto from = number(w[0]), to = number(w[2]);
    if (!from || !to || *to <= *from) return std::nullopt;
    return During{Kind::after_start, *from * *unit, *to * *unit, {}};
  }
  if (w.size() == 3 && w[0] == "at") w.erase(w.begin());
  if (w.size() == 2) {
    const auto at = number(w[0]);
    if (at) return During{Kind::after_start, *at * *unit, *at * *unit, {}};
  }
  return std::nullopt;
}

Diagnostic wrong(std::string code, std::string path, std::string message, std::string hint) {
  return {std::move(code), Severity::error, std::move(path), std::nullopt, std::move(message), std::move(hint)};
}

bool counts_from_dose(const During& during) {
  return during.kind == During::Kind::after_first_dose || during.kind == During::Kind::after_last_dose;
}

// The dose that such a window counts from: the first or last one given by now; the planned start when none was.
double dose_counted_from(const Situation& situation, const During& during, double start) {
  std::optional<double> from;
  for (const PlannedDose& dose : given_doses(situation.patient)) {
    if (dose.time > situation.now || (from && during.kind == During::Kind::after_first_dose)) break;
    if (dose.taken > 0.0) from = dose.time;
  }
  return from.value_or(start);
}

// The reason why a target cannot be used, or nothing.
std::optional<Diagnostic> fault(const Model& model, const Target& target, const Aim& aim) {
  if (!target.low && !target.high)
    return wrong("target.no_limits", target.path, "The target has neither a lower nor an upper limit.", "Give one or both.");
  if (target.low && target.high && *target.low >= *target.high)
    return wrong("target.limits_crossed", target.path, "The lower limit is not below the upper one.", "Exchange them.");
  if (aim.metric == Metric::time_above && !target.limit)
    return wrong("target.no_limit", target.path, "Time above needs the limit above which it is counted.", "Add 'limit'.");
  const bool counts = aim.during.kind == During::Kind::after_start || counts_from_dose(aim.during);
  if (aim.during.from == aim.during.to && counts && aim.metric != Metric::value_at)
    return wrong("target.window_empty", target.path,
                 "'" + target.during + "' is a single time; " + target.metric + " needs a window.",
                 "Write for instance '24 to 48 h', or use value_at.");
  const Unit expected = metric_unit(model.outputs[static_cast<std::size_t>(aim.output)].unit, aim.metric);
  const bool share = aim.metric == Metric::time_above && target.unit.dimension.none();
  if (!model.unchecked_units && !share && !(target.unit.dimension == expected.dimension))
    return wrong("target.unit_mismatch", target.path,
                 "The limits of " + target.metric + " of " + target.output + " should be in " + expected.text + ", not " +
                     target.unit.text + ".",
                 "Write the limits in " + expected.text + ".");
  return std::nullopt;
}

// The last end of a dosing interval inside the window: the sample just before the next dose.
double trough_in(const Window& window, const std::vector<PlannedDose>& doses, double ii) {
  double trough = window.to;
  bool found = false;
  const auto consider = [&](double time) {
    if (time > window.from && time <= window.to && (!found || time > trough)) {
      trough = time;
      found = true;
    }
  };
  for (const PlannedDose& dose : doses) consider(dose.time);
  if (!doses.empty() && ii > 0.0) consider(doses.back().time + ii);
  return trough;
}

double interval_of(const Situation& situation, const std::optional<Regimen>& regimen, double otherwise) {
  if (regimen && regimen->ii > 0.0) return regimen->ii;
  if (situation.current && situation.current->ii > 0.0) return situation.current->ii;
  return otherwise;
}

Window last_interval(const Situation& situation, const std::optional<Regimen>& regimen, double start, double ii, double end) {
  if (!regimen) return {std::max(situation.now, end - ii), std::max(end, situation.now + ii)};
  const int fitting = std::max(1, static_cast<int>(std::floor((end - start) / ii + 1e-9)));
  const int k = regimen->doses ? std::min(*regimen->doses, fitting) : fitting;
  return {start + (k - 1) * ii, start + k * ii};
}

// Extends the window to whole intervals where the metric is an average; see target.hpp.
void whole_intervals(TargetWindow& w, const Aim& aim, const std::optional<Regimen>& regimen, double start) {
  constexpr double tiny = 1e-9;
  const bool average = aim.metric == Metric::auc24 || aim.metric == Metric::cavg;
  if (!average || !regimen || regimen->ii <= 0.0 || w.window.to <= w.window.from) return;
  const double ii = regimen->ii, length = w.window.to - w.window.from;
  const double n = std::max(1.0, std::ceil(length / ii - tiny));
  const double whole = n * ii, end = w.window.from + whole;
  if (whole <= length * (1.0 + tiny)) return;
  if (regimen->doses && start + *regimen->doses * ii < end - tiny) return;
  w.window.to = end;
  w.whole = (aim.metric == Metric::auc24 ? "AUC24 over " : "Average over ") + hours_words(whole) + ", " +
            (n > 1.0 ? number_words(n) + " intervals of " + hours_words(ii) : std::string("one whole interval")) +
            (aim.metric == Metric::auc24 ? ", scaled to 24 h" : "");
}

}  // namespace

std::optional<Metric> read_metric(const std::string& text) {
  for (const MetricWord& m : metric_words)
    if (text == m.word) return m.metric;
  return std::nullopt;
}

std::string word(Metric metric) {
  for (const MetricWord& m : metric_words)
    if (m.metric == metric) return m.word;
  return {};
}

Unit metric_unit(const Unit& output, Metric metric) {
  Unit hour;
  hour.text = "h";
  hour.dimension = parse_unit("h")->dimension;
  if (metric == Metric::time_above || metric == Metric::nadir_time) return hour;
  if (!is_area(metric)) return output;
  Unit area;
  const std::size_t slash = output.text.find('/');
  area.text = output.text == "1"           ? "h"
              : slash == std::string::npos ? output.text + "*h"
                                           : output.text.substr(0, slash) + "*h" + output.text.substr(slash);
  if (slash == 1 && output.text[0] == '1') area.text = "h" + output.text.substr(slash);
  area.factor = output.factor;
  area.dimension = output.dimension * hour.dimension;
  return area;
}

Result<During> read_during(const std::string& text, const std::string& path) {
  auto during = understand(split(text));
  if (!during)
    return wrong("target.during", path, "'" + text + "' is not a window that can be followed.",
                 "Write 'first 24 h', 'day 2', '24 to 48 h', 'next 24 h', 'last interval', 'steady state', 'cycle', '12 h' or "
                 "'at 42 h after the last dose'.");
  during->text = text;
  return *during;
}

Result<Aim> read_aim(const Model& model, const Target& target) {
  Aim aim;
  aim.target = target;
  const auto metric = read_metric(target.metric);
  if (!metric) {
    std::vector<std::string> words;
    for (const MetricWord& m : metric_words) words.emplace_back(m.word);
    return wrong("target.unknown_metric", target.path, "'" + target.metric + "' is not a metric.",
                 "Known: " + nearest_word(target.metric, words));
  }
  aim.metric = *metric;
  aim.as_fraction = *metric == Metric::time_above && target.unit.dimension.none();
  auto during = read_during(target.during, target.path);
  if (!during) return during.diagnostics();
  aim.during = *during;
  for (aim.output = 0; aim.output < static_cast<int>(model.outputs.size()); ++aim.output)
    if (model.outputs[static_cast<std::size_t>(aim.output)].name == target.output) break;
  if (aim.output == static_cast<int>(model.outputs.size()))
    return wrong("target.unknown_output", target.path, "The model has no output '" + target.output + "'.", "");
  if (auto problem = fault(model, target, aim)) return *problem;
  return aim;
}

double default_horizon(const Situation& situation, const std::optional<Regimen>& regimen, const std::optional<Aim>& aim) {
  const double ii = interval_of(situation, regimen, 24.0);
  const double start = regimen && regimen->start ? *regimen->start : situation.due;
  double hours = std::max(72.0, (start - situation.now) + (ii > 48.0 ? ii : 4.0 * ii));
  if (!aim) return hours;
  if (aim->during.kind == During::Kind::after_start) hours = std::max(hours, start - situation.now + aim->during.to);
  if (aim->during.kind == During::Kind::after_now) hours = std::max(hours, aim->during.to);
  if (counts_from_dose(aim->during))
    hours = std::max(hours, dose_counted_from(situation, aim->during, start) + aim->during.to - situation.now);
  return hours;
}

std::optional<double> time_to_90_percent(const Situation& situation, const Regimen& regimen, int output, const Vector& eta) {
  constexpr double longest = 2.0 * 365.25 * 24.0;
  if (regimen.ii <= 0.0) return std::nullopt;
  const CompiledModel& model = *situation.model;
  SimulateOptions options;
  options.auc = true;
  options.rtol = 1e-7;
  Regimen repeated = regimen;
  repeated.doses.reset();
  const double start = situation.due, ii = regimen.ii;
  // The area of each interval in [start, start + n ii] for one set of doses; empty when the simulation fails.
  const auto areas = [&](Patient patient, int n) {
    std::vector<double> result;
    std::vector<Sample> samples{{start, after_all}};
    for (int i = 1; i <= n; ++i) samples.push_back({start + i * ii, before_all});
    const auto built = build_schedule(model, patient, samples);
    if (!built) return result;
    const Course course = simulate(model, built->schedule, eta, options);
    if (!course.ok) return result;
    const auto& rows = built->sample_of_extra;
    for (std::size_t i = 1; i < rows.size(); ++i) result.push_back(course.auc(rows[i], output) - course.auc(rows[i - 1], output));
    return result;
  };
  const Patient steady = at_steady_state(situation, regimen, start);
  Patient none = steady;
  none.doses.clear();
  const auto at_end = areas(steady, 1), at_begin = areas(none, 1);
  if (at_end.empty() || at_begin.empty() || at_end[0] == at_begin[0]) return std::nullopt;
  for (int n = 16;; n *= 4) {
    n = std::min(n, static_cast<int>(longest / ii) + 1);
    Patient course = steady;
    course.doses.front().ss = 0;
    course.doses.front().addl = n - 1;
    const auto area = areas(course, n);
    double before = 1.0;  // share of the way that is left
    for (std::size_t i = 0; i < area.size(); ++i) {
      const double left = std::abs((area[i] - at_end[0]) / (at_begin[0] - at_end[0]));
      if (left <= 0.1) {  // exponential between the ends of two intervals
        const double part = left > 0.0 && before > left ? std::log(before / 0.1) / std::log(before / left) : 1.0;
        return (static_cast<double>(i) + part) * ii;
      }
      before = left;
    }
    if (area.empty() || n * ii >= longest) return std::nullopt;
  }
}

TargetWindow resolve(const Situation& situation, const Aim& aim, const std::optional<Regimen>& regimen, const Horizon& horizon,
                     const Vector& eta, std::optional<double> counted_from) {
  using Kind = During::Kind;
  TargetWindow w;
  w.words = aim.during.text;
  const double start = counted_from ? *counted_from : regimen && regimen->start ? *regimen->start : situation.due;
  const double ii = interval_of(situation, regimen, 24.0);
  std::optional<Regimen> in_time = regimen;  // as if nothing were held back
  if (in_time) in_time->start = start;
  const double end = situation.now + (horizon.hours > 0.0 ? horizon.hours : default_horizon(situation, in_time, aim));
  Kind kind = aim.during.kind;
  if (kind == Kind::steady_state && regimen) {
    w.time_to_90 = time_to_90_percent(situation, *regimen, aim.output, eta);
    std::optional<double> planned;
    if (horizon.stated) planned = end - start;
    if (regimen->doses) planned = *regimen->doses * ii;
    if (!w.time_to_90)
      w.withheld = "no steady state is reached within two years";
    else if (planned && *w.time_to_90 > *planned)
      w.withheld = "90 % of the steady state takes " + hours_words(std::round(*w.time_to_90)) + ", longer than the planned " +
                   hours_words(*planned);
    if (!w.withheld.empty()) {
      kind = Kind::last_interval;
      w.words = "last planned interval, in place of the steady state";
    }
  }
  switch (kind) {
    case Kind::after_start:
      w.window = {start + aim.during.from, start + aim.during.to};
      whole_intervals(w, aim, regimen, start);
      break;
    case Kind::after_now:
      w.window = {situation.now + aim.during.from, situation.now + aim.during.to};
      break;
    case Kind::after_first_dose:
    case Kind::after_last_dose: {
      const double dose = dose_counted_from(situation, aim.during, start);
      w.window = {dose + aim.during.from, dose + aim.during.to};
      break;
    }
    case Kind::cycle:
      w.window = {start, start + ii};
      break;
    case Kind::last_interval:
      w.window = last_interval(situation, regimen, start, ii, end);
      break;
    case Kind::steady_state:
      w.steady_state = true;
      w.window = {start, start + ii};
      w.trough_time = w.window.to;
      return w;
  }
  w.trough_time = trough_in(w.window, planned_doses(situation, regimen, w.window.to + ii), ii);
  return w;
}

namespace {

Result<BuiltSchedule> built_for(const Situation& situation, const std::optional<Regimen>& regimen, const TargetWindow& window,
                                const CovariateFuture& future) {
  const Window& w = window.window;
  Patient patient;
  if (window.steady_state && regimen) {
    patient = at_steady_state(situation, *regimen, w.from, future);
  } else if (window.steady_state) {
    patient = at_steady_state(situation, Regimen{}, w.from, future);
    patient.doses.clear();
  } else {
    patient = with_regimen(situation, regimen, w.to, future);
  }
  const auto bare = build_schedule(*situation.model, patient, {});
  if (!bare) return bare.diagnostics();
  std::vector<double> edges = input_edges(*situation.model, bare->schedule);
  edges.push_back(window.trough_time);
  std::sort(edges.begin(), edges.end());
  const double length = w.to - w.from;
  return build_schedule(*situation.model, patient, exposure_samples(w, edges, 0.25, std::max(length / 24.0, 1e-3)));
}

}  // namespace

Result<Probe> make_probe(const Situation& situation, const std::optional<Regimen>& regimen, const TargetWindow& window,
                         const CovariateFuture& future) {
  Probe probe;
  probe.window = window;
  for (std::size_t v = 0; v < situation.variants.size(); ++v) {
    auto built = built_for(as_variant(situation, v), regimen, window, future);
    if (!built) return built.diagnostics();
    probe.built.push_back(std::move(*built));
  }
  return probe;
}

std::optional<Curve> curve_for(const CompiledModel& model, const Probe& probe, int output, Individual& individual,
                               std::size_t variant, SimulateOptions options, std::string* why) {
  options.auc = true;
  options.slopes = true;
  const BuiltSchedule& built = probe.built[variant];
  const Course course = simulate(model, built.schedule, individual, options);
  if (!course.ok) {
    if (why != nullptr) *why = course.why;
    return std::nullopt;
  }
  return curve_of(course, built.schedule, built.sample_of_extra, output);
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
