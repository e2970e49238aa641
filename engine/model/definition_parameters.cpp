// Typical values and random effects of a model file.
//
// Variability is kept as variances of eta (omega). A coefficient of variation is converted in the open: `exact` is the CV of a
// log-normal quantity, omega = ln(1 + CV^2); `squared` takes the printed CV for the standard deviation of eta, omega = CV^2.

#include <cmath>

#include "base/text.hpp"
#include "model/definition_fields.hpp"

namespace titrate::definition {

namespace {

// The variance of an eta from exactly one of variance, sd, cv; what was written goes on the model's card.
struct Variance {
  double value = 0.0;
  std::string written, uncertainty;
};

std::optional<Variance> read_variance(Fields& fields, Reading& reading) {
  int given = 0;
  for (const char* key : {"variance", "sd", "cv"}) given += fields.has(key) ? 1 : 0;
  if (given != 1) {
    reading.error("model.missing", fields.path(),
                  given == 0 ? "The size of the variability is missing." : "The size of the variability is stated twice.",
                  "State one of \"variance\", \"sd\", or \"cv\" with \"convert\".");
    return std::nullopt;
  }
  const std::string key = fields.has("variance") ? "variance" : fields.has("sd") ? "sd" : "cv";
  if (key != "cv" && fields.has("convert"))
    reading.error("model.bad_value", fields.at("convert"), "\"convert\" belongs to \"cv\" only.", "Remove \"convert\".");
  std::optional<std::string> convert;
  if (key == "cv") {
    if (!fields.has("convert"))
      reading.error("model.bare_cv", fields.path(), "A CV alone can mean two variances.",
                    "Add \"convert\": \"exact\" for ln(1 + CV^2), or \"squared\" for CV^2; the source's own convention decides.");
    convert = fields.word("convert", {"exact", "squared"});
  }
  const auto size = read_literal(*fields.find(key), fields.at(key), reading);
  if (!size || (key == "cv" && !convert)) return std::nullopt;
  if (!size->unit.dimension.none()) {
    reading.error_at("unit.mismatch", *fields.find(key), fields.at(key), "The variability of eta has no unit.");
    return std::nullopt;
  }
  if (!(size->value > 0.0) || !std::isfinite(size->value)) {
    reading.error_at("model.bad_value", *fields.find(key), fields.at(key), "The variability must be more than 0.",
                     "Remove the effect if it does not vary.");
    return std::nullopt;
  }
  if (size->value > (key == "variance" ? 100.0 : 10.0)) {
    reading.error_at("model.bad_value", *fields.find(key), fields.at(key),
                     "A standard deviation of more than 10 on the scale of eta is a slip.",
                     "A percentage needs its sign: \"39.8 %\".");
    return std::nullopt;
  }
  const json::Value& value = *fields.find(key);
  const std::string text = value.is_string() ? value.string() : to_text(value.number());
  const double x = size->value;
  const std::string uncertainty = read_uncertainty(fields, size, reading);
  if (key == "variance") return Variance{x, "variance " + text, uncertainty};
  if (key == "sd") return Variance{x * x, "sd " + text, uncertainty};
  return Variance{*convert == "exact" ? std::log1p(x * x) : x * x, "cv " + text + " (" + *convert + ")", uncertainty};
}

// Another shape than the normal one.
void read_shape(Fields& fields, RandomEffect& effect, Reading& reading) {
  effect.box_cox = fields.number("box_cox");
  effect.student_t = fields.number("student_t");
  if (effect.box_cox && effect.student_t)
    reading.error("model.bad_value", fields.at("student_t"), "A random effect has one shape.",
                  "Keep \"box_cox\" or \"student_t\".");
  if (effect.box_cox && (*effect.box_cox == 0.0 || !(std::abs(*effect.box_cox) <= 10.0)))
    reading.error("model.bad_value", fields.at("box_cox"),
                  "The lambda of a Box-Cox transformation lies within -10 to 10 and is not 0.",
                  "With lambda 0 the effect is normal: leave \"box_cox\" out.");
  if (effect.student_t && !(*effect.student_t >= 1.0 && *effect.student_t <= 1000.0))
    reading.error("model.bad_value", fields.at("student_t"), "The degrees of freedom of a t distribution lie within 1 to 1000.",
                  "With more of them the effect is normal: leave \"student_t\" out.");
  if (effect.box_cox) effect.written += ", Box-Cox with lambda " + to_text(*effect.box_cox);
  if (effect.student_t) effect.written += ", t distribution with " + to_text(*effect.student_t) + " degrees of freedom";
}

// Where a name stands in a matrix of variances: between patients or between occasions.
struct Place {
  Matrix* matrix = nullptr;
  Eigen::Index at = 0;
};

// Covariances of pairs of effects of one kind, each stated once as a correlation or a covariance.
void read_correlations(const json::Value& file, Reading& reading) {
  Model& model = reading.model;
  std::vector<std::string> names;
  std::map<std::string, Place> places;
  const auto add = [&](const std::vector<RandomEffect>& effects, Matrix& matrix) {
    for (const RandomEffect& effect : effects) {
      places[effect.name] = {&matrix, &effect - effects.data()};
      names.push_back(effect.name);
    }
  };
  add(model.random_effects, model.omega);
  add(model.occasion_effects, model.pi);
  each_element(file.find("correlations"), "/correlations", reading, [&](const json::Value& value, const std::string& path) {
    Fields fields(value, path, reading, {"between", "correlation", "covariance", "uncertainty", "read"});
    const json::Value* between = fields.need("between", "[\"eta_CL\", \"eta_V1\"]");
    if (between == nullptr) return;
    if (!between->is_array() || between->array().size() != 2) {
      reading.error("model.wrong_kind", fields.at("between"), "A correlation is between two random effects.",
                    "Write for instance [\"eta_CL\", \"eta_V1\"].");
      return;
    }
    Place pair[2];
    for (std::size_t i = 0; i < 2; ++i) {
      const json::Value& name = between->array()[i];
      if (!must_know(name, json::child(fields.at("between"), i), "a random effect", names, reading)) return;
      pair[i] = places[name.string()];
    }
    if (pair[0].matrix != pair[1].matrix) {
      reading.error("model.bad_value", fields.at("between"),
                    "A difference between patients and one between occasions are not correlated.");
      return;
    }
    Matrix& omega = *pair[0].matrix;
    const Eigen::Index i = pair[0].at, j = pair[1].at;
    if (i == j || omega(i, j) != 0.0) {
      reading.error("model.duplicate_name", fields.at("between"),
                    i == j ? "An effect is not correlated with itself." : "This pair is stated twice.");
      return;
    }
    const auto correlation = fields.number("correlation");
    const auto covariance = fields.number("covariance");
    if (fields.has("correlation") == fields.has("covariance")) {
      reading.error("model.missing", path, "State either \"correlation\" or \"covariance\".");
      return;
    }
    if (correlation && !(std::abs(*correlation) < 1.0)) {
      reading.error("model.bad_value", fields.at("correlation"), "A correlation lies between -1 and 1.");
      return;
    }
    const double sds = std::sqrt(omega(i, i) * omega(j, j));
    omega(i, j) = omega(j, i) = correlation ? *correlation * sds : covariance.value_or(0.0);
    const std::string stated = correlation ? "correlation" : "covariance";
    const std::string uncertainty =
        read_uncertainty(fields, read_literal(*fields.find(stated), fields.at(stated), reading), reading);
    model.correlations.push_back(
        {{between->array()[0].string(), between->array()[1].string()}, omega(i, j) / sds, uncertainty, fields.text("read")});
  });
}

// One effect with its variance; 1 stands in for a variance that is wrong, which has been reported.
RandomEffect read_effect(const std::string& name, Fields& fields, bool is_object, Reading& reading) {
  RandomEffect effect;
  effect.name = name;
  effect.path = fields.path();
  effect.read = fields.text("read");
  const auto variance = is_object ? read_variance(fields, reading) : std::nullopt;
  effect.variance = variance ? variance->value : 1.0;
  if (variance) effect.written = variance->written;
  if (variance) effect.uncertainty = variance->uncertainty;
  read_shape(fields, effect, reading);
  return effect;
}

void read_inter_occasion(const json::Value& file, Reading& reading) {
  each_member(file.find("inter_occasion"), "/inter_occasion", reading,
              [&](const std::string& name, const json::Value& value, const std::string& path) {
                reading.declare(name, path);
                Fields fields(value, path, reading,
                              {"on", "cv", "sd", "variance", "convert", "box_cox", "student_t", "occasion", "uncertainty", "read",
                               "assumed"});
                RandomEffect kappa = read_effect(name, fields, value.is_object(), reading);
                kappa.assumed = fields.flag("assumed", false);
                kappa.on = fields.text("on");
                if (value.is_object()) kappa.occasion = fields.need_text("occasion", "\"each dose interval with a level\"");
                reading.model.occasion_effects.push_back(std::move(kappa));
              });
}

Matrix variances(const std::vector<RandomEffect>& effects) {
  const auto k = static_cast<Eigen::Index>(effects.size());
  Matrix omega = Matrix::Zero(k, k);
  for (Eigen::Index i = 0; i < k; ++i) omega(i, i) = effects[static_cast<std::size_t>(i)].variance;
  return omega;
}

bool contradictory(const Matrix& omega) { return omega.rows() > 0 && Eigen::LLT<Matrix>(omega).info() != Eigen::Success; }

}  // namespace

void read_parameters(const json::Value& file, Reading& reading) {
  each_member(file.find("parameters"), "/parameters", reading,
              [&](const std::string& name, const json::Value& value, const std::string& path) {
                reading.declare(name, path);
                Fields fields(value, path, reading, {"value", "label", "uncertainty", "read", "assumed"});
                Parameter parameter;
                parameter.name = name;
                parameter.path = path;
                parameter.label = fields.text("label");
                parameter.read = fields.text("read");
                parameter.assumed = fields.flag("assumed", false);
                const json::Value* written = fields.need("value", "\"4.5 [L/h]\"");
                if (written == nullptr) return;
                const auto literal = read_literal(*written, fields.at("value"), reading);
                if (!literal) return;
                parameter.value = literal->value;
                parameter.unit = literal->unit;
                parameter.uncertainty = read_uncertainty(fields, literal, reading);
                reading.model.parameters.push_back(std::move(parameter));
              });
}

void read_random_effects(const json::Value& file, Reading& reading) {
  Model& model = reading.model;
  each_member(file.find("random_effects"), "/random_effects", reading,
              [&](const std::string& name, const json::Value& value, const std::string& path) {
                reading.declare(name, path);
                Fields fields(value, path, reading,
                              {"cv", "sd", "variance", "convert", "box_cox", "student_t", "uncertainty", "read", "assumed"});
                RandomEffect effect = read_effect(name, fields, value.is_object(), reading);
                effect.assumed = fields.flag("assumed", false);
                model.random_effects.push_back(std::move(effect));
              });
  read_inter_occasion(file, reading);
  if (model.random_effects.size() + model.occasion_effects.size() > 100) {
    reading.error("model.too_large", "/random_effects", "A model has at most 100 random effects.");
    return;
  }
  model.omega = variances(model.random_effects);
  model.pi = variances(model.occasion_effects);
  read_correlations(file, reading);
  if (contradictory(model.omega) || contradictory(model.pi))
    reading.error("model.omega", "/correlations",
                  "The covariances of the random effects contradict one another: omega is not positive definite.",
                  "Check the correlations against the source.");
}

}  // namespace titrate::definition
