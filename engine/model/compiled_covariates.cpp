// Computed covariates, and the formulas that they may call by name.

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

std::vector<ComputedCovariate> compile_covariates(const Model& model, Diagnostics& problems) {
  std::vector<ComputedCovariate> ordered;
  const auto& covariates = model.covariates;
  Model only;  // the names that a computed covariate may use
  only.unchecked_units = model.unchecked_units;
  only.parameters = model.parameters;
  only.covariates = covariates;
  for (Covariate& c : only.covariates) c.over_time = OverTime::last;
  std::map<int, ComputedCovariate> all;
  for (std::size_t i = 0; i < covariates.size(); ++i) {
    const Covariate& c = covariates[i];
    if (!c.from) continue;
    Graph graph;
    Names names(only, graph, problems);
    const auto meaning = names.read(*c.from, c.unit.dimension, "The computed covariate '" + c.name + "'");
    if (!meaning) continue;
    ComputedCovariate computed;
    computed.covariate = static_cast<int>(i);
    computed.value = make_tape(graph, {meaning->node}, [&](NodeId id) -> std::optional<Load> {
      const Node& node = graph[id];
      if (node.op != Op::input) return std::nullopt;
      return Load{Load::From::p, node.index, 0.0};
    });
    for (const Load& load : computed.value.loads)
      if (load.from == Load::From::p) computed.needs.push_back(load.index);
    all[computed.covariate] = computed;
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
