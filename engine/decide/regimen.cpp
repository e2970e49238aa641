// Plans written down: the doses of a regimen from now on, added to history or alone at steady state.

#include "decide/regimen.hpp"

#include <algorithm>
#include <cmath>

#include "patient/same_times.hpp"
#include "sim/courses.hpp"
#include "sim/schedule.hpp"

namespace titrate {

namespace {

int count_until(const Regimen& regimen, double start, double until) {
  if (regimen.ii <= 0.0) return start < until ? 1 : 0;
  constexpr double more_than_a_schedule_takes = 1e6;
  const double fitting = std::clamp(std::ceil((until - start) / regimen.ii - 1e-9), 0.0, more_than_a_schedule_takes);
  return std::min(regimen.doses.value_or(static_cast<int>(fitting)), static_cast<int>(fitting));
}

DosingEvent event_of(const Situation& situation, const Regimen& regimen, double time) {
  DosingEvent dose;
  dose.time = time;
  dose.amt = regimen.amt;
  if (regimen.dur > 0.0) dose.input = DosingEvent::Input::duration;
  dose.dur = regimen.dur;
  dose.route = regimen.route;
  if (dose.route.empty() && !situation.patient.doses.empty()) dose.route = situation.patient.doses.back().route;
  if (dose.route.empty() && !situation.model->model->routes.empty()) dose.route = situation.model->model->routes.front().name;
  dose.order = after_records;  // after every record of its time
  return dose;
}

// Values up to `now`, then the future's. With `next` a value holds up to its time, so each step is written at its end.
void set_future(const Situation& situation, Patient& patient, const CovariateFuture& future) {
  for (const auto& [name, course] : future) {
    CovariateCourse& all = patient.covariates[name];
    for (const Covariate& c : situation.model->model->covariates)
      if (c.name == name) all = continued(c, all);
    all.held = true;
    while (!all.time.empty() && all.time.back() > situation.now) {
      all.time.pop_back();
      all.value.pop_back();
    }
    bool next = false;
    for (const Covariate& c : situation.model->model->covariates)
      next = next || (c.name == name && c.over_time == OverTime::next);
    for (std::size_t i = 0; i < course.time.size(); ++i) {
      const double time = next && i + 1 < course.time.size() ? course.time[i + 1] : course.time[i];
      if (time <= situation.now || (!all.time.empty() && time <= all.time.back())) continue;
      all.time.push_back(time);
      all.value.push_back(course.value[i]);
    }
  }
}

constexpr double longer_than_a_session = 24.0;  // h

// A steady state belongs to covariates and inputs that do not change: those that hold at `time`. A session that runs then
// (dialysis of a few hours) is no lasting state: the input rests.
void keep_covariates_at(const Situation& situation, Patient& patient, double time) {
  for (const Covariate& rule : situation.model->model->covariates) {
    const auto found = patient.covariates.find(rule.name);
    if (found == patient.covariates.end()) continue;
    CovariateCourse& course = found->second;
    course = continued(rule, course);
    if (course.time.size() < 2) continue;
    course.held = true;
    const bool next = rule.over_time == OverTime::next;
    const auto it = next ? std::lower_bound(course.time.begin(), course.time.end(), time)
                         : std::upper_bound(course.time.begin(), course.time.end(), time);
    const auto after = static_cast<std::size_t>(it - course.time.begin()), last = course.time.size() - 1;
    const std::size_t i = next ? std::min(after, last) : after > 0 ? after - 1 : 0;
    double at = course.time[i], value = course.value[i];
    if (rule.over_time == OverTime::linear && after > 0 && after <= last) {
      value += (course.value[after] - value) * (time - at) / (course.time[after] - at);
      at = time;
    }
    course.time.assign(1, at);
    course.value.assign(1, value);
  }
  for (auto& [name, course] : patient.inputs) {
    std::vector<InputCourse::Piece> held;
    for (InputCourse::Piece piece : course.pieces)
      if (piece.from <= time && (!piece.to || (*piece.to > time && *piece.to - piece.from >= longer_than_a_session))) {
        piece.to.reset();
        held.assign(1, piece);
      }
    course.pieces = held;
  }
}

// The effects of uncertain draw times keep their places when the levels go.
void set_draw_times_aside(Patient& patient) {
  for (Observation& o : patient.observations) {
    if (o.sd_time > 0.0 && !o.excluded) patient.past_draw_times.push_back(o.sd_time * o.sd_time);
    o.sd_time = 0.0;
  }
}

// States begin at the first record; a level before the first dose is such a record and must stay, the others need not.
void keep_first_observation(Patient& patient) {
  set_draw_times_aside(patient);
  if (patient.observations.empty()) return;
  const auto first = *std::min_element(patient.observations.begin(), patient.observations.end(),
                                       [](const Observation& a, const Observation& b) { return a.time < b.time; });
  patient.observations.assign(1, first);
}

}  // namespace

std::vector<PlannedDose> planned_doses(const Situation& situation, const std::optional<Regimen>& regimen, double until) {
  std::vector<PlannedDose> doses;
  if (!regimen) return doses;
  const double start = regimen->start.value_or(situation.due);
  const int n = count_until(*regimen, start, until);
  for (int i = 0; i < n; ++i) {
    const double time = start + i * regimen->ii;
    if (!later(situation.now, time)) doses.push_back({time, regimen->amt, regimen->dur, 1.0});
  }
  return doses;
}

Patient with_regimen(const Situation& situation, const std::optional<Regimen>& regimen, double until,
                     const CovariateFuture& future) {
  Patient patient = situation.patient;
  keep_first_observation(patient);
  set_future(situation, patient, future);
  patient.occasions = situation.occasions;
  const auto planned = planned_doses(situation, regimen, until);
  if (planned.empty()) return patient;
  if (patient.occasions) {
    patient.occasions->time.push_back(planned.front().time);
    patient.occasions->order.push_back(after_records);
    patient.occasions->number.push_back(patient.occasions->count + 1);
  }
  DosingEvent dose = event_of(situation, *regimen, planned.front().time);
  dose.ii = regimen->ii;
  dose.addl = static_cast<int>(planned.size()) - 1;
  patient.doses.push_back(dose);
  return patient;
}

Patient at_steady_state(const Situation& situation, const Regimen& regimen, double at, const CovariateFuture& future) {
  Patient patient = situation.patient;
  set_draw_times_aside(patient);
  patient.now.reset();  // what was is forgotten; its effects keep their places
  for (InitialAmount& initial : patient.initial_amounts) initial.amount = 0.0;
  patient.doses.clear();
  patient.observations.clear();
  patient.resets.clear();
  if (situation.occasions)
    patient.occasions =
        Occasions{{-1e300}, {0}, {situation.occasions->count + 1}, Occasions::OverTime::last, situation.occasions->count, true};
  set_future(situation, patient, future);
  double settled = at;
  for (const auto& [name, course] : future)
    if (!course.time.empty()) settled = std::max(settled, course.time.back());
  keep_covariates_at(situation, patient, settled);
  DosingEvent dose = event_of(situation, regimen, at);
  dose.ii = regimen.ii;
  dose.ss = 1;
  if (regimen.route.empty() && !situation.patient.doses.empty()) dose.route = situation.patient.doses.back().route;
  patient.doses.push_back(dose);
  return patient;
}

}  // namespace titrate
