// Individual parameters, named structures, equations and derived quantities of a model file.

#include "base/names.hpp"
#include "model/definition_expansion.hpp"

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

const std::vector<std::string> structures{"one_compartment",
                                          "two_compartments",
                                          "three_compartments",
                                          "first_order_absorption",
                                          "erlang_absorption",
                                          "michaelis_menten",
                                          "tmdd",
                                          "autoinduction",
                                          "metabolite",
                                          "effect_compartment",
                                          "indirect_response",
                                          "turnover",
                                          "friberg"};

// Absorption that has no states of its own, where an author may look for it.
const std::vector<std::pair<std::string, std::string>> of_routes{
    {"transit_absorption", "\"transit\": { \"n\": \"n\", \"MTT\": \"MTT\" }"},
    {"zero_order_absorption", "\"duration\": \"D\""},
};

void read_structure(const json::Value& value, Expansion& expansion, Reading& reading) {
  std::vector<std::string> keys = structures;
  for (const auto& one : of_routes) keys.push_back(one.first);
  const Fields fields(value, "/structure", reading, keys);
  if (!value.is_object()) return;
  for (const auto& [key, form] : of_routes)
    if (fields.has(key))
      reading.error("model.bad_value", fields.at(key), "This absorption has no states: it belongs to the route of the dose.",
                    "Write " + form + " in the route, into the depot or the central compartment.");
  if (value.object().empty())
    reading.error("model.missing", "/structure", "The structure is empty.",
                  "Write " + one_of(structures) + ", or leave \"structure\" out and write \"equations\".");
  read_dispositions(fields, expansion);
  read_absorption(fields, expansion);
  read_elimination(fields, expansion);
  read_binding(fields, expansion);
  read_induction(fields, expansion);
  read_metabolites(fields, expansion);
  write_dispositions(expansion);
  read_responses(fields, expansion);
}

void read_equation(const std::string& name, const json::Value& value, const std::string& path, Reading& reading) {
  reading.declare(name, path);
  if (value.is_string()) {
    reading.error_at("model.missing_unit", value, path,
                     "The state \"" + name + "\" needs its unit and its initial value beside the derivative.",
                     "Write { \"unit\": \"mg\", \"initial\": \"0\", \"derivative\": \"...\" }.");
    return;
  }
  Fields fields(value, path, reading, {"label", "unit", "initial", "derivative", "non_negative"});
  if (!value.is_object()) return;
  State state;
  state.name = name;
  state.label = fields.text("label");
  const auto unit = fields.unit("unit");
  state.non_negative = fields.flag("non_negative", false);
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
  const std::vector<std::string> names = names_of(reading.model.individual);
  const json::Value* occasions = file.find("inter_occasion");
  if (occasions == nullptr || !occasions->is_object()) return;
  for (const json::Member& member : occasions->object())
    if (const json::Value* on = member.value.find("on"))
      must_know(*on, json::child(json::child("/inter_occasion", member.key), "on"), "an individual parameter", names, reading);
}

void read_states(const json::Value& file, Reading& reading) {
  Expansion expansion(file, reading);
  if (const json::Value* structure = file.find("structure")) read_structure(*structure, expansion, reading);
  each_member(file.find("equations"), "/equations", reading,
              [&](const std::string& name, const json::Value& value, const std::string& path) {
                const std::size_t before = reading.model.states.size();
                read_equation(name, value, path, reading);
                if (reading.model.states.size() == before) reading.failed.push_back(name);
              });
  read_scores(file, reading);
  if (file.find("structure") == nullptr && file.find("equations") == nullptr)
    reading.error("model.missing", "", "The model has no states.", "Name a \"structure\", write \"equations\", or both.");
  each_member(file.find("derived"), "/derived", reading,
              [&](const std::string& name, const json::Value& value, const std::string& path) {
                read_intermediate(name, value, path, reading.model.derived, reading);
              });
  expansion.check();
}

}  // namespace titrate::definition
