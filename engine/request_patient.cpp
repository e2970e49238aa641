// Doses and levels of a patient: each record by itself, then together (order, sizes, doubles, levels out of place).

#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.hpp"
#include "request.hpp"

namespace titrate {

namespace {

std::vector<std::string> route_names(const Model& model) {
  std::vector<std::string> names;
  for (const Route& route : model.routes) names.push_back(route.name);
  return names;
}

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
    if (const auto a = reader.quantity(*amt, route->amount_unit, json::child(path, "amt"), model.molar_mass)) event.amt = *a;
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

// The keys of a result, and what each says: the level itself, or that it lies below or above a limit of quantification.
struct ResultKey {
  const char* key;
  Censored censored;
};
constexpr ResultKey result_keys[] = {{"dv", Censored::no}, {"below", Censored::below}, {"above", Censored::above}};

const Output* read_output(const json::Value& observation, const std::string& path, const Model& model, Reader& reader) {
  std::vector<std::string> names;
  for (const Output& output : model.outputs) names.push_back(output.name);
  const json::Value* named = observation.find("output");
  if (named == nullptr) {
    if (model.outputs.size() == 1) return &model.outputs.front();
    const Output* measured = nullptr;  // the only output with a measurement error, if there is but one
    int several = 0;
    for (const Output& output : model.outputs)
      if (!output.residuals.empty()) {
        measured = &output;
        ++several;
      }
    if (several == 1) return measured;
    reader.error("patient.output_missing", json::child(path, "output"), "The model has several outputs: which was measured?",
                 "one of " + list_of(names));
    return nullptr;
  }
  const auto name = reader.word(*named, json::child(path, "output"), "output", names, "patient.unknown_output");
  for (const Output& output : model.outputs)
    if (name && output.name == *name) return &output;
  return nullptr;
}

const Residual* read_assay(const json::Value& observation, const std::string& path, const Output& output, bool excluded,
                           Reader& reader, Observation& level) {
  if (output.residuals.empty()) {
    if (!excluded)
      reader.error("patient.no_residual_error", json::child(path, "output"),
                   "The model states no measurement error for " + output.name + ": a level of it cannot be fitted.",
                   "mark it excluded to show it only");
    return nullptr;
  }
  std::vector<std::string> assays;
  for (const Residual& residual : output.residuals)
    if (!residual.assay.empty()) assays.push_back(residual.assay);
  const json::Value* named = observation.find("assay");
  if (named == nullptr) {
    if (output.residuals.size() == 1) {
      level.assay = output.residuals.front().assay;
      return &output.residuals.front();
    }
    reader.error("patient.assay_missing", json::child(path, "assay"),
                 "The measurement error of " + output.name + " depends on the assay, which is missing.",
                 "one of " + list_of(assays));
    return nullptr;
  }
  if (assays.empty()) {
    reader.error("patient.unknown_assay", json::child(path, "assay"),
                 "The model makes no difference between assays of " + output.name + ".", "leave assay out");
    return nullptr;
  }
  const auto assay = reader.word(*named, json::child(path, "assay"), "assay", assays, "patient.unknown_assay");
  for (const Residual& residual : output.residuals)
    if (assay && residual.assay == *assay) {
      level.assay = *assay;
      return &residual;
    }
  return nullptr;
}

// "<0.5 mg/L" belongs under another key.
bool refused_bound(const json::Value& value, const std::string& path, const std::string& key, Reader& reader) {
  if (!value.is_string()) return false;
  const std::string_view text = trim(value.string());
  if (text.empty() || (text.front() != '<' && text.front() != '>')) return false;
  const std::string number(trim(text.substr(text.substr(1).find_first_not_of("= ") + 1)));
  const std::string right = text.front() == '<' ? "below" : "above";
  reader.error("patient.bound_as_level", path,
               "\"" + value.string() + "\" says that the level lies " + right + " a limit; \"" + key + "\" takes a number.",
               "write \"" + right + "\": \"" + number + "\"" + (key == "dv" ? " in place of \"dv\"" : ""));
  return true;
}

// A number that cannot be a level, or hardly.
void check_level(double x, const std::string& path, const Output& output, const Residual* residual, Reader& reader,
                 const Observation& level) {
  const bool transformed = residual != nullptr && residual->transformed();
  const bool amount = !output.unit.dimension.none() || transformed;
  if (level.censored != Censored::no) {
    if (!(x > 0.0) && amount)
      reader.error("patient.limit_not_positive", path, "A limit of quantification is more than 0.", "check the number");
    return;
  }
  if (transformed && !(x > 0.0))
    reader.error("patient.level_not_positive", path,
                 "The model takes the logarithm or a power of " + output.name + ", so a level is more than 0.",
                 "a level of 0 is mostly one below the limit of quantification: say which limit, \"below\": \"0.5 mg/L\"");
  else if (x < 0.0 && amount)
    reader.error("patient.level_not_positive", path, "A level cannot be negative.", "check the number");
  else if (x == 0.0 && amount)
    reader.warning("patient.level_zero", path, "A level of 0 is mostly one below the limit of quantification.",
                   "say which limit if it is, \"below\": \"0.5 mg/L\"");
  else if (output.lloq && x < *output.lloq)
    reader.warning("patient.below_lloq", path,
                   "The level lies below the limit of quantification of the model's source, " +
                       with_unit(*output.lloq, output.unit) + "; it is used as it stands.",
                   "if the laboratory cannot quantify it, say so: \"below\": \"" + with_unit(*output.lloq, output.unit) + "\"");
  else if (output.uloq && x > *output.uloq)
    reader.warning("patient.above_uloq", path,
                   "The level lies above the limit of quantification of the model's source, " +
                       with_unit(*output.uloq, output.unit) + "; it is used as it stands.",
                   "if the laboratory cannot quantify it, say so: \"above\": \"" + with_unit(*output.uloq, output.unit) + "\"");
}

void read_level(const json::Value& observation, const std::string& path, const Model& model, const Output& output,
                const Residual* residual, Reader& reader, Observation& level) {
  const ResultKey* found = nullptr;
  for (const ResultKey& one : result_keys) {
    if (observation.find(one.key) == nullptr) continue;
    if (found != nullptr)
      return reader.error("patient.two_results", json::child(path, one.key),
                          std::string("Both \"") + found->key + "\" and \"" + one.key + "\" are given: a level has one result.",
                          "keep one of the two");
    found = &one;
  }
  if (found == nullptr) return;
  const json::Value& value = *observation.find(found->key);
  const std::string where = json::child(path, found->key);
  level.censored = found->censored;
  if (refused_bound(value, where, found->key, reader)) return;
  const auto x = reader.quantity(value, output.unit, where, model.molar_mass);
  if (!x) return;
  level.dv = *x;
  if (level.censored != Censored::no) level.limit = *x;
  if (!level.excluded) check_level(*x, where, output, residual, reader, level);
}

struct ReadLevel {
  Observation level;
  bool after_dose = false;
};

std::optional<ReadLevel> read_observation(const json::Value& value, const std::string& path, const Model& model, Reader& reader) {
  const std::size_t before = reader.errors();
  if (!reader.object(value, path, {"time", "dv", "below", "above", "output", "assay", "excluded", "after_dose", "time_error"},
                     {"occ"}))
    return std::nullopt;
  ReadLevel read;
  Observation& level = read.level;
  level.path = path;
  if (const json::Value* excluded = value.find("excluded")) {
    const auto why = reader.text(*excluded, json::child(path, "excluded"));
    level.excluded = true;
    level.why = why.value_or("");
  }
  if (const json::Value* after = value.find("after_dose"))
    read.after_dose = reader.boolean(*after, json::child(path, "after_dose")).value_or(false);
  if (const json::Value* time = reader.required(value, path, "time", "\"11.5 h\""))
    if (const auto t = reader.time(*time, json::child(path, "time"))) level.time = *t;
  if (const json::Value* error = value.find("time_error"))
    level.sd_time = reader.duration(*error, json::child(path, "time_error")).value_or(0.0);
  const Output* output = read_output(value, path, model, reader);
  if (value.find("below") == nullptr && value.find("above") == nullptr)
    (void)reader.required(value, path, "dv", "\"12.3 mg/L\", or \"below\": \"0.5 mg/L\"");
  if (output != nullptr) {
    level.output = output->name;
    const Residual* residual = read_assay(value, path, *output, level.excluded, reader, level);
    read_level(value, path, model, *output, residual, reader, level);
  }
  return reader.errors() == before ? std::optional(read) : std::nullopt;
}

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
  std::stable_sort(patient.doses.begin(), patient.doses.end(),
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

void read_observations(const json::Value& value, const std::string& path, const Model& model, Reader& reader, Patient& patient) {
  if (!reader.array(value, path, limits::observations)) return;
  for (std::size_t i = 0; i < value.array().size(); ++i) {
    auto read = read_observation(value.array()[i], json::child(path, i), model, reader);
    if (!read) continue;
    read->level.order = read->after_dose ? after_all : 0;
    patient.observations.push_back(read->level);
  }
}

// What a patient who arrives treated may still hold: amounts in states of the model at the first record, ln-normal about what is
// stated, variance of ln ln(1 + cv^2).
void read_initial_amounts(const json::Value& value, const std::string& path, const Model& model, Reader& reader,
                          Patient& patient) {
  if (!reader.array(value, path, model.states.size())) return;
  std::vector<std::string> names;
  for (const State& state : model.states) names.push_back(state.name);
  for (std::size_t i = 0; i < value.array().size(); ++i) {
    const json::Value& one = value.array()[i];
    const std::string where = json::child(path, i);
    const std::size_t before = reader.errors();
    if (!reader.object(one, where, {"state", "amount", "cv"})) continue;
    InitialAmount initial;
    initial.path = where;
    const json::Value* state = reader.required(one, where, "state", "\"" + names.front() + "\"");
    if (state != nullptr)
      initial.state = reader.word(*state, json::child(where, "state"), "state", names, "patient.unknown_state").value_or("");
    const State* found = nullptr;
    for (const State& known : model.states)
      if (known.name == initial.state) found = &known;
    const json::Value* amount = reader.required(one, where, "amount", "\"500 mg\"");
    if (amount != nullptr && found != nullptr)
      initial.amount = reader.quantity(*amount, found->unit, json::child(where, "amount"), model.molar_mass).value_or(0.0);
    const json::Value* cv = reader.required(one, where, "cv", "\"100 %\"");
    const double spread = cv != nullptr ? reader.quantity(*cv, known_unit("1"), json::child(where, "cv")).value_or(0.0) : 0.0;
    initial.variance = std::log1p(spread * spread);
    if (reader.errors() == before && !(initial.amount > 0.0))
      reader.error("patient.amount_not_positive", json::child(where, "amount"), "An initial amount is more than 0.",
                   "leave it out when there is none");
    if (reader.errors() == before && !(spread > 0.0 && spread <= 10.0))
      reader.error("patient.bad_cv", json::child(where, "cv"), "How uncertain the amount is lies above 0 and up to 1000 %.",
                   "for instance \"100 %\"");
    for (const InitialAmount& other : patient.initial_amounts)
      if (other.state == initial.state && found != nullptr)
        reader.error("patient.two_amounts", where, "The state " + initial.state + " has two initial amounts.", "add them up");
    if (reader.errors() == before) patient.initial_amounts.push_back(std::move(initial));
  }
}

// now, and what lies on the wrong side of it. A simulation follows all doses and knows no now.
void read_now(const json::Value& value, const std::string& path, Verb verb, Reader& reader, Request& request) {
  Patient& patient = request.patient;
  if (const json::Value* now = value.find("now")) {
    patient.now = reader.time(*now, json::child(path, "now"));
    request.now_given = patient.now.has_value();
  }
  if (!request.now_given) {
    double last = 0.0;
    bool any = false;
    const auto reach = [&](double t) { last = any ? std::max(last, t) : t, any = true; };
    for (const DosingEvent& dose : patient.doses) reach(last_dose_time(dose));
    for (const Observation& level : patient.observations) reach(level.time);
    patient.now = last;
    return;
  }
  if (verb == Verb::simulate) return;
  for (const Observation& level : patient.observations)
    if (level.time > *patient.now)
      reader.error("patient.level_in_future", json::child(level.path, "time"),
                   "This level lies after now (" + with_unit(*patient.now, known_unit("h")) + ").",
                   "check its time, or move now");
  for (const DosingEvent& dose : patient.doses)
    if (dose.time > *patient.now)
      reader.warning("patient.dose_after_now", json::child(dose.path, "time"),
                     "This dose lies after now: it counts as planned, and the regimens that are compared replace it.",
                     "put the plan into current");
}

// A covariate with one value has it from the first record on; what then advances with the clock (age) counts from there.
void place_constants(const json::Value& value, Patient& patient) {
  double first = *patient.now;
  for (const DosingEvent& dose : patient.doses) first = std::min(first, dose.time);
  for (const Observation& level : patient.observations) first = std::min(first, level.time);
  for (const auto& [name, course] : patient.inputs)
    for (const InputCourse::Piece& piece : course.pieces) first = std::min(first, piece.from);
  const json::Value* covariates = value.find("covariates");
  for (auto& [name, course] : patient.covariates) {
    const json::Value* given = covariates != nullptr ? covariates->find(name) : nullptr;
    if ((given == nullptr || !given->is_array()) && course.time.size() == 1) course.time.front() = first;
  }
}

}  // namespace

namespace {

// The typical patient, with every dose that may have been taken.
Patient surely_given(const Variants& variants) {
  Patient patient = variants.all[variants.typical].patient;
  for (const Unknown& unknown : variants.unknown)
    for (DosingEvent& dose : patient.doses)
      if (unknown.kind == Unknown::Kind::dose && dose.path == unknown.path) dose.taken = 1.0;
  return patient;
}

}  // namespace

double last_dose_time(const DosingEvent& dose) { return dose.time + dose.ii * dose.addl; }

const Route* read_route(const json::Value& object, const std::string& path, const Model& model, Reader& reader) {
  const json::Value* named = object.find("route");
  if (named == nullptr) {
    if (model.routes.size() == 1) return &model.routes.front();
    reader.error("patient.route_missing", json::child(path, "route"), "The model has several routes: by which was it given?",
                 "one of " + list_of(route_names(model)));
    return nullptr;
  }
  const auto name = reader.word(*named, json::child(path, "route"), "route", route_names(model), "patient.unknown_route");
  for (const Route& route : model.routes)
    if (name && route.name == *name) return &route;
  return nullptr;
}

void read_patient(const json::Value& value, const std::string& path, Verb verb, const CompiledModel& model, Reader& reader,
                  Request& request, const std::vector<FromGenotype>& genotype_sources) {
  if (!reader.object(value, path,
                     {"covariates", "genotypes", "inputs", "dialysis", "co_medication", "doses", "observations", "now", "current",
                      "initial_amounts"},
                     {"occasions", "missed"}))
    return;
  request.has_patient = true;
  const std::size_t before = reader.errors();
  if (const json::Value* covariates = reader.required(value, path, "covariates", "{ \"WT\": \"70 kg\" }"))
    read_covariates(*covariates, json::child(path, "covariates"), *model.model, reader, request.patient);
  if (const json::Value* genotypes = value.find("genotypes"))
    read_genotypes(*genotypes, json::child(path, "genotypes"), genotype_sources, reader, request);
  check_covariates(model, request.patient, json::child(path, "covariates"), reader);
  read_inputs(value, path, *model.model, reader, request.patient);
  if (const json::Value* doses = reader.required(value, path, "doses", "[]"))
    read_doses(*doses, json::child(path, "doses"), *model.model, reader, request.patient);
  if (const json::Value* levels = reader.required(value, path, "observations", "[]"))
    read_observations(*levels, json::child(path, "observations"), *model.model, reader, request.patient);
  if (const json::Value* amounts = value.find("initial_amounts"))
    read_initial_amounts(*amounts, json::child(path, "initial_amounts"), *model.model, reader, request.patient);
  read_now(value, path, verb, reader, request);
  place_constants(value, request.patient);
  if (const json::Value* current = value.find("current")) {
    const auto stated = read_regimen(*current, json::child(path, "current"), *model.model, reader);
    if (stated && !*stated)
      reader.error("request.regimen", json::child(path, "current"), "The current regimen gives nothing.",
                   "leave current out when nothing is planned");
    if (stated) request.current = *stated;
    if (request.current && request.current->start && verb != Verb::simulate &&
        *request.current->start < *request.patient.now - 1e-9)
      reader.error("request.start_before_now", json::child(json::child(path, "current"), "start"),
                   "A plan starts at now or later (" + with_unit(*request.patient.now, known_unit("h")) + ").",
                   "leave start out for when the next dose is due");
  }
  if (reader.errors() != before) return;
  const auto variants = variants_of(model, request.patient);
  reader.take(variants.diagnostics());
  if (variants && verb != Verb::simulate) check_levels(model, surely_given(*variants), reader);
}

void check_levels(const CompiledModel& model, const Patient& patient, Reader& reader) {
  double first = 0.0;
  bool any_dose = false;
  for (const DosingEvent& dose : patient.doses) {
    if (dose.taken <= 0.0) continue;
    first = any_dose ? std::min(first, dose.time) : dose.time;
    any_dose = true;
  }
  std::vector<std::size_t> early;
  for (std::size_t i = 0; i < patient.observations.size(); ++i) {
    const Observation& level = patient.observations[i];
    if (!level.excluded && (!any_dose || level.time < first || (level.time == first && level.order == 0))) early.push_back(i);
  }
  if (early.empty()) return;
  // An endogenous quantity has a value before any dose; a drug has none, and no level of it can be explained.
  const Result<BuiltSchedule> built = build_schedule(model, patient, {});
  if (!built) return;
  const Course course = simulate(model, built->schedule, Vector::Zero(model.k));
  if (!course.ok) return;
  for (const std::size_t i : early) {
    const Observation& level = patient.observations[i];
    Eigen::Index column = 0;
    for (std::size_t j = 0; j < model.model->outputs.size(); ++j)
      if (model.model->outputs[j].name == level.output) column = static_cast<Eigen::Index>(j);
    if (course.outputs(built->sample_of_observation[i], column) != 0.0) continue;
    reader.error("patient.level_before_dose", json::child(level.path, "time"),
                 any_dose ? "This level was drawn before the first dose, where the model predicts nothing."
                          : "There is a level but no dose.",
                 any_dose ? "check its time, or give the doses before it (a steady state with ss goes one interval earlier)"
                          : "give the doses that led to it");
  }
}

}  // namespace titrate
