// What the words of a target mean: metric, window and limits.

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "decide/target.hpp"
#include "model/area_unit.hpp"

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
  constexpr const char* blank = " \t\n\v\f\r";
  std::vector<std::string> words;
  for (std::size_t end = 0, start = 0; (start = text.find_first_not_of(blank, end)) != std::string::npos;) {
    end = std::min(text.find_first_of(blank, start), text.size());
    words.push_back(text.substr(start, end - start));
  }
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

Diagnostic wrong(const char* code, std::string path, std::string message, std::string hint) {
  return {code, Severity::error, std::move(path), std::nullopt, std::move(message), std::move(hint)};
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
  return is_area(metric) ? area_unit(output, "h") : output;
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

}  // namespace titrate
