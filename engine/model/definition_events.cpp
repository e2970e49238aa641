// The section `events`: what happens by itself, on a condition or at fixed intervals.
//
//   "events": [ { "name": "harvest", "when": "tumour < 1 [mm^3]", "set": { "tumour": "0" } },
//               { "name": "meal", "every": "24 [h]", "set": { "gut": "gut + 50 [g]" } } ]

#include "base/names.hpp"
#include "model/definition_fields.hpp"

namespace titrate::definition {

namespace {

void read_event(const json::Value& value, const std::string& path, Reading& reading) {
  Fields fields(value, path, reading, {"name", "when", "every", "set"});
  if (!value.is_object()) return;
  ConditionEvent event;
  event.path = path;
  event.name = fields.need_text("name", "\"relapse\"");
  if (fields.has("when"))
    if (const auto when = fields.expression("when")) event.when = *when;
  if (fields.has("every")) event.every = fields.expression("every");
  if (!fields.has("when") && !fields.has("every"))
    reading.error("model.missing", path, "The event needs \"when\" it happens, or \"every\" how often.",
                  "Write \"when\": \"tumour < 1 [mm^3]\" or \"every\": \"24 [h]\".");
  const std::vector<std::string> states = names_of(reading.model.states);
  if (fields.need("set", "{ \"tumour\": \"0\" }") == nullptr) return;
  each_member(fields.find("set"), fields.at("set"), reading,
              [&](const std::string& name, const json::Value& text, const std::string& place) {
                bool known = false;
                for (const std::string& state : states) known = known || state == name;
                for (const std::string& failed : reading.failed) known = known || failed == name;
                if (!known)
                  reading.error("model.unknown_state", place, "The event sets '" + name + "', which is no state of the model.",
                                "An event sets states: " + one_of(states) + ".");
                if (const auto expression = read_expression(text, place, reading)) event.set.emplace_back(name, *expression);
              });
  reading.model.events.push_back(std::move(event));
}

}  // namespace

void read_events(const json::Value& file, Reading& reading) {
  each_element(file.find("events"), "/events", reading,
               [&](const json::Value& value, const std::string& path) { read_event(value, path, reading); });
}

}  // namespace titrate::definition
