// Individual parameters, named structures, equations and derived quantities of a model file.
//
// A named structure is shorthand for ordinary states and equations, which the model's card shows:
//
//   one compartment      d central = -CL/V central
//   two compartments     d central = -CL/V1 central - Q/V1 central + Q/V2 peripheral
//   three compartments   the same with a second pair Q2, V3: peripheral_1 and peripheral_2
//   with ka              d depot = -ka depot in front, + ka depot in central

#include <map>

#include "model/definition_fields.hpp"

namespace titrate::definition {

namespace {

// A named expression: text, or an object with the text as "value".
void read_intermediate(const std::string& name, const json::Value& value, const std::string& path, std::vector<Intermediate>& to,
                       Reading& reading) {
  reading.declare(name, path);
  Intermediate intermediate;
  intermediate.name = name;
  if (!value.is_object()) {
    const auto expression = read_expression(value, path, reading);
    if (!expression) return;
    intermediate.value = *expression;
    to.push_back(std::move(intermediate));
    return;
  }
  Fields fields(value, path, reading, {"value", "unit", "label"});
  intermediate.label = fields.text("label");
  if (fields.has("unit")) intermediate.unit = fields.unit("unit");
  if (fields.need("value", "\"TVCL * exp(eta_CL)\"") == nullptr) return;
  const auto expression = fields.expression("value");
  if (!expression) return;
  intermediate.value = *expression;
  to.push_back(std::move(intermediate));
}

struct Shape {
  std::string title;
  std::vector<std::string> keys;                                                         // of the parameters it needs
  std::string volume;                                                                    // of the central compartment
  std::vector<std::pair<std::string, std::pair<std::string, std::string>>> peripherals;  // state, (Q, V)
};

const std::map<std::string, Shape>& shapes() {
  static const std::map<std::string, Shape> all{
      {"one_compartment", {"one compartment", {"CL", "V"}, "V", {}}},
      {"two_compartments", {"two compartments", {"CL", "V1", "Q", "V2"}, "V1", {{"peripheral", {"Q", "V2"}}}}},
      {"three_compartments",
       {"three compartments",
        {"CL", "V1", "Q", "V2", "Q2", "V3"},
        "V1",
        {{"peripheral_1", {"Q", "V2"}}, {"peripheral_2", {"Q2", "V3"}}}}},
  };
  return all;
}

const std::vector<Later> later_structures{
    {"transit_absorption", "transit absorption by name"},
    {"erlang_absorption", "Erlang absorption by name"},
    {"zero_order_absorption", "zero-order absorption by name"},
    {"effect_compartment", "an effect compartment by name"},
    {"indirect_response", "an indirect response by name"},
    {"turnover", "a turnover model by name"},
    {"tmdd", "target-mediated disposition by name"},
    {"friberg", "the Friberg chain by name"},
};

void add_state(const std::string& name, const std::string& label, const std::string& derivative, const Unit& unit,
               const std::string& path, Reading& reading) {
  reading.declare(name, path);
  reading.model.states.push_back({name, unit, {"0", path}, {derivative, path}, label});
}

void expand_structure(const Shape& shape, const json::Value& value, const std::string& path, Reading& reading) {
  std::vector<std::string> keys = shape.keys;
  keys.insert(keys.end(), {"ka", "unit"});
  Fields fields(value, path, reading, keys);
  if (!value.is_object()) return;
  std::vector<std::string> known;
  for (const auto& declared : reading.names) known.push_back(declared.first);
  std::map<std::string, std::string> name;
  bool complete = true;
  for (const std::string& key : keys) {
    if (key == "unit" || (key == "ka" && !fields.has("ka"))) continue;
    const json::Value* written = fields.need(key, "\"" + key + "\"");
    if (written == nullptr || !must_know(*written, fields.at(key), "a parameter", known, reading))
      complete = false;
    else
      name[key] = written->string();
  }
  Unit unit = *parse_unit("mg");
  if (fields.has("unit"))
    if (const auto stated = fields.unit("unit")) unit = *stated;
  if (!complete) {
    reading.failed.insert(reading.failed.end(), {"depot", "central"});
    for (const auto& peripheral : shape.peripherals) reading.failed.push_back(peripheral.first);
    return;
  }

  std::string central = "-(" + name["CL"] + " / " + name[shape.volume] + ") * central";
  for (const auto& [state, exchange] : shape.peripherals) {
    const auto& [Q, V] = exchange;
    central += " - (" + name[Q] + " / " + name[shape.volume] + ") * central + (" + name[Q] + " / " + name[V] + ") * " + state;
  }
  reading.model.structure = shape.title;
  if (fields.has("ka")) {
    central += " + " + name["ka"] + " * depot";
    add_state("depot", "Depot", "-" + name["ka"] + " * depot", unit, path, reading);
    reading.model.structure += ", first-order absorption";
  }
  add_state("central", "Central compartment", central, unit, path, reading);
  for (const auto& [state, exchange] : shape.peripherals) {
    const auto& [Q, V] = exchange;
    add_state(state, "Peripheral compartment",
              "(" + name[Q] + " / " + name[shape.volume] + ") * central - (" + name[Q] + " / " + name[V] + ") * " + state, unit,
              path, reading);
  }
}

void read_structure(const json::Value& file, Reading& reading) {
  const json::Value* value = file.find("structure");
  if (value == nullptr) return;
  std::vector<std::string> known;
  for (const auto& shape : shapes()) known.push_back(shape.first);
  Fields fields(*value, "/structure", reading, known, later_structures);
  int named = 0;
  for (const auto& [key, shape] : shapes()) {
    const json::Value* body = fields.find(key);
    if (body == nullptr) continue;
    if (++named > 1) {
      reading.error("model.bad_value", fields.at(key), "A model has one compartment structure.",
                    "Write further states as \"equations\".");
      continue;
    }
    expand_structure(shape, *body, fields.at(key), reading);
  }
  if (value->is_object() && value->object().empty())
    reading.error("model.missing", "/structure", "The structure is empty.",
                  "Write " + one_of(known) + ", or leave \"structure\" out and write \"equations\".");
}

void read_equation(const std::string& name, const json::Value& value, const std::string& path, Reading& reading) {
  reading.declare(name, path);
  if (value.is_string()) {
    reading.error_at("model.missing_unit", value, path,
                     "The state \"" + name + "\" needs its unit and its initial value beside the derivative.",
                     "Write { \"unit\": \"mg\", \"initial\": \"0\", \"derivative\": \"...\" }.");
    return;
  }
  Fields fields(value, path, reading, {"label", "unit", "initial", "derivative"});
  if (!value.is_object()) return;
  State state;
  state.name = name;
  state.label = fields.text("label");
  const auto unit = fields.unit("unit");
  state.initial = {"0", path};
  if (fields.has("initial"))
    if (const auto initial = fields.expression("initial")) state.initial = *initial;
  if (fields.need("derivative", "\"-kin * " + name + "\"") == nullptr) return;
  const auto derivative = fields.expression("derivative");
  if (!unit || !derivative) return;
  state.unit = *unit;
  state.derivative = *derivative;
  reading.model.states.push_back(std::move(state));
}

}  // namespace

void read_individual(const json::Value& file, Reading& reading) {
  each_member(file.find("individual"), "/individual", reading,
              [&](const std::string& name, const json::Value& value, const std::string& path) {
                const std::size_t before = reading.model.individual.size();
                read_intermediate(name, value, path, reading.model.individual, reading);
                if (reading.model.individual.size() == before) reading.failed.push_back(name);
              });
  // Inter-occasion variability names an individual parameter, which is known only now.
  std::vector<std::string> names;
  for (const Intermediate& individual : reading.model.individual) names.push_back(individual.name);
  const json::Value* occasions = file.find("inter_occasion");
  if (occasions == nullptr || !occasions->is_object()) return;
  for (const json::Member& member : occasions->object())
    if (const json::Value* on = member.value.find("on"))
      must_know(*on, json::child(json::child("/inter_occasion", member.key), "on"), "an individual parameter", names, reading);
}

void read_states(const json::Value& file, Reading& reading) {
  read_structure(file, reading);
  each_member(file.find("equations"), "/equations", reading,
              [&](const std::string& name, const json::Value& value, const std::string& path) {
                const std::size_t before = reading.model.states.size();
                read_equation(name, value, path, reading);
                if (reading.model.states.size() == before) reading.failed.push_back(name);
              });
  if (file.find("structure") == nullptr && file.find("equations") == nullptr)
    reading.error("model.missing", "", "The model has no states.", "Name a \"structure\", write \"equations\", or both.");
  each_member(file.find("derived"), "/derived", reading,
              [&](const std::string& name, const json::Value& value, const std::string& path) {
                read_intermediate(name, value, path, reading.model.derived, reading);
              });
}

}  // namespace titrate::definition
