#include "decide/target.hpp"

#include <algorithm>
#include <cmath>

#include "decide/probe.hpp"
#include "decide/words.hpp"
#include "patient/same_times.hpp"

namespace titrate {

namespace {

// The dose that such a window counts from: the first or last one given by now; the planned start when none was.
double dose_counted_from(const Situation& situation, const During& during, double start) {
  std::optional<double> from;
  for (const PlannedDose& dose : given_doses(situation.patient)) {
    if (later(dose.time, situation.now) || (from && during.kind == During::Kind::after_first_dose)) break;
    if (dose.taken > 0.0) from = dose.time;
  }
  return from.value_or(start);
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

struct Intervals {
  const Situation& situation;
  const Patient& patient;
  double start, ii;  // h
  int output;
  const Vector& eta;
};

// The area of each of n intervals from `start` on; empty when the simulation fails.
std::vector<double> interval_areas(const Intervals& of, int n) {
  SimulateOptions options;
  options.auc = true;
  options.rtol = 1e-7;
  std::vector<double> result;
  std::vector<Sample> samples{{of.start, after_all}};
  for (int i = 1; i <= n; ++i) samples.push_back({of.start + i * of.ii, before_all});
  const auto built = build_schedule(*of.situation.model, of.patient, samples);
  if (!built) return result;
  const Course course = simulate(*of.situation.model, built->schedule, of.eta, options);
  if (!course.ok) return result;
  const auto& rows = built->sample_of_extra;
  for (std::size_t i = 1; i < rows.size(); ++i)
    result.push_back(course.auc(rows[i], of.output) - course.auc(rows[i - 1], of.output));
  return result;
}

}  // namespace

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

std::optional<double> steady_auc24(const Situation& situation, const Regimen& regimen, int output, const Vector& eta) {
  if (regimen.ii <= 0.0) return std::nullopt;
  const Patient steady = at_steady_state(situation, regimen, situation.due);
  const auto area = interval_areas({situation, steady, situation.due, regimen.ii, output, eta}, 1);
  return area.empty() ? std::nullopt : std::optional(area[0] * 24.0 / regimen.ii);
}

std::optional<double> time_to_90_percent(const Situation& situation, const Regimen& regimen, int output, const Vector& eta) {
  constexpr double longest = 2.0 * 365.25 * 24.0;
  if (regimen.ii <= 0.0) return std::nullopt;
  const double start = situation.due, ii = regimen.ii;
  const auto areas = [&](const Patient& patient, int n) {
    return interval_areas({situation, patient, start, ii, output, eta}, n);
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

}  // namespace titrate
