// Expressions in covariates alone (computed covariates, groups that the model may serve), and the formulas that they may call.

#include <functional>
#include <map>
#include <set>

#include "model/compiled_parts.hpp"
#include "patient/formulas.hpp"

namespace titrate {

const std::map<std::string, Formula>& known_formulas() {
  static const std::map<std::string, Formula> formulas = [] {
    std::map<std::string, Formula> all;
    for (const auto& list : {renal_formulas(), body_formulas(), blood_formulas()})
      for (const CovariateFormula& f : list) all[f.name] = Formula{f.name, f.arguments, f.text, f.source};
    all["logit"] = {"logit", {"p"}, "log(p / (1 - p))", ""};
    all["expit"] = {"expit", {"x"}, "0.5 + 0.5 * tanh(0.5 * x)", ""};  // 1 / (1 + exp(-x)) that does not overflow
    return all;
  }();
  return formulas;
}

namespace {

// The names that such an expression may use.
Model with_covariates_only(const Model& model) {
  Model only;
  only.unchecked_units = model.unchecked_units;
  only.parameters = model.parameters;
  only.covariates = model.covariates;
  for (Covariate& c : only.covariates) c.over_time = OverTime::last;
  return only;
}

OfCovariates tape_of(const Graph& graph, NodeId node) {
  OfCovariates part;
  part.value = make_tape(graph, {node}, [&](NodeId id) -> std::optional<Load> {
    const Node& leaf = graph[id];
    if (leaf.op != Op::input) return std::nullopt;
    return Load{Load::From::p, leaf.index, 0.0};
  });
  for (const Load& load : part.value.loads)
    if (load.from == Load::From::p) part.needs.push_back(load.index);
  return part;
}

bool is_condition(Op op) {
  return op == Op::less || op == Op::less_equal || op == Op::equal || op == Op::not_equal || op == Op::both || op == Op::either ||
         op == Op::negate;
}

}  // namespace

std::vector<ServiceCondition> compile_services(const Model& model, Diagnostics& problems) {
  std::vector<ServiceCondition> conditions;
  const Model only = with_covariates_only(model);
  for (std::size_t i = 0; i < model.serves.size(); ++i) {
    const Service& service = model.serves[i];
    if (!service.when) continue;
    Graph graph;
    Names names(only, graph, problems);
    const auto meaning = names.read(*service.when, Dimension{}, "Who belongs to '" + service.who + "'");
    if (!meaning) continue;
    if (!is_condition(graph[meaning->node].op)) {
      problems.push_back({"model.bad_value", Severity::error, service.when->path, Span{0, service.when->text.size()},
                          "Who belongs to '" + service.who + "' is a condition.", "Write for instance CRCL < 60 [mL/min]."});
      continue;
    }
    conditions.push_back({tape_of(graph, meaning->node), i});
  }
  return conditions;
}

std::vector<ComputedCovariate> compile_covariates(const Model& model, Diagnostics& problems) {
  std::vector<ComputedCovariate> ordered;
  const auto& covariates = model.covariates;
  const Model only = with_covariates_only(model);
  std::map<int, ComputedCovariate> all;
  for (std::size_t i = 0; i < covariates.size(); ++i) {
    const Covariate& c = covariates[i];
    if (!c.from) continue;
    Graph graph;
    Names names(only, graph, problems);
    const auto meaning = names.read(*c.from, c.unit.dimension, "The computed covariate '" + c.name + "'");
    if (!meaning) continue;
    const int covariate = static_cast<int>(i);
    all[covariate] = {tape_of(graph, meaning->node), covariate};
  }
  std::set<int> done, open;
  const std::function<void(int)> visit = [&](int i) {
    if (all.count(i) == 0 || done.count(i) > 0) return;
    if (!open.insert(i).second) {
      const Covariate& c = covariates[static_cast<std::size_t>(i)];
      problems.push_back({"model.cycle", Severity::error, c.from->path, std::nullopt,
                          "Covariate '" + c.name + "' is computed from itself.",
                          "One of the covariates in the circle must be given, not computed."});
      return;
    }
    for (const int need : all[i].needs) visit(need);
    done.insert(i);
    ordered.push_back(all[i]);
  };
  for (const auto& entry : all) visit(entry.first);
  return ordered;
}

}  // namespace titrate
