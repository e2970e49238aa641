#include "decide/regimen.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "base/text.hpp"
#include "decide/words.hpp"
#include "patient/cancelled.hpp"
#include "sim/courses.hpp"
#include "sim/schedule.hpp"

namespace titrate {

namespace {

constexpr double same_time = 1e-9;    // h
constexpr double area_of_m2 = 100.0;  // dm2, as lengths of the coherent set are dm

double duration_of(const DosingEvent& dose) {
  if (dose.input == DosingEvent::Input::duration) return dose.dur;
  if (dose.input == DosingEvent::Input::rate && dose.rate > 0.0) return dose.amt / dose.rate;
  return 0.0;
}

// One administration, additional doses unrolled.
struct Given {
  double time;
  const DosingEvent* event;
  double amt, dur, ii;  // as recorded, or of all that are given at once
};

std::vector<Given> unroll(const Patient& patient) {
  std::vector<Given> all;
  for (const DosingEvent& dose : patient.doses) {
    const double cut = cancelled(patient, dose).from;
    for (int i = 0; i <= dose.addl; ++i) {
      const double time = dose.time + i * dose.ii;
      if (i == 0 || time < cut) all.push_back({time, &dose, dose.amt, duration_of(dose), dose.ii});
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Given& a, const Given& b) { return a.time < b.time; });
  return all;
}

// What goes in at one time by one route is one administration: two records of 500 mg are a dose of 1000 mg.
std::vector<Given> administrations(const Patient& patient) {
  std::vector<Given> all;
  for (const Given& g : unroll(patient)) {
    Given* same = nullptr;
    for (std::size_t i = all.size(); i-- > 0 && g.time - all[i].time <= same_time && same == nullptr;)
      if (all[i].event->route == g.event->route) same = &all[i];
    if (same == nullptr) {
      all.push_back(g);
      continue;
    }
    same->amt += g.amt;
    same->dur = std::max(same->dur, g.dur);
    same->ii = std::max(same->ii, g.ii);
  }
  return all;
}

double last_record(const Patient& patient) {
  std::optional<double> last;
  for (const Given& g : unroll(patient))
    if (g.event->time == g.time) last = std::max(last.value_or(g.time), g.time);
  for (const Observation& o : patient.observations) last = std::max(last.value_or(o.time), o.time);
  return last.value_or(0.0);
}

Patient history_of(const Patient& patient, double now) {
  Patient history = patient;
  history.now = now;
  history.doses.clear();
  for (DosingEvent dose : patient.doses) {
    if (dose.time > now) continue;
    if (dose.addl > 0 && dose.ii > 0.0)
      dose.addl = std::min(dose.addl, static_cast<int>(std::floor((now - dose.time) / dose.ii + same_time)));
    history.doses.push_back(dose);
  }
  const auto after = [now](const auto& record) { return record.time > now; };
  history.observations.erase(std::remove_if(history.observations.begin(), history.observations.end(), after),
                             history.observations.end());
  history.resets.erase(std::remove_if(history.resets.begin(), history.resets.end(), after), history.resets.end());
  return history;
}

// The time between this administration and the one before it at another time, or the record's own interval.
double interval_before(const std::vector<Given>& all, std::size_t i) {
  if (all[i].ii > 0.0) return all[i].ii;
  for (std::size_t j = i; j-- > 0;)
    if (all[i].time - all[j].time > same_time) return all[i].time - all[j].time;
  return 0.0;
}

double interval_after(const std::vector<Given>& all, std::size_t i) {
  for (std::size_t j = i + 1; j < all.size(); ++j)
    if (all[j].time - all[i].time > same_time) return all[j].time - all[i].time;
  return 0.0;
}

// The interval of the products of a route, where they have one and the same; else 0.
double usual_interval(const Model& model, const std::string& route) {
  double ii = 0.0;
  for (const Product& product : model.products) {
    if (product.route != route) continue;
    if (product.intervals.size() != 1 || (ii > 0.0 && product.intervals.front() != ii)) return 0.0;
    ii = product.intervals.front();
  }
  return ii;
}

Regimen regimen_like(const Given& given, double ii) {
  Regimen regimen;
  regimen.amt = given.amt;
  regimen.dur = given.dur;
  regimen.ii = ii;
  regimen.route = given.event->route;
  return regimen;
}

void read_plan(Situation& s, const std::vector<Given>& all, std::size_t first) {
  double ii = interval_before(all, first);
  if (const double after = interval_after(all, first); after > 0.0 && all[first].ii <= 0.0) ii = after;
  Regimen plan = regimen_like(all[first], ii);
  plan.start = all[first].time;
  plan.doses = static_cast<int>(all.size() - first);
  bool equal = true;
  for (std::size_t i = first; i < all.size(); ++i) equal = equal && all[i].amt == plan.amt && all[i].event->route == plan.route;
  s.current = plan;
  s.current_from =
      equal ? "the doses planned after now" : "the doses planned after now differ: the first one and its interval stand for all";
  s.due = all[first].time;
}

void read_current(Situation& s, const Patient& patient) {
  const auto all = administrations(patient);
  std::size_t first_planned = 0;
  while (first_planned < all.size() && all[first_planned].time <= s.now) ++first_planned;
  s.due = s.now;
  if (first_planned < all.size()) return read_plan(s, all, first_planned);
  if (all.empty()) {
    s.current_from = "no dose has been given";
    return;
  }
  const std::size_t last = all.size() - 1;
  double ii = interval_before(all, last);
  if (ii <= 0.0) ii = usual_interval(*s.model->model, all[last].event->route);
  if (ii <= 0.0) {
    s.current_from = "one dose has been given, so no interval is known";
    return;
  }
  s.current = regimen_like(all[last], ii);
  s.current_from = "the last dose goes on every " + hours_words(ii);
  s.due = std::max(s.now, all[last].time + ii);
}

std::string amount_words(const Model& model, const Regimen& regimen) {
  const Unit* unit = nullptr;
  for (const Route& route : model.routes)
    if (route.name == regimen.route) unit = &route.amount_unit;
  const double factor = unit != nullptr ? unit->factor : 1.0;
  const std::string text = " " + (unit != nullptr ? unit->text : std::string("mg"));
  const std::string whole = number_words(regimen.amt / factor, 4) + text;
  if (!regimen.per_area) return whole;
  return number_words(*regimen.per_area * area_of_m2 / factor, 4) + text + "/m2 (" + whole + ")";
}

std::string interval_words(const Regimen& regimen) {
  if (regimen.doses && *regimen.doses == 1) return "once";
  if (regimen.ii <= 0.0) return "once";
  std::string words = "every " + hours_words(regimen.ii);
  if (regimen.doses) words += ", " + std::to_string(*regimen.doses) + " doses";
  return words;
}

int count_until(const Regimen& regimen, double start, double until) {
  if (regimen.ii <= 0.0) return start < until ? 1 : 0;
  constexpr double more_than_a_schedule_takes = 1e6;
  const double fitting = std::clamp(std::ceil((until - start) / regimen.ii - same_time), 0.0, more_than_a_schedule_takes);
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

// A steady state belongs to covariates and inputs that do not change: those that hold at `time`.
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
      if (piece.from <= time && (!piece.to || *piece.to > time)) {
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

Situation situation(Compiled model, const Patient& patient, const std::optional<Regimen>& stated) {
  Situation s;
  s.model = std::move(model);
  s.now = patient.now ? *patient.now : last_record(patient);
  s.recorded = history_of(patient, s.now);
  auto variants = variants_of(*s.model, s.recorded);
  if (!variants) throw std::logic_error(variants.diagnostics().front().message);
  s.variants = std::move(*variants);
  s.patient = s.variants.all[s.variants.typical].patient;
  if (s.model->q > 0)
    if (const auto built = build_schedule(*s.model, s.patient, {})) s.occasions = as_recorded(built->schedule.effects);
  read_current(s, patient);
  if (!stated) return s;
  s.current = stated;
  s.current_from = "as stated";
  const auto given = unroll(s.patient);
  if (stated->start) {
    s.due = *stated->start;
  } else if (!given.empty() && stated->ii > 0.0) {
    s.due = std::max(s.now, given.back().time + stated->ii);
  }
  if (s.current->route.empty() && !given.empty()) s.current->route = given.back().event->route;
  return s;
}

Situation as_variant(const Situation& situation, std::size_t variant) {
  Situation s;
  s.model = situation.model;
  s.patient = s.recorded = situation.variants.size() > 1 ? situation.variants.all[variant].patient : situation.patient;
  s.variants.all.push_back({s.patient, 1.0, {}, {}});
  s.now = situation.now;
  s.current = situation.current;
  s.current_from = situation.current_from;
  s.due = situation.due;
  s.occasions = situation.occasions;
  return s;
}

std::string label(const Model& model, const std::optional<Regimen>& regimen) {
  if (!regimen) return "no dose";
  std::string words = amount_words(model, *regimen);
  if (regimen->dur > 0.0) words += " over " + hours_words(regimen->dur);
  return words + " " + interval_words(*regimen);
}

double daily_amount(const std::optional<Regimen>& regimen) {
  if (!regimen) return 0.0;
  return regimen->ii > 0.0 ? regimen->amt * 24.0 / regimen->ii : regimen->amt;
}

std::string change(const std::optional<Regimen>& from, const std::optional<Regimen>& to) {
  if (!to) return from ? "stop" : "no dose, as now";
  if (!from) return "start";
  std::string words;
  const auto add = [&words](const std::string& more) { words += (words.empty() ? "" : ", ") + more; };
  const double before = daily_amount(from), after = daily_amount(to);
  const double percent = before > 0.0 ? 100.0 * (after / before - 1.0) : 0.0;
  if (std::abs(percent) >= 0.5) add(number_words(std::abs(percent), 2) + " % " + (percent > 0.0 ? "more" : "less") + " per day");
  if (std::abs(from->ii - to->ii) > same_time && to->ii > 0.0)
    add("every " + hours_words(to->ii) + (from->ii > 0.0 ? " instead of every " + hours_words(from->ii) : std::string()));
  if (std::abs(from->dur - to->dur) > same_time && to->dur > 0.0) add("over " + hours_words(to->dur));
  if (!from->route.empty() && !to->route.empty() && from->route != to->route)
    add("by " + to->route + " instead of " + from->route);
  return words.empty() ? "the same as now" : words;
}

std::vector<PlannedDose> planned_doses(const Situation& situation, const std::optional<Regimen>& regimen, double until) {
  std::vector<PlannedDose> doses;
  if (!regimen) return doses;
  const double start = regimen->start.value_or(situation.due);
  const int n = count_until(*regimen, start, until);
  for (int i = 0; i < n; ++i) {
    const double time = start + i * regimen->ii;
    if (time >= situation.now - same_time) doses.push_back({time, regimen->amt, regimen->dur, 1.0});
  }
  return doses;
}

std::vector<PlannedDose> given_doses(const Patient& patient) {
  std::vector<PlannedDose> doses;
  for (const Given& g : unroll(patient)) doses.push_back({g.time, g.event->amt, duration_of(*g.event), g.event->taken});
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
