#include "sim/courses.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/stable_order.hpp"

namespace titrate {

namespace {

constexpr double day = 24.0;                                                // h
constexpr double old_from = 24000.0, old_step = 1e-3;                       // h; share of the age
constexpr double young_step = 2e-2, first_step = 4.0, elapsed_step = 0.25;  // share of the age; h; share of the time since entry
constexpr double most_steps = 2000.0;
constexpr double same = 1e-9;  // h
// A dose of every day comes some minutes or an hour earlier or later than the day before: what was given 21 h before, or earlier,
// is of the day before, and a record with an interval makes way for one that begins a little before its last interval is over.
constexpr double not_on_the_minute = 3.0;  // h
constexpr int trend_steps = 24;
constexpr double recovery_step = 1.0 / 16, settled_after = 20.0;  // half-lives: what is left then is a millionth

bool is_old(const CovariateCourse& course) { return std::abs(course.value.back()) >= old_from; }

// The entry before the last time, if there is one.
std::optional<std::size_t> before_last(const CovariateCourse& course) {
  for (std::size_t i = course.time.size(); i-- > 0;)
    if (course.time[i] < course.time.back()) return i;
  return std::nullopt;
}

// x(t) = last + slope (t - t_last), or of the logarithm.
double slope_of(const Covariate& rule, const CovariateCourse& course, std::size_t i) {
  const double apart = course.time.back() - course.time[i];
  if (rule.trend_of_log) return std::log(course.value.back() / course.value[i]) / apart;
  return (course.value.back() - course.value[i]) / apart;
}

double trend_at(const Covariate& rule, const CovariateCourse& course, double passed) {
  const auto earlier = before_last(course);
  const double last = course.value.back();
  if (!earlier) return last;
  const double moved = slope_of(rule, course, *earlier) * std::min(passed, rule.trend_for);
  const double reached = rule.trend_of_log ? last * std::exp(moved) : last + moved;
  return rule.plausible ? std::clamp(reached, rule.plausible->low, rule.plausible->high) : reached;
}

// Times at which the continuation is written out, the last value's first.
std::vector<double> knots(const Covariate& rule, const CovariateCourse& course) {
  const double from = course.time.back();
  std::vector<double> times{from};
  if (rule.continues == Continues::recover) {
    for (double passed = 0.0; passed < settled_after;) {
      passed += recovery_step * std::exp2(0.5 * passed);
      times.push_back(from + passed * rule.half_life);
    }
    return times;
  }
  for (int i = 1; i <= trend_steps; ++i) times.push_back(from + rule.trend_for * i / trend_steps);
  const double slope = slope_of(rule, course, *before_last(course)), last = course.value.back();
  if (slope == 0.0 || !rule.plausible) return times;
  const double bound = slope > 0.0 ? rule.plausible->high : rule.plausible->low;
  const double meets = from + (rule.trend_of_log ? std::log(bound / last) : bound - last) / slope;
  const auto next = std::upper_bound(times.begin(), times.end(), meets);
  if (next != times.begin() && next != times.end() && meets - *(next - 1) > same) times.insert(next, meets);
  return times;
}

// The entry of a course that holds at a position: the last one not after it, or (NONMEM) the first one not before it. The first
// entry of a time holds from the beginning of the moment, the last one to its end.
std::size_t entry_at(const CovariateCourse& course, OverTime rule, const Position& at) {
  const std::size_t n = course.time.size();
  const auto order = [&](std::size_t i) {
    const bool first = i == 0 || course.time[i - 1] != course.time[i], last = i + 1 == n || course.time[i + 1] != course.time[i];
    if (rule == OverTime::next && (course.order.empty() || last)) return after_moment - 1;
    if (rule != OverTime::next && (course.order.empty() || first)) return first_of_moment;
    return course.order[i];
  };
  std::size_t i = 0;
  if (rule == OverTime::next) {
    i = static_cast<std::size_t>(std::lower_bound(course.time.begin(), course.time.end(), at.time) - course.time.begin());
    while (i < n && before({course.time[i], order(i)}, at)) ++i;
    return std::min(i, n - 1);
  }
  i = static_cast<std::size_t>(std::upper_bound(course.time.begin(), course.time.end(), at.time) - course.time.begin());
  while (i > 0 && before(at, {course.time[i - 1], order(i - 1)})) --i;
  return i == 0 ? 0 : i - 1;
}

}  // namespace

bool goes_on(const Covariate& rule, const CovariateCourse& course) {
  if (course.held || course.time.empty()) return false;
  if (rule.continues == Continues::trend) return before_last(course).has_value();
  return rule.continues == Continues::recover;
}

double continued_at(const Covariate& rule, const CovariateCourse& course, double time) {
  const double passed = time - course.time.back(), last = course.value.back();
  if (rule.continues == Continues::advance) return last + passed;
  if (!goes_on(rule, course)) return last;
  if (rule.continues == Continues::trend) return trend_at(rule, course, passed);
  const double to = rule.recovers_to.value_or(course.value.front());
  return to + (last - to) * std::exp2(-passed / rule.half_life);
}

CovariateCourse continued(const Covariate& rule, const CovariateCourse& course) {
  if (!goes_on(rule, course)) return course;
  CovariateCourse all = course;
  const auto add = [&](double time, double value) {
    all.time.push_back(time);
    all.value.push_back(value);
    if (!all.order.empty()) all.order.push_back(rule.over_time == OverTime::next ? after_moment - 1 : first_of_moment);
  };
  const std::vector<double> times = knots(rule, course);
  for (std::size_t i = 1; i < times.size(); ++i) {
    const double between = 0.5 * (times[i - 1] + times[i]);
    if (rule.over_time == OverTime::linear) add(times[i], continued_at(rule, course, times[i]));
    if (rule.over_time == OverTime::last) add(between, continued_at(rule, course, times[i]));
    if (rule.over_time == OverTime::next) add(between, continued_at(rule, course, times[i - 1]));
  }
  if (rule.over_time == OverTime::next) add(times.back(), continued_at(rule, course, times.back()));
  return all;
}

std::vector<double> renewals(const CovariateCourse& course, double end) {
  const double from = course.time.back(), least = (end - from) / most_steps;
  std::vector<double> times;
  if (!is_old(course) && from < end) times.push_back(from);
  for (double t = from; t < end;) {
    const double grown = t - from, age = std::abs(course.value.back() + grown);
    const double young = std::min(young_step * std::max(age, day), std::max(first_step, elapsed_step * grown));
    t += std::max(is_old(course) ? old_step * age : young, least);
    times.push_back(t);
  }
  return times;
}

double advanced(const CovariateCourse& course, const std::vector<double>& renewed, double time, bool stretch) {
  const double from = course.time.back(), at_entry = course.value.back();
  const auto next = std::upper_bound(renewed.begin(), renewed.end(), time);
  const double begin = next == renewed.begin() ? from : *(next - 1);
  if (is_old(course)) return at_entry + (begin - from);
  if (next == renewed.end() || (!stretch && time == begin)) return at_entry + (time - from);
  return at_entry + (0.5 * (begin + *next) - from);
}

CovariateCourse daily_amounts(const std::vector<ScheduledDose>& doses, const std::vector<DosingEvent>& records, double start) {
  struct Given {
    double time, amt;
  };
  std::vector<Given> given;
  for (const ScheduledDose& d : doses) {
    given.push_back({d.time, d.amt});
    for (int k = 1; d.ss > 0 && d.ii > 0.0 && k * d.ii < day - same; ++k) given.push_back({d.time - k * d.ii, d.amt});
  }
  sort_stably(given.begin(), given.end(), [](const Given& a, const Given& b) { return a.time < b.time; });
  const auto later = [](double time, const Given& g) { return time < g.time; };

  CovariateCourse course;
  for (const ScheduledDose& d : doses) {
    double daily = 0.0;
    for (const DosingEvent& record : records) {
      const double until = record.time + (record.addl + 1) * record.ii - std::min(not_on_the_minute, 0.5 * record.ii);
      if (record.taken > 0.0 && record.ii > 0.0 && record.time <= d.time + same && d.time < until)
        daily += record.amt * day / record.ii;
    }
    if (daily == 0.0) {
      const double to = std::max(d.time, given.front().time + day - not_on_the_minute);
      auto g = std::upper_bound(given.begin(), given.end(), to - day + not_on_the_minute - same, later);
      for (; g != given.end() && g->time <= to + same; ++g) daily += g->amt;
    }
    if (!course.time.empty() && course.value.back() == daily / day) continue;
    course.time.push_back(d.time);
    course.value.push_back(daily / day);
  }
  if (course.time.empty()) {
    course.time.push_back(start);
    course.value.push_back(0.0);
  }
  return course;
}

Line value_of(const Covariate& rule, const CovariateCourse& course, const std::vector<double>& renewed, const Position& at) {
  const auto& t = course.time;
  const auto& v = course.value;
  const std::size_t i = entry_at(course, rule.over_time, at);
  if (rule.over_time == OverTime::next || at.time < t[i]) return {v[i], 0.0};
  const bool last = i + 1 == t.size();
  if (last && rule.continues == Continues::advance && rule.over_time == OverTime::last)
    return {advanced(course, renewed, at.time, at.order == after_moment), 0.0};
  if (rule.over_time == OverTime::last) return {v[i], 0.0};
  if (last) {
    if (rule.continues == Continues::advance) return {v[i] - t[i], 1.0};
    return {v[i], 0.0};
  }
  const double slope = (v[i + 1] - v[i]) / (t[i + 1] - t[i]);
  return {v[i] - slope * t[i], slope};
}

}  // namespace titrate
