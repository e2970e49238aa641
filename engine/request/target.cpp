// The target of a request: one that the model states, or the user's own.

#include <algorithm>

#include "base/names.hpp"
#include "base/text.hpp"
#include "request/request.hpp"

namespace titrate {

namespace {

std::optional<double> read_limit(const json::Value& value, const std::string& key, const Unit& unit, const std::string& path,
                                 Reader& reader) {
  const json::Value* given = value.find(key);
  return given != nullptr ? reader.quantity(*given, unit, json::child(path, key)) : std::nullopt;
}

void read_weight(const json::Value& value, const std::string& key, const std::string& path, Reader& reader, double& weight) {
  const json::Value* given = value.find(key);
  if (given == nullptr) return;
  const auto x = reader.number(*given, json::child(path, key));
  if (x && !(*x > 0.0 && *x <= 100.0))
    reader.error("request.range", json::child(path, key), "A weight lies over 0, up to 100.");
  else if (x)
    weight = *x;
}

std::optional<Target> read_custom_target(const json::Value& value, const std::string& path, const Model& model, Reader& reader) {
  const std::size_t before = reader.errors();
  if (!reader.object(value, path, {"metric", "of", "during", "low", "high", "limit", "weight_low", "weight_high"}))
    return std::nullopt;
  const std::vector<std::string> outputs = names_of(model.outputs);
  const json::Value* metric = reader.required(value, path, "metric", "\"auc24\"");
  const json::Value* of = reader.required(value, path, "of", outputs.empty() ? "\"Cc\"" : "\"" + outputs.front() + "\"");
  const json::Value* during = reader.required(value, path, "during", "\"steady state\"");
  const auto metric_word =
      metric ? reader.word(*metric, json::child(path, "metric"), "metric",
                           {"auc24", "auc", "cmin", "cmax", "cavg", "time_above", "value_at", "nadir", "nadir_time"},
                           "target.metric")
             : std::nullopt;
  const auto output_name = of ? reader.word(*of, json::child(path, "of"), "output", outputs, "target.output") : std::nullopt;
  const auto during_text = during ? reader.text(*during, json::child(path, "during")) : std::nullopt;
  if (!metric_word || !output_name || !during_text) return std::nullopt;

  const Output& output =
      *std::find_if(model.outputs.begin(), model.outputs.end(), [&](const Output& o) { return o.name == *output_name; });
  const std::optional<Metric> kind = read_metric(*metric_word);
  if (!kind) return std::nullopt;
  Target target;
  target.id = "own";
  target.label = "own target";
  target.metric = *metric_word;
  target.output = *output_name;
  target.during = *during_text;
  target.source = "entered by the user";
  target.path = path;
  target.unit = metric_unit(output.unit, *kind);
  if (*kind == Metric::time_above)  // hours, or a share of the window: "60 %" or 0.6
    for (const char* key : {"low", "high"})
      if (const json::Value* bound = value.find(key)) {
        const std::string text(bound->is_string() ? trim(bound->string()) : "");
        if (bound->is_number() || (!text.empty() && number_length(text) == text.size())) target.unit = known_unit("1");
        if (text.find('%') != std::string::npos) target.unit = known_unit("%");
      }
  target.low = read_limit(value, "low", target.unit, path, reader);
  target.high = read_limit(value, "high", target.unit, path, reader);
  target.limit = read_limit(value, "limit", output.unit, path, reader);
  read_weight(value, "weight_low", path, reader, target.weight_low);
  read_weight(value, "weight_high", path, reader, target.weight_high);
  if (reader.errors() > before) return std::nullopt;
  if (!target.low && !target.high)
    reader.error("target.no_limit", path, "A target needs low, high or both.", "\"low\": \"400 mg*h/L\"");
  if (target.low && target.high && !(*target.low < *target.high))
    reader.error("target.order", json::child(path, "high"), "high must be over low.");
  if (*kind == Metric::time_above && !target.limit)
    reader.error("request.missing", json::child(path, "limit"), "Time above what? \"limit\" is missing.", "\"1 mg/L\"");
  // As ratios, unless the model judges the same metric by differences.
  target.log_scale = (!target.low || *target.low > 0.0) && (!target.high || *target.high > 0.0);
  for (const Target& known : model.targets)
    if (known.metric == target.metric && known.output == target.output) target.log_scale = target.log_scale && known.log_scale;
  return reader.errors() == before ? std::optional(target) : std::nullopt;
}

std::optional<Target> choose_target(const json::Value* value, const Model& model, Reader& reader) {
  if (value != nullptr && value->is_object()) return read_custom_target(*value, "/target", model, reader);
  if (value == nullptr) return model.targets.empty() ? std::nullopt : std::optional(model.targets.front());
  std::vector<std::string> ids;
  for (const Target& target : model.targets) ids.push_back(target.id);
  const auto id = reader.word(*value, "/target", "target", ids, "target.unknown");
  for (const Target& target : model.targets)
    if (id && target.id == *id) return target;
  return std::nullopt;
}

}  // namespace

void read_target(const json::Value* value, Verb verb, const Model& model, Reader& reader, Request& request) {
  const std::size_t before = reader.errors();
  const std::optional<Target> target = choose_target(value, model, reader);
  if (!target) {
    if (verb == Verb::recommend && reader.errors() == before)
      reader.error("target.missing", "/target", "The model states no target.",
                   "give one of your own: metric, of, during, low, high");
    return;
  }
  Result<Aim> aim = read_aim(model, *target);
  reader.take(aim.diagnostics());
  if (aim) request.aim = *aim;
}

}  // namespace titrate
