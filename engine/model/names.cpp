#include "model/names.hpp"

#include <algorithm>

#include "expr/lower.hpp"
#include "expr/parser.hpp"
#include "expr/typing.hpp"
#include "model/compiled.hpp"

namespace titrate {

namespace {

// c0 + x (c1 + x (c2 + ...))
NodeId polynomial(Graph& graph, NodeId x, const std::vector<double>& c) {
  NodeId sum = graph.constant(c.back());
  for (std::size_t i = c.size() - 1; i-- > 0;) sum = graph.make(Op::add, graph.constant(c[i]), graph.make(Op::mul, x, sum));
  return sum;
}

// What the name of a random effect stands for: see RandomEffect.
NodeId shaped(Graph& graph, const RandomEffect& effect, NodeId eta) {
  if (effect.box_cox) {
    const NodeId power = graph.make(Op::exp, graph.make(Op::mul, graph.constant(*effect.box_cox), eta));
    return graph.make(Op::div, graph.make(Op::sub, power, graph.constant(1.0)), graph.constant(*effect.box_cox));
  }
  if (effect.student_t) {
    const double a = 1.0 / (4.0 * *effect.student_t);
    const double b = a * a / 6.0, c = a * a * a / 6.0;  // 1 / (96 nu^2), 1 / (384 nu^3)
    const NodeId square = graph.make(Op::mul, eta, eta);
    return graph.make(
        Op::mul, eta,
        polynomial(graph, square, {1.0 + a + 3.0 * b - 15.0 * c, a + 16.0 * b + 17.0 * c, 5.0 * b + 19.0 * c, 3.0 * c}));
  }
  return eta;
}

}  // namespace

Names::Names(const Model& model, Graph& graph, Diagnostics& problems) : model_(model), graph_(graph), problems_(problems) {
  for (const Covariate& c : model.covariates) {
    covariate_input_.push_back(n_inputs_);
    n_inputs_ += c.over_time == OverTime::linear ? 2 : 1;
  }
  for (const Parameter& p : model.parameters) known_[p.name] = Meaning{p.unit.dimension, graph.constant(p.value)};
  for (std::size_t i = 0; i < model.covariates.size(); ++i) known_[model.covariates[i].name] = covariate(i);
  for (std::size_t j = 0; j < model.random_effects.size(); ++j)
    known_[model.random_effects[j].name] =
        Meaning{{}, shaped(graph, model.random_effects[j], graph.input(Input::eta, static_cast<int>(j)))};
  for (std::size_t j = 0; j < model.occasion_effects.size(); ++j)
    known_[model.occasion_effects[j].name] = Meaning{
        {}, shaped(graph, model.occasion_effects[j], graph.input(Input::eta, static_cast<int>(model.random_effects.size() + j)))};
  for (std::size_t i = 0; i < model.states.size(); ++i)
    known_[model.states[i].name] = Meaning{model.states[i].unit.dimension, graph.input(Input::state, static_cast<int>(i))};
  known_["t"] = Meaning{parse_unit("h")->dimension, graph.input(Input::time, 0)};
  for (const auto* list : {&model.individual, &model.derived})
    for (const Intermediate& i : *list) intermediates_[i.name] = &i;
  for (const auto& [name, meaning] : known_) all_names_.push_back(name);
  for (const auto& [name, intermediate] : intermediates_) all_names_.push_back(name);
}

Meaning Names::covariate(std::size_t i) {
  const Covariate& c = model_.covariates[i];
  const NodeId first = graph_.input(Input::covariate, covariate_input_[i]);
  if (c.over_time != OverTime::linear) return {c.unit.dimension, first};
  const NodeId slope = graph_.input(Input::covariate, covariate_input_[i] + 1);
  return {c.unit.dimension, graph_.make(Op::add, first, graph_.make(Op::mul, slope, graph_.input(Input::time, 0)))};
}

std::optional<Meaning> Names::find(const std::string& name) const {
  const auto found = known_.find(name);
  if (found == known_.end()) return std::nullopt;
  return found->second;
}

void Names::allow_tad(bool allowed) {
  if (allowed)
    known_["tad"] = Meaning{parse_unit("h")->dimension, graph_.input(Input::tad, 0)};
  else
    known_.erase("tad");
}

std::optional<NodeId> Names::node_of(const std::string& name) const {
  const auto meaning = find(name);
  if (!meaning) return std::nullopt;
  return meaning->node;
}

std::optional<Meaning> Names::read(const Expression& expression, const std::optional<Dimension>& expected,
                                   const std::string& what) {
  auto parsed = parse_expression(expression);
  append(problems_, parsed.diagnostics());
  if (!parsed) return std::nullopt;
  auto expanded = expand(*parsed, known_formulas(), expression.path);
  append(problems_, expanded.diagnostics());
  if (!expanded) return std::nullopt;
  bool complete = true;
  for (const std::string& name : names_in(*expanded)) complete = resolve_if_intermediate(name) && complete;
  if (!complete) return std::nullopt;  // the reason has been reported where it lies
  const Scope scope{[this](const std::string& name) -> std::optional<Dimension> {
                      const auto meaning = find(name);
                      if (!meaning) return std::nullopt;
                      return meaning->dimension;
                    },
                    all_names_, model_.unchecked_units};
  auto dimension = type_of(*expanded, scope, expression.path);
  append(problems_, dimension.diagnostics());
  if (!dimension) return std::nullopt;
  if (expected && !model_.unchecked_units && !(*dimension == *expected) && !fits_any_dimension(*expanded)) {
    problems_.push_back(
        {"expr.unit_mismatch", Severity::error, expression.path, Span{0, expression.text.size()},
         what + " should have the unit " + describe(*expected) + ", but the expression has " + describe(*dimension) + ".",
         "Multiply or divide by a quantity that has " + describe(*expected / *dimension) + "."});
    return std::nullopt;
  }
  const NodeId node = lower(graph_, *expanded, [this](const std::string& name) { return node_of(name); });
  return Meaning{expected.value_or(*dimension), node};
}

bool Names::resolve_if_intermediate(const std::string& name) {
  if (known_.count(name) > 0) return true;
  const auto found = intermediates_.find(name);
  if (found == intermediates_.end()) return true;
  if (failed_.count(name) > 0) return false;
  const Intermediate& intermediate = *found->second;
  const auto on_path = std::find(path_.begin(), path_.end(), name);
  if (on_path != path_.end()) {
    std::string chain;
    for (auto it = on_path; it != path_.end(); ++it) chain += *it + " -> ";
    problems_.push_back({"model.cycle", Severity::error, intermediate.value.path, Span{0, intermediate.value.text.size()},
                         "'" + name + "' depends on itself: " + chain + name + ".",
                         "Break the circle: one of these must not use the next."});
    failed_.insert(name);
    return false;
  }
  path_.push_back(name);
  std::optional<Dimension> expected;
  if (intermediate.unit) expected = intermediate.unit->dimension;
  const auto meaning = read(intermediate.value, expected, "'" + name + "'");
  path_.pop_back();
  if (!meaning) {
    failed_.insert(name);
    return false;
  }
  known_[name] = {meaning->dimension, with_occasions(name, meaning->node)};
  return true;
}

// A parameter that differs between occasions: its value times exp(kappa).
NodeId Names::with_occasions(const std::string& name, NodeId node) {
  for (const RandomEffect& kappa : model_.occasion_effects)
    if (kappa.on == name) node = graph_.make(Op::mul, node, graph_.make(Op::exp, known_.at(kappa.name).node));
  return node;
}

}  // namespace titrate
