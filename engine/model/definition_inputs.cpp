// Inputs that a patient's schedule sets piece by piece (a meal, the light, a daily exposure), and the two lists that set inputs
// by names of their own: dialysis sessions, which carry a clearance while they last, and co-medication with start and stop.
//
//   "inputs": { "CL_dialysis": { "label": "Clearance of the session", "unit": "L/h", "resting": 0 } }
//   "dialysis": { "input": "CL_dialysis", "modalities": { "high_flux": { "label": "...", "clearance": "7 [L/h]", "read": "..." }
//   } } "co_medication": { "rifampicin": { "label": "Rifampicin", "input": "induced", "value": 1, "read": "..." } }

#include <algorithm>

#include "base/text.hpp"
#include "model/definition_fields.hpp"

namespace titrate::definition {

namespace {

std::vector<std::string> input_names(const Reading& reading) {
  std::vector<std::string> names;
  for (const Covariate& covariate : reading.model.covariates)
    if (covariate.input) names.push_back(covariate.name);
  return names;
}

// The value of an input: a quantity, or a number where 0 or no unit is meant.
std::optional<double> read_value(const json::Value& value, const Unit& unit, const std::string& path, Reading& reading) {
  if (value.is_number() && value.number() == 0.0) return 0.0;
  const auto quantity = read_quantity(value, unit, path, reading);
  return quantity ? std::optional(quantity->value) : std::nullopt;
}

void read_input(const std::string& name, const json::Value& value, const std::string& path, Reading& reading) {
  Fields fields(value, path, reading, {"label", "unit", "resting", "plausible", "note"});
  if (!value.is_object()) return reading.failed.push_back(name);
  Covariate input;
  input.name = name;
  input.path = path;
  input.input = true;
  input.label = fields.need_text("label", "\"Light\"");
  input.note = fields.text("note");
  const auto unit = fields.unit("unit");
  if (!unit) return reading.failed.push_back(name);
  input.unit = *unit;
  if (const json::Value* range = fields.find("plausible")) {
    const bool pair =
        range->is_array() && range->array().size() == 2 && range->array()[0].is_number() && range->array()[1].is_number();
    if (pair && range->array()[0].number() < range->array()[1].number())
      input.plausible = Range{range->array()[0].number() * unit->factor, range->array()[1].number() * unit->factor};
    else
      reading.error("model.wrong_kind", fields.at("plausible"),
                    "A range is two numbers in the input's unit, the lower one first.", "Write for instance [0, 100].");
  }
  if (const json::Value* resting = fields.need("resting", "0"))
    input.resting = read_value(*resting, *unit, fields.at("resting"), reading).value_or(0.0);
  reading.model.covariates.push_back(std::move(input));
}

// The input that a list sets; nothing after an error.
const Covariate* input_of(Fields& fields, Reading& reading) {
  const json::Value* name = fields.need("input", "\"CL_dialysis\"");
  if (name == nullptr || !must_know(*name, fields.at("input"), "an input", input_names(reading), reading)) return nullptr;
  for (const Covariate& covariate : reading.model.covariates)
    if (covariate.input && covariate.name == name->string()) return &covariate;
  return nullptr;
}

void read_modality(const std::string& name, const json::Value& value, const std::string& path, const Unit& unit, Dialysis& to,
                   Reading& reading) {
  Fields fields(value, path, reading, {"label", "clearance", "of_effluent", "read"});
  if (!value.is_object()) return;
  Modality modality;
  modality.name = name;
  modality.label = fields.need_text("label", "\"High-flux haemodialysis\"");
  modality.read = fields.text("read");
  if (fields.has("clearance") == fields.has("of_effluent")) {
    reading.error("model.missing", path,
                  "A modality states its \"clearance\", or the part \"of_effluent\" that carries the drug.",
                  "Write \"clearance\": \"7 [L/h]\", or for a continuous one \"of_effluent\": 0.8.");
    return;
  }
  if (const auto clearance = fields.quantity("clearance", unit)) modality.clearance = clearance->value;
  if (const auto part = fields.number("of_effluent")) modality.of_effluent = *part;
  const double size = modality.clearance.value_or(modality.of_effluent.value_or(1.0));
  if (!(size > 0.0)) reading.error("model.bad_value", path, "What a session clears must be more than 0.");
  to.modalities.push_back(std::move(modality));
}

void read_dialysis(const json::Value& value, const std::string& path, Reading& reading) {
  Fields fields(value, path, reading, {"input", "modalities"});
  if (!value.is_object()) return;
  const Covariate* input = input_of(fields, reading);
  if (input == nullptr) return;
  const Unit clearance = *parse_unit("L/h");
  if (input->unit.dimension != clearance.dimension && !reading.model.unchecked_units) {
    reading.error("unit.mismatch", fields.at("input"),
                  "The input \"" + input->name + "\" is in " + input->unit.text + ", not a clearance.", "Give it the unit L/h.");
    return;
  }
  Dialysis dialysis;
  dialysis.input = input->name;
  const Unit unit = input->unit;
  each_member(fields.find("modalities"), fields.at("modalities"), reading,
              [&](const std::string& name, const json::Value& modality, const std::string& place) {
                read_modality(name, modality, place, unit, dialysis, reading);
              });
  reading.model.dialysis = std::move(dialysis);
}

void read_drug(const std::string& name, const json::Value& value, const std::string& path, Reading& reading) {
  Fields fields(value, path, reading, {"label", "input", "value", "read"});
  if (!value.is_object()) return;
  const Covariate* input = input_of(fields, reading);
  const json::Value* set = fields.need("value", "1");
  CoMedication drug;
  drug.drug = name;
  drug.label = fields.need_text("label", "\"Rifampicin\"");
  drug.read = fields.text("read");
  if (input == nullptr || set == nullptr) return;
  drug.input = input->name;
  const auto quantity = read_value(*set, input->unit, fields.at("value"), reading);
  if (!quantity) return;
  drug.value = *quantity;
  reading.model.co_medication.push_back(std::move(drug));
}

}  // namespace

void read_inputs(const json::Value& file, Reading& reading) {
  each_member(file.find("inputs"), "/inputs", reading,
              [&](const std::string& name, const json::Value& value, const std::string& path) {
                reading.declare(name, path);
                read_input(name, value, path, reading);
              });
  if (const json::Value* dialysis = file.find("dialysis")) read_dialysis(*dialysis, "/dialysis", reading);
  each_member(
      file.find("co_medication"), "/co_medication", reading,
      [&](const std::string& name, const json::Value& value, const std::string& path) { read_drug(name, value, path, reading); });
}

}  // namespace titrate::definition
