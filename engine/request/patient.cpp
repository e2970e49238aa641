// A patient: its parts together, what is not known of earlier doses, and now.

#include <algorithm>
#include <cmath>

#include "base/names.hpp"
#include "patient/same_times.hpp"
#include "request/request.hpp"

namespace titrate {

namespace {

// What a patient who arrives treated may still hold: amounts in states of the model at the first record, ln-normal about what is
// stated, variance of ln ln(1 + cv^2).
void read_initial_amounts(const json::Value& value, const std::string& path, const Model& model, Reader& reader,
                          Patient& patient) {
  if (!reader.array(value, path, model.states.size())) return;
  const std::vector<std::string> names = names_of(model.states);
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
    if (later(level.time, *patient.now))
      reader.error("patient.level_in_future", json::child(level.path, "time"),
                   "This level lies after now (" + with_unit(*patient.now, known_unit("h")) + ").",
                   "check its time, or move now");
  for (const DosingEvent& dose : patient.doses)
    if (later(dose.time, *patient.now))
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

// The typical patient, with every dose that may have been taken.
Patient surely_given(const Variants& variants) {
  Patient patient = variants.all[variants.typical].patient;
  for (const Unknown& unknown : variants.unknown)
    for (DosingEvent& dose : patient.doses)
      if (unknown.kind == Unknown::Kind::dose && dose.path == unknown.path) dose.taken = 1.0;
  return patient;
}

}  // namespace

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
  request.other_drugs = read_inputs(value, path, *model.model, reader, request.patient);
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
        later(*request.patient.now, *request.current->start))
      reader.error("request.start_before_now", json::child(json::child(path, "current"), "start"),
                   "A plan starts at now or later (" + with_unit(*request.patient.now, known_unit("h")) + ").",
                   "leave start out for when the next dose is due");
  }
  if (reader.errors() != before) return;
  const auto variants = variants_of(model, request.patient);
  reader.take(variants.diagnostics());
  if (variants && verb != Verb::simulate) check_levels(model, surely_given(*variants), reader);
}

}  // namespace titrate
