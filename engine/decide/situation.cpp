// What a decision starts from: history up to `now`, and the plan that can be seen in the doses.

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "base/stable_order.hpp"
#include "decide/regimen.hpp"
#include "decide/words.hpp"
#include "patient/cancelled.hpp"
#include "patient/same_times.hpp"
#include "sim/schedule.hpp"

namespace titrate {

namespace {

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
  sort_stably(all.begin(), all.end(), [](const Given& a, const Given& b) { return a.time < b.time; });
  return all;
}

// What goes in at one time by one route is one administration: two records of 500 mg are a dose of 1000 mg. One that was missed
// adds nothing to one that was not.
std::vector<Given> administrations(const Patient& patient) {
  std::vector<Given> all;
  for (const Given& g : unroll(patient)) {
    Given* same = nullptr;
    for (std::size_t i = all.size(); i-- > 0 && !later(g.time, all[i].time) && same == nullptr;)
      if (all[i].event->route == g.event->route) same = &all[i];
    if (same == nullptr) {
      all.push_back(g);
      continue;
    }
    const bool missed = g.event->taken <= 0.0, missed_before = same->event->taken <= 0.0;
    if (missed && !missed_before) continue;
    if (missed_before && !missed) {
      *same = g;
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
    if (later(dose.time, now)) continue;
    while (dose.addl > 0 && later(dose.time + dose.addl * dose.ii, now)) --dose.addl;
    history.doses.push_back(dose);
  }
  const auto after = [now](const auto& record) { return later(record.time, now); };
  history.observations.erase(std::remove_if(history.observations.begin(), history.observations.end(), after),
                             history.observations.end());
  history.resets.erase(std::remove_if(history.resets.begin(), history.resets.end(), after), history.resets.end());
  return history;
}

bool by_one_route(const Given& a, const Given& b) { return a.event->route == b.event->route; }

// The time between this administration and the one before it by the same route, or the record's own interval.
double interval_before(const std::vector<Given>& all, std::size_t i) {
  if (all[i].ii > 0.0) return all[i].ii;
  for (std::size_t j = i; j-- > 0;)
    if (by_one_route(all[i], all[j])) return all[i].time - all[j].time;
  return 0.0;
}

double interval_after(const std::vector<Given>& all, std::size_t i) {
  for (std::size_t j = i + 1; j < all.size(); ++j)
    if (by_one_route(all[i], all[j])) return all[j].time - all[i].time;
  return 0.0;
}

// A regimen is by one route: what is given by another is left out of the plan.
std::string other_routes(const std::vector<Given>& all, std::size_t i) {
  for (const Given& other : all)
    if (!by_one_route(all[i], other)) return "; doses by the route " + other.event->route + " do not go on";
  return {};
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
  s.current_from += other_routes(all, first);
  s.due = all[first].time;
}

void read_current(Situation& s, const Patient& patient) {
  const auto all = administrations(patient);
  std::size_t first_planned = 0;
  while (first_planned < all.size() && !later(all[first_planned].time, s.now)) ++first_planned;
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
    s.current_from = "one dose has been given" +
                     (other_routes(all, last).empty() ? "" : " by the route " + all[last].event->route) +
                     ", so no interval is known";
    return;
  }
  s.current = regimen_like(all[last], ii);
  s.current_from = "the last dose goes on every " + hours_words(ii) + other_routes(all, last);
  s.due = std::max(s.now, all[last].time + ii);
}

}  // namespace

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

std::vector<PlannedDose> given_doses(const Patient& patient) {
  std::vector<PlannedDose> doses;
  for (const Given& g : unroll(patient)) doses.push_back({g.time, g.event->amt, duration_of(*g.event), g.event->taken});
  return doses;
}

}  // namespace titrate
