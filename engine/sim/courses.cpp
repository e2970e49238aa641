#include "sim/courses.hpp"

#include <algorithm>
#include <cmath>

namespace titrate {

namespace {

constexpr double day = 24.0;                                                // h
constexpr double old_from = 24000.0, old_step = 1e-3;                       // h; share of the age
constexpr double young_step = 2e-2, first_step = 4.0, elapsed_step = 0.25;  // share of the age; h; share of the time since entry
constexpr double most_steps = 2000.0;
constexpr double same = 1e-9;  // h

bool is_old(const CovariateCourse& course) { return std::abs(course.value.back()) >= old_from; }

}  // namespace

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
  std::sort(given.begin(), given.end(), [](const Given& a, const Given& b) { return a.time < b.time; });
  const auto later = [](double time, const Given& g) { return time < g.time; };

  CovariateCourse course;
  for (const ScheduledDose& d : doses) {
    double daily = 0.0;
    for (const DosingEvent& record : records)
      if (record.taken > 0.0 && record.ii > 0.0 && record.time <= d.time + same &&
          d.time < record.time + (record.addl + 1) * record.ii - same)
        daily += record.amt * day / record.ii;
    if (daily == 0.0) {
      const double to = std::max(d.time, given.front().time + day - 2.0 * same);
      auto g = std::upper_bound(given.begin(), given.end(), to - day + same, later);
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

}  // namespace titrate
