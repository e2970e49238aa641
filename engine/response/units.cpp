// Units of what a model computes, columns in those units, and the small objects that several results share.

#include <cmath>

#include "base/text.hpp"
#include "expr/parser.hpp"
#include "expr/typing.hpp"
#include "response/place.hpp"
#include "response/response.hpp"

namespace titrate {

namespace {

// Names and dimensions in the order in which a model defines them.
class Names {
 public:
  explicit Names(const Model& model) : unchecked_(model.unchecked_units) {
    for (const Covariate& covariate : model.covariates)
      known_[covariate.name] = covariate.choices.empty() ? covariate.unit.dimension : Dimension{};
    for (const Parameter& parameter : model.parameters) known_[parameter.name] = parameter.unit.dimension;
    for (const RandomEffect& effect : model.random_effects) known_[effect.name] = Dimension{};
    for (const State& state : model.states) known_[state.name] = state.unit.dimension;
  }

  Unit unit_of(const Intermediate& intermediate) {
    Unit unit;
    if (intermediate.unit)
      unit = *intermediate.unit;
    else if (!unchecked_)
      unit = coherent(intermediate.value);
    known_[intermediate.name] = unit.dimension;
    return unit;
  }

 private:
  Unit coherent(const Expression& expression) const {
    const Result<AstPtr> ast = parse_expression(expression);
    if (!ast) return {};
    const Result<AstPtr> expanded = expand(*ast, known_formulas(), expression.path);
    if (!expanded) return {};
    Scope scope;
    scope.dimension_of = [this](const std::string& name) -> std::optional<Dimension> {
      const auto found = known_.find(name);
      return found == known_.end() ? std::nullopt : std::optional(found->second);
    };
    const Result<Dimension> dimension = type_of(*expanded, scope, expression.path);
    if (!dimension || dimension->none()) return {};
    const Result<Unit> unit = parse_unit(describe(*dimension));
    // Broken powers have no text that reads back: the number is coherent all the same.
    return unit ? *unit : Unit{describe(*dimension), 1.0, *dimension};
  }

  bool unchecked_;
  std::map<std::string, Dimension> known_;
};

}  // namespace

Units::Units(const Model& model) : time(known_unit(model.time_unit)) {
  Names names(model);
  for (const Intermediate& intermediate : model.individual) individual[intermediate.name] = names.unit_of(intermediate);
  for (const Intermediate& intermediate : model.derived) derived[intermediate.name] = names.unit_of(intermediate);
}

json::Value Units::times(const std::vector<double>& hours) const { return column(hours, time); }

json::Value column(const std::vector<double>& values, const Unit& unit) {
  json::Array array;
  array.reserve(values.size());
  for (const double x : values) array.emplace_back(x / unit.factor);
  return array;
}

json::Value column(const Eigen::Ref<const Vector>& values, double factor) {
  json::Array array;
  array.reserve(static_cast<std::size_t>(values.size()));
  for (Eigen::Index i = 0; i < values.size(); ++i) array.emplace_back(values[i] / factor);
  return array;
}

std::string quantity_text(double value, const Unit& unit) {
  double x = value / unit.factor;
  if (x != 0.0) {  // 12 digits: a conversion leaves 999.9999999999999
    const double scale = std::pow(10.0, 11.0 - std::floor(std::log10(std::fabs(x))));
    const double rounded = std::round(x * scale) / scale;
    if (std::isfinite(rounded)) x = rounded;
  }
  return unit.text == "1" ? to_text(x) : to_text(x) + " " + unit.text;
}

json::Value diagnostics_value(const Diagnostics& diagnostics) {
  return objects(diagnostics, [](json::Value& object, const Diagnostic& d) {
    object.set("code", d.code);
    object.set("severity", d.severity == Severity::error ? "error" : d.severity == Severity::warning ? "warning" : "note");
    object.set("path", d.path);
    if (d.span) object.set("span", json::Array{json::Value(d.span->begin), json::Value(d.span->end)});
    object.set("message", d.message);
    object.set("hint", d.hint);
  });
}

json::Value placed_diagnostics_value(const Diagnostics& diagnostics, std::string_view text, const json::Value& root) {
  json::Value value = diagnostics_value(diagnostics);
  for (std::size_t i = 0; i < diagnostics.size(); ++i) {
    const TextPlace place = place_of(diagnostics[i], text, root);
    value.array()[i].set("line", place.line).set("column", place.column);
  }
  return value;
}

json::Value cautions_value(const Cautions& cautions) {
  return objects(cautions, [](json::Value& object, const Caution& caution) {
    object.set("id", caution.id);
    object.set("grade", word(caution.grade));
    object.set("message", caution.message);
    object.set("why", caution.why);
    object.set("what_to_do", caution.what_to_do);
    if (!caution.path.empty()) object.set("path", caution.path);
    if (caution.acceptable) object.set("acceptable", true);
  });
}

json::Value regimen_value(const Model& model, const Regimen& regimen) {
  Unit amount;
  for (const Route& route : model.routes)
    if (route.name == regimen.route) amount = route.amount_unit;
  const Unit& hour = known_unit("h");
  json::Value object;
  object.set("amt", quantity_text(regimen.amt, amount));
  if (regimen.dur > 0.0) object.set("dur", quantity_text(regimen.dur, hour));
  if (regimen.ii > 0.0) object.set("ii", quantity_text(regimen.ii, hour));
  object.set("route", regimen.route);
  if (regimen.start) object.set("start", quantity_text(*regimen.start, hour));
  if (regimen.doses) object.set("doses", *regimen.doses);
  return object;
}

json::Value target_value(const Model& model, const Target& target) {
  json::Value object;
  object.set("id", target.id);
  object.set("label", target.label);
  object.set("metric", target.metric);
  object.set("of", target.output);
  object.set("during", target.during);
  object.set("unit", target.unit.text);
  if (target.low) object.set("low", *target.low / target.unit.factor);
  if (target.high) object.set("high", *target.high / target.unit.factor);
  if (target.limit)
    for (const Output& output : model.outputs)
      if (output.name == target.output) object.set("limit", *target.limit / output.unit.factor);
  object.set("weight_low", target.weight_low);
  object.set("weight_high", target.weight_high);
  object.set("source", target.source);
  return object;
}

json::Value spread_value(const Spread& spread) {
  const double factor = spread.unit.factor;
  json::Value object;
  object.set("unit", spread.unit.text);
  object.set("median", spread.median / factor);
  object.set("p5", spread.p5 / factor);
  object.set("p25", spread.p25 / factor);
  object.set("p75", spread.p75 / factor);
  object.set("p95", spread.p95 / factor);
  return object;
}

void set_chances(json::Value& object, const Chances& chances) {
  object.set("loss", chances.loss);
  object.set("loss_error", chances.loss_error);
  object.set("p_below", chances.p_below);
  object.set("p_in", chances.p_in);
  object.set("p_above", chances.p_above);
  object.set("p_error", chances.p_error);
}

std::string solver_name(const CompiledModel& model, Solver asked) {
  if (asked == Solver::dopri5) return "dopri5";
  if (asked == Solver::rosenbrock) return "rosenbrock";
  return model.states.linear ? "exact" : "automatic";
}

}  // namespace titrate
