// Outputs with their residual error, and targets of a model file.
//
// A residual error becomes the variance V of the residual as an expression in `prediction` (f):
//
//   proportional a              V = (a f)^2                 additive b     V = b^2
//   both, "variances"           V = (a f)^2 + b^2           both, "sds"    V = (a f + b)^2
//   log_additive s              V = s^2, of ln dv           variance       V as written

#include <algorithm>

#include "base/text.hpp"
#include "model/definition_fields.hpp"
#include "model/regimen_text.hpp"

namespace titrate::definition {

namespace {

std::vector<std::string> output_names(const Reading& reading) {
  std::vector<std::string> names;
  for (const Output& output : reading.model.outputs) names.push_back(output.name);
  return names;
}

const std::vector<Later> later_residuals{
    {"student_t", "residuals with a t distribution"},
    {"box_cox", "Box-Cox transformed residuals"},
    {"power", "a residual error that is a power of the prediction"},
    {"autocorrelation", "autocorrelated residuals"},
};

// A standard deviation as text of the model language, with the unit it was typed in.
std::optional<Literal> read_sd(Fields& fields, const std::string& key, const Unit& expected, Reading& reading) {
  const json::Value* value = fields.find(key);
  if (value == nullptr) return std::nullopt;
  const auto literal = read_literal(*value, fields.at(key), reading);
  if (!literal) return std::nullopt;
  if (literal->unit.dimension != expected.dimension && !reading.model.unchecked_units) {
    if (literal->unit.dimension.none() && literal->unit.text == "1")
      reading.error_at("model.missing_unit", *value, fields.at(key), "The standard deviation " + literal->text + " has no unit.",
                       "Write \"" + literal->text + " [" + expected.text + "]\".");
    else
      reading.error_at("unit.mismatch", *value, fields.at(key),
                       "The standard deviation is in " + literal->unit.text + ", but " +
                           (expected.dimension.none() ? "a number without a unit" : expected.text) + " is needed.");
    return std::nullopt;
  }
  if (literal->value > 0.0) return literal;
  reading.error_at("model.bad_value", *value, fields.at(key), "A standard deviation must be more than 0.",
                   "Leave \"" + key + "\" out if there is none.");
  return std::nullopt;
}

std::string plain(const json::Value& value) { return value.is_string() ? value.string() : to_text(value.number()); }

// Proportional, additive, or both; the parts say how they combine.
void read_parts(Fields& fields, const Unit& unit, Residual& residual, Reading& reading) {
  const auto proportional = read_sd(fields, "proportional", Unit{}, reading);
  const auto additive = read_sd(fields, "additive", unit, reading);
  const auto combined = fields.word("combined", {"variances", "sds"});
  const bool both = fields.has("proportional") && fields.has("additive");
  if (both && !fields.has("combined"))
    reading.error("model.missing", fields.path(), "How the proportional and the additive part combine is missing.",
                  "Add \"combined\": \"variances\" for (a f)^2 + b^2, or \"sds\" for (a f + b)^2.");
  if (!both && fields.has("combined"))
    reading.error("model.bad_value", fields.at("combined"), "\"combined\" needs a proportional and an additive part.");
  const std::string a = proportional ? proportional->text + " * prediction" : "";
  const std::string b = additive ? additive->text : "";
  if (proportional) residual.written = "proportional " + plain(*fields.find("proportional"));
  if (additive) residual.written += std::string(proportional ? ", " : "") + "additive " + plain(*fields.find("additive"));
  if (proportional && additive && combined) {
    residual.variance.text = *combined == "variances" ? "(" + a + ")^2 + (" + b + ")^2" : "(" + a + " + " + b + ")^2";
    residual.written += *combined == "variances" ? ", variances add" : ", standard deviations add";
  } else if (!both && (proportional || additive)) {
    residual.variance.text = "(" + a + b + ")^2";
  }
}

void read_residual(const json::Value& value, const std::string& path, const std::string& assay, const Unit& unit, Output& output,
                   Reading& reading) {
  Fields fields(value, path, reading, {"proportional", "additive", "combined", "log_additive", "variance", "read", "assumed"},
                later_residuals);
  if (!value.is_object()) return;
  Residual residual;
  residual.assay = assay;
  residual.variance.path = path;
  residual.read = fields.text("read");
  residual.assumed = fields.flag("assumed", false);
  const bool parts = fields.has("proportional") || fields.has("additive");
  const bool logarithmic = fields.has("log_additive");
  const bool variance = fields.has("variance");
  for (const Later& later : later_residuals)
    if (fields.has(later.key)) return;  // already refused
  if (int(parts) + int(logarithmic) + int(variance) != 1) {
    reading.error(parts || logarithmic || variance ? "model.bad_value" : "model.missing", path,
                  "A residual error is of one kind.",
                  "State \"proportional\" and/or \"additive\", or \"log_additive\", or \"variance\".");
    return;
  }
  if (parts) {
    read_parts(fields, unit, residual, reading);
  } else if (fields.has("combined")) {
    reading.error("model.bad_value", fields.at("combined"), "\"combined\" needs a proportional and an additive part.");
  } else if (logarithmic) {
    const auto sd = read_sd(fields, "log_additive", Unit{}, reading);
    if (!sd) return;
    residual.log_scale = true;
    residual.variance.text = "(" + sd->text + ")^2";
    residual.written = "additive " + plain(*fields.find("log_additive")) + " on the logarithm";
  } else {
    const auto expression = fields.expression("variance");
    if (!expression) return;
    residual.variance = *expression;
    residual.written = "variance " + expression->text;
  }
  if (!residual.variance.text.empty()) output.residuals.push_back(std::move(residual));
}

void read_error(const json::Value& value, const std::string& path, const Unit& unit, Output& output, Reading& reading) {
  const json::Value* assays = value.find("by_assay");
  if (assays == nullptr) {
    read_residual(value, path, "", unit, output, reading);
    return;
  }
  Fields fields(value, path, reading, {"by_assay"});
  each_member(assays, fields.at("by_assay"), reading,
              [&](const std::string& assay, const json::Value& one, const std::string& place) {
                read_residual(one, place, assay, unit, output, reading);
              });
  if (assays->is_object() && assays->object().empty())
    reading.error("model.missing", fields.at("by_assay"), "No assay is named.");
}

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
  Fields fields(value, path, reading, {"label", "matrix", "value", "unit", "error", "lloq", "uloq"});
  if (!value.is_object()) return;
  Output output;
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
  reading.model.outputs.push_back(std::move(output));
}

// --- targets ----------------------------------------------------------------------------------------------------------

const std::vector<std::string> metrics{"auc24", "auc", "cmin", "cmax", "cavg", "time_above", "value_at", "nadir", "nadir_time"};
const std::vector<Later> later_targets{{"mic", "targets in relation to an MIC"},
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
  if (of == nullptr || !must_know(*of, fields.at("of"), "an output", output_names(reading), reading) || target.metric.empty())
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
}

void read_targets(const json::Value& file, Reading& reading) {
  each_element(file.find("targets"), "/targets", reading,
               [&](const json::Value& value, const std::string& path) { read_target(value, path, reading); });
}

}  // namespace titrate::definition
