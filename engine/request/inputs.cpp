// Inputs of a patient: pieces written out, dialysis sessions and co-medication, all of which become pieces of the model's inputs.

#include <algorithm>
#include <cmath>

#include "base/names.hpp"
#include "base/stable_order.hpp"
#include "base/text.hpp"
#include "request/request.hpp"

namespace titrate {

namespace {

constexpr std::size_t most_pieces = 2000;

using Piece = InputCourse::Piece;

const Covariate& input_named(const Model& model, const std::string& name) {
  return *std::find_if(model.covariates.begin(), model.covariates.end(),
                       [&](const Covariate& c) { return c.input && c.name == name; });
}

void check_plausible(double value, const Covariate& input, const std::string& path, Reader& reader) {
  if (!input.plausible) return;
  const Range& range = *input.plausible;
  const double slack = 1e-9 * std::max(std::fabs(range.low), std::fabs(range.high));
  if (value >= range.low - slack && value <= range.high + slack) return;
  reader.error("patient.implausible", path,
               input.name + " = " + with_unit(value, input.unit) + " lies outside the plausible " +
                   with_unit(range.low, Unit{"1", input.unit.factor, {}}) + " to " + with_unit(range.high, input.unit) + ".",
               "check the number and its unit");
}

// Where a piece ends, after where it begins.
std::optional<double> read_end(const json::Value& value, const std::string& path, double from, Reader& reader) {
  const auto end = reader.time(value, path);
  if (end && !(*end > from)) {
    reader.error("patient.piece_order", path, "What ends must end after it begins.", "check the two times");
    return std::nullopt;
  }
  return end;
}

void read_pieces(const json::Value& value, const std::string& path, const Covariate& input, Reader& reader, Patient& patient) {
  if (!reader.array(value, path, most_pieces)) return;
  for (std::size_t i = 0; i < value.array().size(); ++i) {
    const json::Value& given = value.array()[i];
    const std::string where = json::child(path, i);
    if (!reader.object(given, where, {"from", "to", "value"})) continue;
    const std::size_t before = reader.errors();
    Piece piece;
    piece.path = where;
    if (const json::Value* from = reader.required(given, where, "from", "\"8 h\""))
      piece.from = reader.time(*from, json::child(where, "from")).value_or(0.0);
    if (const json::Value* to = given.find("to")) piece.to = read_end(*to, json::child(where, "to"), piece.from, reader);
    if (const json::Value* set = reader.required(given, where, "value", "\"1 " + input.unit.text + "\"")) {
      piece.value = reader.quantity(*set, input.unit, json::child(where, "value")).value_or(0.0);
      if (reader.errors() == before) check_plausible(piece.value, input, json::child(where, "value"), reader);
    }
    if (reader.errors() == before) patient.inputs[input.name].pieces.push_back(piece);
  }
}

void read_written(const json::Value& value, const std::string& path, const Model& model, Reader& reader, Patient& patient) {
  if (!value.is_object())
    return reader.error("request.type", path, "An object of inputs is expected here.",
                        "{ \"light\": [{ \"from\": \"8 h\", \"to\": \"20 h\", \"value\": \"1\" }] }");
  std::vector<std::string> names;
  for (const Covariate& covariate : model.covariates)
    if (covariate.input) names.push_back(covariate.name);
  for (const json::Member& member : value.object()) {
    const std::string where = json::child(path, member.key);
    if (std::find(names.begin(), names.end(), member.key) == names.end()) {
      const std::string near = nearest_word(member.key, names);
      reader.error("patient.unknown_input", where, "The model has no input \"" + member.key + "\".",
                   !near.empty()   ? "\"" + near + "\" is meant?"
                   : names.empty() ? "it has none"
                                   : "it has " + list_of(names));
      continue;
    }
    read_pieces(member.value, where, input_named(model, member.key), reader, patient);
  }
}

// What a session clears: its modality's clearance, a measured one, or the part of the effluent that carries the drug.
std::optional<double> session_clearance(const json::Value& session, const std::string& path, const Modality* modality,
                                        const Covariate& input, Reader& reader) {
  const json::Value* measured = session.find("clearance");
  const json::Value* effluent = session.find("effluent");
  if (measured != nullptr) {
    if (effluent != nullptr)
      reader.error("patient.session", json::child(path, "effluent"), "Both clearance and effluent are given.",
                   "keep one of the two");
    return reader.quantity(*measured, input.unit, json::child(path, "clearance"));
  }
  if (modality == nullptr) {
    reader.error("request.missing", json::child(path, "clearance"), "A session needs its modality, or its clearance.",
                 "\"clearance\": \"7 L/h\"");
    return std::nullopt;
  }
  if (modality->of_effluent) {
    const json::Value* flow = reader.required(session, path, "effluent", "\"2 L/h\"");
    if (flow == nullptr) return std::nullopt;
    const auto rate = reader.quantity(*flow, input.unit, json::child(path, "effluent"));
    return rate ? std::optional(*rate * *modality->of_effluent) : std::nullopt;
  }
  if (effluent != nullptr)
    reader.error("patient.session", json::child(path, "effluent"),
                 "The clearance of " + modality->name + " does not depend on the effluent.", "leave effluent out");
  return modality->clearance;
}

void read_session(const json::Value& session, const std::string& path, const Model& model, Reader& reader, Patient& patient) {
  if (!reader.object(session, path, {"start", "length", "modality", "clearance", "effluent"})) return;
  const std::size_t before = reader.errors();
  const Dialysis& dialysis = *model.dialysis;
  const Covariate& input = input_named(model, dialysis.input);
  const std::vector<std::string> names = names_of(dialysis.modalities);
  const Modality* modality = nullptr;
  if (const json::Value* named = session.find("modality"))
    if (const auto word = reader.word(*named, json::child(path, "modality"), "modality", names, "patient.unknown_modality"))
      modality = &*std::find_if(dialysis.modalities.begin(), dialysis.modalities.end(),
                                [&](const Modality& m) { return m.name == *word; });
  if (reader.errors() > before) return;
  Piece piece;
  piece.path = path;
  if (const json::Value* start = reader.required(session, path, "start", "\"48 h\""))
    piece.from = reader.time(*start, json::child(path, "start")).value_or(0.0);
  const bool continuous = modality != nullptr && modality->of_effluent;
  if (const json::Value* length = session.find("length")) {
    if (const auto hours = reader.duration(*length, json::child(path, "length"))) piece.to = piece.from + *hours;
  } else if (!continuous) {
    (void)reader.required(session, path, "length", "\"4 h\"");
  }
  const auto clearance = session_clearance(session, path, modality, input, reader);
  if (clearance && !(*clearance > 0.0))
    reader.error("patient.session", path, "What a session clears is more than 0.", "leave out a session that was not held");
  if (!clearance || reader.errors() > before) return;
  piece.value = *clearance;
  check_plausible(piece.value, input, path, reader);
  patient.inputs[input.name].pieces.push_back(piece);
}

// One that the model computes becomes a piece of its input; any other one of the table of interactions is returned.
std::optional<OtherDrug> read_drug(const json::Value& value, const std::string& path, const Model& model, Reader& reader,
                                   Patient& patient) {
  if (!reader.object(value, path, {"drug", "start", "stop"})) return std::nullopt;
  const std::size_t before = reader.errors();
  std::vector<std::string> names;
  for (const CoMedication& known : model.co_medication) names.push_back(known.drug);
  for (const std::string& drug : interacting_drugs())
    if (std::find(names.begin(), names.end(), drug) == names.end()) names.push_back(drug);
  const json::Value* named = reader.required(value, path, "drug", "\"" + names.front() + "\"");
  if (named == nullptr) return std::nullopt;
  for (const Route& route : model.routes)
    if (named->is_string() && named->string() == route.name)
      reader.error("patient.drug_is_dosed", json::child(path, "drug"), "The model computes " + route.name + " from its doses.",
                   "enter them among the doses, by the route " + route.name);
  if (reader.errors() > before) return std::nullopt;
  const auto word = reader.word(*named, json::child(path, "drug"), "drug", names, "patient.unknown_drug");
  Piece piece;
  piece.path = path;
  if (const json::Value* start = reader.required(value, path, "start", "\"0 h\""))
    piece.from = reader.time(*start, json::child(path, "start")).value_or(0.0);
  if (const json::Value* stop = value.find("stop")) piece.to = read_end(*stop, json::child(path, "stop"), piece.from, reader);
  if (!word || reader.errors() > before) return std::nullopt;
  for (const CoMedication& known : model.co_medication) {
    if (known.drug != *word) continue;
    piece.value = known.value;
    patient.inputs[known.input].pieces.push_back(piece);
    return std::nullopt;
  }
  return OtherDrug{*word, piece.from, piece.to, path};
}

// In order, each open piece up to the next; two that set one input at the same time contradict each other.
void settle(const std::string& name, InputCourse& course, Reader& reader) {
  sort_stably(course.pieces.begin(), course.pieces.end(), [](const Piece& a, const Piece& b) { return a.from < b.from; });
  for (std::size_t i = 0; i + 1 < course.pieces.size(); ++i) {
    Piece& piece = course.pieces[i];
    const Piece& next = course.pieces[i + 1];
    if (!piece.to && next.from > piece.from) {
      piece.to = next.from;
    } else if (!piece.to || *piece.to > next.from) {
      reader.error(
          "patient.pieces_overlap", next.path,
          "This sets " + name + " at " + with_unit(next.from, known_unit("h")) + ", while " + piece.path + " still sets it.",
          "end the first before the second begins");
    }
  }
}

}  // namespace

std::vector<OtherDrug> read_inputs(const json::Value& patient_value, const std::string& path, const Model& model, Reader& reader,
                                   Patient& patient) {
  std::vector<OtherDrug> others;
  if (const json::Value* inputs = patient_value.find("inputs"))
    read_written(*inputs, json::child(path, "inputs"), model, reader, patient);
  if (const json::Value* sessions = patient_value.find("dialysis")) {
    const std::string where = json::child(path, "dialysis");
    const bool none = sessions->is_array() && sessions->array().empty();
    if (!model.dialysis && !none)
      reader.error("patient.no_dialysis", where, "The model knows nothing of dialysis sessions.",
                   "leave them out, or take a model that was built with them");
    else if (!none && reader.array(*sessions, where, most_pieces))
      for (std::size_t i = 0; i < sessions->array().size(); ++i)
        read_session(sessions->array()[i], json::child(where, i), model, reader, patient);
  }
  if (const json::Value* drugs = patient_value.find("co_medication")) {
    const std::string where = json::child(path, "co_medication");
    if (reader.array(*drugs, where, most_pieces))
      for (std::size_t i = 0; i < drugs->array().size(); ++i)
        if (auto other = read_drug(drugs->array()[i], json::child(where, i), model, reader, patient))
          others.push_back(std::move(*other));
  }
  for (auto& [name, course] : patient.inputs) settle(name, course, reader);
  return others;
}

}  // namespace titrate
