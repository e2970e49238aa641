// The residual errors of a model file's outputs, and their correlations.
//
// A residual error becomes the variance V of the residual as an expression in `prediction` (f):
//
//   proportional a              V = (a f)^2                 additive b     V = b^2
//   both, "variances"           V = (a f)^2 + b^2           both, "sds"    V = (a f + b)^2
//   power: sd b, exponent c     V = (b (f / unit)^c)^2, alone or with an additive part
//   log_additive s              V = s^2, of ln dv
//   box_cox: lambda, sd s       V = s^2, of ((dv / unit)^lambda - 1) / lambda
//   variance                    V as written
//
// With "student_t" V is the squared scale of a t distribution instead.

#include <algorithm>
#include <cmath>

#include "base/names.hpp"
#include "base/text.hpp"
#include "model/definition_fields.hpp"

namespace titrate::definition {

namespace {

// A standard deviation as text of the model language, with the unit it was typed in.
std::optional<Literal> read_sd(Fields& fields, Key key, const Unit& expected, Reading& reading) {
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
                   "Leave \"" + std::string(key) + "\" out if there is none.");
  return std::nullopt;
}

std::string plain(const json::Value& value) { return value.is_string() ? value.string() : to_text(value.number()); }

// The part of the error that grows with the prediction: as text of the model language, and in words.
struct GrowingPart {
  std::string text, written;
};

GrowingPart read_proportional(Fields& fields, Reading& reading) {
  const auto sd = read_sd(fields, "proportional", Unit{}, reading);
  if (!sd) return {};
  return {sd->text + " * prediction", "proportional " + plain(*fields.find("proportional"))};
}

// sd (prediction / 1 unit)^exponent
GrowingPart read_power(Fields& outer, const Unit& unit, Reading& reading) {
  Fields fields(*outer.find("power"), outer.at("power"), reading, {"sd", "exponent"});
  if (!outer.find("power")->is_object()) return {};
  const bool complete = fields.need("sd", "\"0.3 [" + unit.text + "]\"") != nullptr && fields.need("exponent", "0.8") != nullptr;
  if (!complete) return {};
  const auto sd = read_sd(fields, "sd", unit, reading);
  const auto exponent = fields.number("exponent");
  if (!sd || !exponent) return {};
  if (!(*exponent > 0.0 && *exponent <= 5.0)) {
    reading.error("model.bad_value", fields.at("exponent"), "The exponent of a residual error lies over 0, up to 5.",
                  "An exponent of 0 is \"additive\".");
    return {};
  }
  const std::string one = unit.dimension.none() && unit.text == "1" ? "" : " / 1 [" + unit.text + "]";
  return {sd->text + " * (prediction" + one + ")^" + to_text(*exponent),
          plain(*fields.find("sd")) + " times the prediction to the power of " + to_text(*exponent)};
}

// A part that grows with the prediction, an additive one, or both; the parts say how they combine.
void read_parts(Fields& fields, const Unit& unit, Residual& residual, Reading& reading) {
  const GrowingPart growing = fields.has("power") ? read_power(fields, unit, reading) : read_proportional(fields, reading);
  const bool grows = !growing.text.empty();
  const auto additive = read_sd(fields, "additive", unit, reading);
  const auto combined = fields.word("combined", {"variances", "sds"});
  const bool both = (fields.has("proportional") || fields.has("power")) && fields.has("additive");
  if (fields.has("proportional") && fields.has("power"))
    reading.error("model.bad_value", fields.at("power"), "An error is proportional, or a power of the prediction.",
                  "An exponent of 1 is \"proportional\".");
  if (both && !fields.has("combined"))
    reading.error("model.missing", fields.path(), "How the proportional and the additive part combine is missing.",
                  "Add \"combined\": \"variances\" for (a f)^2 + b^2, or \"sds\" for (a f + b)^2.");
  if (!both && fields.has("combined"))
    reading.error("model.bad_value", fields.at("combined"), "\"combined\" needs a proportional and an additive part.");
  const std::string& a = growing.text;
  const std::string b = additive ? additive->text : "";
  residual.written = growing.written;
  if (additive) residual.written += std::string(grows ? ", " : "") + "additive " + plain(*fields.find("additive"));
  if (grows && additive && combined) {
    residual.variance.text = *combined == "variances" ? "(" + a + ")^2 + (" + b + ")^2" : "(" + a + " + " + b + ")^2";
    residual.written += *combined == "variances" ? ", variances add" : ", standard deviations add";
  } else if (!both && (grows || additive)) {
    residual.variance.text = "(" + a + b + ")^2";
  }
}

// Additive on the scale ((x / unit)^lambda - 1) / lambda.
bool read_box_cox(Fields& outer, const Unit& unit, Residual& residual, Reading& reading) {
  Fields fields(*outer.find("box_cox"), outer.at("box_cox"), reading, {"lambda", "sd"});
  if (!outer.find("box_cox")->is_object()) return false;
  if (fields.need("lambda", "0.5") == nullptr || fields.need("sd", "0.3") == nullptr) return false;
  const auto lambda = fields.number("lambda");
  const auto sd = read_sd(fields, "sd", Unit{}, reading);
  if (!lambda || !sd) return false;
  if (!(*lambda > 0.0 && *lambda <= 5.0)) {
    reading.error("model.bad_value", fields.at("lambda"), "The lambda of a Box-Cox residual lies over 0, up to 5.",
                  "With lambda 0 it is \"log_additive\".");
    return false;
  }
  residual.box_cox = lambda;
  residual.variance.text = "(" + sd->text + ")^2";
  residual.written = "additive " + plain(*fields.find("sd")) + " on the Box-Cox scale of the level in " + unit.text +
                     " with lambda " + to_text(*lambda);
  return true;
}

void read_degrees(Fields& fields, Residual& residual, Reading& reading) {
  const auto nu = fields.number("student_t");
  if (!nu) return;
  if (!(*nu >= 1.0 && *nu <= 1000.0))
    reading.error("model.bad_value", fields.at("student_t"), "The degrees of freedom of a t distribution lie within 1 to 1000.",
                  "With more of them the residual is normal: leave \"student_t\" out.");
  residual.student_t = nu;
  residual.written += ", t distribution with " + to_text(*nu) + " degrees of freedom";
}

void read_residual(const json::Value& value, const std::string& path, const std::string& assay, const Unit& unit, Output& output,
                   Reading& reading) {
  Fields fields(value, path, reading,
                {"proportional", "power", "additive", "combined", "log_additive", "box_cox", "variance", "student_t",
                 "uncertainty", "read", "assumed"});
  if (!value.is_object()) return;
  Residual residual;
  residual.assay = assay;
  residual.variance.path = path;
  residual.read = fields.text("read");
  residual.assumed = fields.flag("assumed", false);
  residual.uncertainty = read_uncertainty_of_parts(fields, {"proportional", "additive", "log_additive"}, reading);
  const bool parts = fields.has("proportional") || fields.has("power") || fields.has("additive");
  const bool logarithmic = fields.has("log_additive");
  const bool variance = fields.has("variance");
  const bool box_cox = fields.has("box_cox");
  const int kinds = int(parts) + int(logarithmic) + int(box_cox) + int(variance);
  if (kinds != 1) {
    reading.error(kinds > 0 ? "model.bad_value" : "model.missing", path, "A residual error is of one kind.",
                  "State \"proportional\" (or \"power\") and/or \"additive\", or \"log_additive\", \"box_cox\" or \"variance\".");
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
  } else if (box_cox) {
    if (!read_box_cox(fields, unit, residual, reading)) return;
  } else {
    const auto expression = fields.expression("variance");
    if (!expression) return;
    residual.variance = *expression;
    residual.written = "variance " + expression->text;
  }
  read_degrees(fields, residual, reading);
  if (!residual.variance.text.empty()) output.residuals.push_back(std::move(residual));
}

bool has_t(const Output& output) {
  return std::any_of(output.residuals.begin(), output.residuals.end(), [](const Residual& r) { return r.student_t.has_value(); });
}

// An output, or one of its assays: "Cc", or { "output": "Cc", "assay": "LC-MS/MS" }.
std::optional<ResidualCorrelation::Side> read_side(const json::Value& value, const std::string& path, Reading& reading) {
  const json::Value* named = value.is_object() ? value.find("output") : &value;
  ResidualCorrelation::Side side;
  if (value.is_object()) {
    Fields fields(value, path, reading, {"output", "assay"});
    if (fields.need("output", "\"Cc\"") == nullptr) return std::nullopt;
    side.assay = fields.need_text("assay", "\"LC-MS/MS\"");
  }
  const std::string where = value.is_object() ? json::child(path, "output") : path;
  if (!must_know(*named, where, "an output", names_of(reading.model.outputs), reading)) return std::nullopt;
  side.output = named->string();
  for (const Output& output : reading.model.outputs) {
    if (output.name != side.output) continue;
    const bool known = side.assay.empty() || std::any_of(output.residuals.begin(), output.residuals.end(),
                                                         [&](const Residual& r) { return r.assay == side.assay; });
    if (!known)
      reading.error("model.unknown_name", json::child(path, "assay"),
                    "\"" + side.output + "\" has no assay \"" + side.assay + "\".");
    if (output.residuals.empty() || has_t(output))
      reading.error("model.bad_value", path, "Only normal residual errors can be correlated.",
                    "Give the output an \"error\" without \"student_t\".");
  }
  return side;
}

void read_residual_correlation(const json::Value& value, const std::string& path, Reading& reading) {
  Fields fields(value, path, reading, {"between", "correlation", "read"});
  if (!value.is_object()) return;
  const json::Value* between = fields.need("between", "[\"Cc\", \"Cu\"]");
  if (between == nullptr || fields.need("correlation", "0.4") == nullptr) return;
  if (!between->is_array() || between->array().size() != 2) {
    reading.error("model.wrong_kind", fields.at("between"), "A correlation is between two outputs or assays.",
                  "Write for instance [\"Cc\", \"Cu\"].");
    return;
  }
  ResidualCorrelation stated;
  stated.path = path;
  stated.read = fields.text("read");
  for (std::size_t i = 0; i < 2; ++i) {
    const auto side = read_side(between->array()[i], json::child(fields.at("between"), i), reading);
    if (!side) return;
    stated.between[i] = *side;
  }
  const auto correlation = fields.number("correlation");
  if (!correlation) return;
  if (!(std::abs(*correlation) < 1.0) || *correlation == 0.0)
    reading.error("model.bad_value", fields.at("correlation"), "A correlation lies between -1 and 1 and is not 0.");
  stated.correlation = *correlation;
  reading.model.residual_correlations.push_back(std::move(stated));
}

}  // namespace

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

void read_autocorrelation(Fields& outer, Output& output, Reading& reading) {
  const json::Value* value = outer.find("autocorrelation");
  if (value == nullptr) return;
  Fields fields(*value, outer.at("autocorrelation"), reading, {"half_life", "read"});
  if (!value->is_object() || fields.need("half_life", "\"6 [h]\"") == nullptr) return;
  const auto half_life = fields.quantity("half_life", *parse_unit("h"));
  if (!half_life) return;
  if (!(half_life->value > 0.0))
    reading.error("model.bad_value", fields.at("half_life"), "The half-life of a correlation is more than 0.");
  if (output.residuals.empty() || has_t(output))
    reading.error("model.bad_value", fields.path(), "Only normal residual errors can be correlated.",
                  "Give the output an \"error\" without \"student_t\".");
  output.autocorrelation = half_life->value;
}

void read_residual_correlations(const json::Value& file, Reading& reading) {
  each_element(file.find("residual_correlations"), "/residual_correlations", reading,
               [&](const json::Value& value, const std::string& path) { read_residual_correlation(value, path, reading); });
}

}  // namespace titrate::definition
