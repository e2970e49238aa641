// Doses of a patient: each record by itself, then together (order, sizes, doubles).

#include <algorithm>
#include <map>

#include "base/names.hpp"
#include "base/stable_order.hpp"
#include "base/text.hpp"
#include "request/request.hpp"

namespace titrate {

namespace {

// The route's products all state how long they are infused.
bool mostly_infused(const Model& model, const Route& route) {
  bool any = false;
  for (const Product& product : model.products) {
    if (product.route != route.name) continue;
    any = true;
    if (product.durations.empty() || *std::min_element(product.durations.begin(), product.durations.end()) <= 0.0) return false;
  }
  return any && route.allows_infusion;
}

// How the amount enters: at once, at a rate, or over a time.
void read_input(const json::Value& dose, const std::string& path, const Model& model, const Route* route, Reader& reader,
                DosingEvent& event) {
  const json::Value* dur = dose.find("dur");
  const json::Value* rate = dose.find("rate");
  if (dur != nullptr && rate != nullptr)
    reader.error("patient.rate_and_dur", json::child(path, "rate"),
                 "Both rate and dur are given: they may contradict each other.", "keep one of the two");
  if (dur != nullptr) {
    event.input = DosingEvent::Input::duration;
    if (const auto t = reader.time(*dur, json::child(path, "dur"))) {
      event.dur = *t;
      if (!(*t > 0.0))
        reader.error("patient.infusion_zero", json::child(path, "dur"), "An infusion lasts more than 0 h.",
                     "leave dur out for a bolus or an oral dose");
    }
  } else if (rate != nullptr) {
    event.input = DosingEvent::Input::rate;
    const Unit& unit = known_unit((route != nullptr ? route->amount_unit.text : std::string("mg")) + "/h");
    if (const auto r = reader.quantity(*rate, unit, json::child(path, "rate"))) {
      event.rate = *r;
      if (!(*r > 0.0))
        reader.error("patient.infusion_zero", json::child(path, "rate"), "An infusion has a rate over 0.",
                     "leave rate out for a bolus or an oral dose");
    }
  }
  if (route == nullptr) return;
  if (event.input != DosingEvent::Input::bolus && !route->allows_infusion)
    reader.error("patient.route_no_infusion", json::child(path, dur != nullptr ? "dur" : "rate"),
                 "The model knows no infusion by the route " + route->name + ".",
                 "leave " + std::string(dur != nullptr ? "dur" : "rate") + " out");
  if (event.input == DosingEvent::Input::bolus && !route->allows_bolus)
    reader.error("patient.route_no_bolus", path, "The route " + route->name + " is an infusion: its length is missing.",
                 "for instance \"dur\": \"1 h\"");
  if (event.input == DosingEvent::Input::bolus && route->allows_bolus && mostly_infused(model, *route))
    reader.warning("patient.no_duration", path, "The dose counts as given at once; by this route it is mostly an infusion.",
                   "give dur if it was one");
}

// A slip of the unit shows against what the products of the route allow: mg for g, ug for mg.
void check_amount(double amt, const std::string& path, const Model& model, const Route& route, Reader& reader) {
  constexpr double large_area = 300.0, small_area = 100.0;  // dm2
  double largest = 0.0, smallest = 0.0;
  for (const Product& product : model.products) {
    if (product.route != route.name || !(product.largest > 0.0) || !(product.smallest > 0.0)) continue;
    const double low = product.smallest * (product.per_area ? small_area : 1.0);
    largest = std::max(largest, product.largest * (product.per_area ? large_area : 1.0));
    smallest = smallest > 0.0 ? std::min(smallest, low) : low;
  }
  if (!(largest > 0.0) || !(amt > 0.0) || (amt <= 3.0 * largest && amt >= 0.1 * smallest)) return;
  reader.warning("patient.dose_unusual", path,
                 "A dose of " + with_unit(amt, route.amount_unit) + " lies far from what the product allows (" +
                     with_unit(smallest, Unit{"1", route.amount_unit.factor, {}}) + " to " +
                     with_unit(largest, route.amount_unit) + ").",
                 "check the number and its unit");
}

// Repetition: ii, addl, ss.
void read_repetition(const json::Value& dose, const std::string& path, Reader& reader, DosingEvent& event) {
  if (const json::Value* ii = dose.find("ii"))
    if (const auto t = reader.interval(*ii, json::child(path, "ii"))) event.ii = *t;
  if (const json::Value* addl = dose.find("addl"))
    if (const auto n = reader.whole(*addl, json::child(path, "addl"), 0, static_cast<int>(limits::doses))) event.addl = *n;
  if (const json::Value* ss = dose.find("ss"))
    if (const auto n = reader.whole(*ss, json::child(path, "ss"), 0, 2)) event.ss = *n;
  const bool no_interval = dose.find("ii") == nullptr;
  if (event.addl > 0 && no_interval)
    reader.error("patient.addl_without_ii", json::child(path, "addl"), "Additional doses need their interval.",
                 "for instance \"ii\": \"12 h\"");
  const bool constant_infusion = event.amt == 0.0 && event.input == DosingEvent::Input::rate;
  if (event.ss > 0 && no_interval && !constant_infusion)
    reader.error("patient.ss_without_ii", json::child(path, "ss"), "A steady state needs the interval of its doses.",
                 "for instance \"ii\": \"12 h\"");
}

// Whether the dose was taken: yes, no, or a probability ("70 %", 0.7). A record that repeats cannot be in doubt as a whole.
void read_taken(const json::Value& dose, const std::string& path, Reader& reader, DosingEvent& event) {
  const json::Value* taken = dose.find("taken");
  if (taken == nullptr) return;
  const std::string where = json::child(path, "taken");
  if (taken->is_string() && (taken->string() == "yes" || taken->string() == "no")) {
    event.taken = taken->string() == "yes" ? 1.0 : 0.0;
  } else {
    const auto p = reader.quantity(*taken, known_unit("1"), where);
    if (p && !(*p >= 0.0 && *p <= 1.0))
      reader.error("patient.taken", where, "The probability that a dose was taken lies between 0 and 1.",
                   "\"yes\", \"no\", or for instance \"70 %\"");
    else if (p)
      event.taken = *p;
  }
  if (event.taken < 1.0 && (event.addl > 0 || event.ss > 0))
    reader.error("patient.taken_repeated", where, "A record that stands for many doses cannot be missed as a whole.",
                 "give the missed or doubtful dose a record of its own, without addl and ss");
}

std::optional<DosingEvent> read_dose(const json::Value& dose, const std::string& path, const Model& model, Reader& reader) {
  const std::size_t before = reader.errors();
  if (!reader.object(dose, path, {"time", "amt", "dur", "rate", "ii", "addl", "ss", "route", "taken"})) return std::nullopt;
  DosingEvent event;
  event.path = path;
  const Route* route = read_route(dose, path, model, reader);
  if (route != nullptr) event.route = route->name;
  if (const json::Value* time = reader.required(dose, path, "time", "\"0 h\""))
    if (const auto t = reader.time(*time, json::child(path, "time"))) event.time = *t;
  const json::Value* amt = reader.required(dose, path, "amt", "\"1000 mg\"");
  if (amt != nullptr && route != nullptr)
    if (const auto a = reader.quantity(*amt, route->amount_unit, json::child(path, "amt"), molar_mass_of(*route, model)))
      event.amt = *a;
  if (route != nullptr) check_amount(event.amt, json::child(path, "amt"), model, *route, reader);
  read_input(dose, path, model, route, reader, event);
  read_repetition(dose, path, reader, event);
  read_taken(dose, path, reader, event);
  const bool constant_infusion = event.input == DosingEvent::Input::rate && event.ss == 1;
  if (reader.errors() == before && !(event.amt > 0.0) && !(event.amt == 0.0 && constant_infusion))
    reader.error("patient.dose_not_positive", json::child(path, "amt"), "A dose is more than 0.",
                 "leave out a dose that was not given");
  return reader.errors() == before ? std::optional(event) : std::nullopt;
}

}  // namespace

void read_doses(const json::Value& value, const std::string& path, const Model& model, Reader& reader, Patient& patient) {
  if (!reader.array(value, path, limits::doses)) return;
  double unrolled = 0.0;
  for (std::size_t i = 0; i < value.array().size(); ++i) {
    const auto dose = read_dose(value.array()[i], json::child(path, i), model, reader);
    if (!dose) continue;
    unrolled += 1.0 + dose->addl;
    patient.doses.push_back(*dose);
  }
  if (unrolled > static_cast<double>(limits::doses))
    reader.error("request.size", path,
                 "With their additional doses these are " + to_text(unrolled) + " doses; " +
                     to_text(static_cast<double>(limits::doses)) + " are the most.",
                 "begin later, or with a steady state (ss)");
  sort_stably(patient.doses.begin(), patient.doses.end(),
              [](const DosingEvent& a, const DosingEvent& b) { return a.time < b.time; });
  std::map<std::pair<double, std::string>, const DosingEvent*> seen;
  for (std::size_t i = 0; i < patient.doses.size(); ++i) {
    DosingEvent& dose = patient.doses[i];
    dose.order = static_cast<int>(i) + 1;  // levels of the same time stand at 0, or after all doses
    const auto [first, fresh] = seen.emplace(std::pair(dose.time, dose.route), &dose);
    if (!fresh && dose.ss != 2)
      reader.warning("patient.duplicate_dose", dose.path,
                     "Another dose is given at the same time by the same route (" + first->second->path + ").",
                     "remove one if it was entered twice; both are counted");
  }
}

double last_dose_time(const DosingEvent& dose) { return dose.time + dose.ii * dose.addl; }

std::optional<double> molar_mass_of(const Route& route, const Model& model) {
  return route.substance.empty() ? model.molar_mass : std::nullopt;
}

const Route* read_route(const json::Value& object, const std::string& path, const Model& model, Reader& reader) {
  const json::Value* named = object.find("route");
  if (named == nullptr) {
    if (model.routes.size() == 1) return &model.routes.front();
    reader.error("patient.route_missing", json::child(path, "route"), "The model has several routes: by which was it given?",
                 "one of " + list_of(names_of(model.routes)));
    return nullptr;
  }
  const auto name = reader.word(*named, json::child(path, "route"), "route", names_of(model.routes), "patient.unknown_route");
  for (const Route& route : model.routes)
    if (name && route.name == *name) return &route;
  return nullptr;
}

}  // namespace titrate
