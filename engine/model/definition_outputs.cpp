// Outputs and targets of a model file; residual errors are in definition_residuals.cpp.

#include <algorithm>

#include "base/names.hpp"
#include "base/text.hpp"
#include "model/definition_fields.hpp"
#include "model/regimen_text.hpp"

namespace titrate::definition {

namespace {

// Limits of quantification of the source's assay.
void read_limits(Fields& fields, const Unit& unit, Output& output, Reading& reading) {
  if (const auto lloq = fields.quantity("lloq", unit)) output.lloq = lloq->value;
  if (const auto uloq = fields.quantity("uloq", unit)) output.uloq = uloq->value;
  for (const auto& [key, limit] : {std::pair("lloq", output.lloq), std::pair("uloq", output.uloq)})
    if (limit && !(*limit > 0.0)) reading.error("model.bad_value", fields.at(key), "A limit of quantification is more than 0.");
  if (output.lloq && output.uloq && !(*output.lloq < *output.uloq))
    reading.error("model.bad_value", fields.at("uloq"), "The upper limit of quantification must lie above the lower one.");
}

void read_output(const std::string& name, const json::Value& value, const std::string& path, Reading& reading) {
  Fields fields(value, path, reading,
                {"label", "matrix", "value", "unit", "drug_level", "error", "autocorrelation", "lloq", "uloq"});
  if (!value.is_object()) return;
  Output output;
  output.drug_level = fields.flag("drug_level", false);
  output.name = name;
  output.path = path;
  output.label = fields.need_text("label", "\"Vancomycin, plasma, total\"");
  output.matrix = fields.text("matrix");
  const auto unit = fields.unit("unit");
  if (fields.need("value", "\"central / V1\"") == nullptr) return;
  const auto expression = fields.expression("value");
  if (!unit || !expression) return;
  output.unit = *unit;
  output.value = *expression;
  read_limits(fields, *unit, output, reading);
  if (const json::Value* error = fields.find("error")) read_error(*error, fields.at("error"), *unit, output, reading);
  read_autocorrelation(fields, output, reading);
  reading.model.outputs.push_back(std::move(output));
}

// --- targets ----------------------------------------------------------------------------------------------------------

const std::vector<std::string> metrics{"auc24", "auc", "cmin", "cmax", "cavg", "time_above", "value_at", "nadir", "nadir_time"};
constexpr std::initializer_list<Later> later_targets{{"mic", "targets in relation to an MIC"},
                                                     {"free_fraction", "targets of the free concentration"}};

// The unit in which a metric of this output comes; time_above is a part of the window.
Unit unit_of_metric(const std::string& metric, const Unit& unit) {
  const Unit hour = *parse_unit("h");
  if (metric == "auc" || metric == "auc24") return Unit{unit.text + "*h", unit.factor, unit.dimension * hour.dimension};
  if (metric == "nadir_time") return hour;
  if (metric == "time_above") return Unit{};
  return unit;
}

void read_window(Fields& fields, const Unit& unit, Target& target, Reading& reading) {
  const auto limit = [&](const json::Value& value, const std::string& path, std::optional<double>& to) {
    if (const auto quantity = read_quantity(value, unit, path, reading)) to = quantity->value, target.unit = quantity->unit;
  };
  const json::Value* window = fields.find("window");
  if (window == nullptr && !fields.has("at_least") && !fields.has("at_most")) {
    reading.error("model.missing", fields.path(), "The target has no limits.",
                  "Write \"window\": [\"400 [mg*h/L]\", \"600 [mg*h/L]\"], or \"at_least\" or \"at_most\" for one side.");
    return;
  }
  if (window != nullptr) {
    if (fields.has("at_least") || fields.has("at_most"))
      reading.error("model.bad_value", fields.path(), "A target has a window or a limit on one side, not both.");
    if (!window->is_array() || window->array().size() != 2) {
      reading.error_at("model.wrong_kind", *window, fields.at("window"), "A window is a list of two quantities.",
                       "Write [\"400 [mg*h/L]\", \"600 [mg*h/L]\"].");
      return;
    }
    limit(window->array()[0], json::child(fields.at("window"), std::size_t{0}), target.low);
    limit(window->array()[1], json::child(fields.at("window"), std::size_t{1}), target.high);
    if (target.low && target.high && !(*target.low < *target.high))
      reading.error("model.bad_value", fields.at("window"), "The lower limit of a window must be below the upper one.");
  }
  if (const json::Value* at_least = fields.find("at_least")) limit(*at_least, fields.at("at_least"), target.low);
  if (const json::Value* at_most = fields.find("at_most")) limit(*at_most, fields.at("at_most"), target.high);
}

void read_target(const json::Value& value, const std::string& path, Reading& reading) {
  Fields fields(value, path, reading,
                {"id", "label", "metric", "of", "during", "window", "at_least", "at_most", "limit", "scale", "weight_low",
                 "weight_high", "source", "note"},
                later_targets);
  if (!value.is_object()) return;
  Target target;
  target.path = path;
  target.id = fields.need_text("id", "\"auc24_day_2\"");
  for (const Target& other : reading.model.targets)
    if (!target.id.empty() && other.id == target.id)
      reading.error("model.duplicate_name", fields.at("id"), "The target id \"" + target.id + "\" is used twice.",
                    "It is already declared at " + other.path + ".");
  target.label = fields.text("label");
  if (target.label.empty()) target.label = target.id;
  target.source = fields.need_text("source", "\"guideline or paper\"");
  target.note = fields.text("note");
  if (fields.need("metric", "\"auc24\"") != nullptr) target.metric = fields.word("metric", metrics).value_or("");
  target.during = fields.need_text("during", "\"24 to 48 h\"");
  if (!target.during.empty() && !is_during(target.during))
    reading.error_at("model.bad_value", *fields.find("during"), fields.at("during"),
                     "\"" + target.during + "\" is no window that a target can have.",
                     "Write \"24 to 48 h\", \"first 24 h\", \"last interval\", \"cycle\" or \"steady state\".");
  target.log_scale = fields.word("scale", {"log", "linear"}).value_or("log") == "log";
  target.weight_low = fields.number("weight_low").value_or(1.0);
  target.weight_high = fields.number("weight_high").value_or(1.0);
  if (!(target.weight_low > 0.0) || !(target.weight_high > 0.0))
    reading.error("model.bad_value", path, "The weights of a target must be more than 0.");

  const json::Value* of = fields.need("of", "\"Cc\"");
  if (of == nullptr || !must_know(*of, fields.at("of"), "an output", names_of(reading.model.outputs), reading) ||
      target.metric.empty())
    return;
  target.output = of->string();
  Unit unit;
  for (const Output& output : reading.model.outputs)
    if (output.name == target.output) unit = output.unit;
  read_window(fields, unit_of_metric(target.metric, unit), target, reading);
  if (target.log_scale && target.low && !(*target.low > 0.0))
    reading.error("model.bad_value", path, "A distance on the logarithm needs limits of more than 0.",
                  "Write \"scale\": \"linear\".");
  if (const auto limit = fields.quantity("limit", unit)) target.limit = limit->value;
  if ((target.metric == "time_above") != fields.has("limit"))
    reading.error("model.bad_value", path, "\"limit\" belongs to \"time_above\", which needs it.");
  reading.model.targets.push_back(std::move(target));
}

}  // namespace

void read_outputs(const json::Value& file, Reading& reading) {
  if (file.find("outputs") == nullptr)
    reading.error("model.missing", "", "The key \"outputs\" is missing.", "A model needs at least one output.");
  each_member(file.find("outputs"), "/outputs", reading,
              [&](const std::string& name, const json::Value& value, const std::string& path) {
                const std::size_t before = reading.model.outputs.size();
                read_output(name, value, path, reading);
                if (reading.model.outputs.size() == before) reading.failed.push_back(name);
              });
  read_residual_correlations(file, reading);
}

void read_targets(const json::Value& file, Reading& reading) {
  each_element(file.find("targets"), "/targets", reading,
               [&](const json::Value& value, const std::string& path) { read_target(value, path, reading); });
}

}  // namespace titrate::definition
