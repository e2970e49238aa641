// Residual variances: expressions in the prediction and the model's parameters, each a tape of its own.

#include <map>
#include <optional>

#include "expr/derive.hpp"
#include "expr/lower.hpp"
#include "expr/typing.hpp"
#include "model/compiled_parts.hpp"

namespace titrate {

namespace {

std::optional<NodeId> variance_of(const Output& o, const Residual& r, const Model& model, Graph& graph, Diagnostics& problems) {
  auto parsed = parse_expression(r.variance);
  append(problems, parsed.diagnostics());
  if (!parsed) return std::nullopt;
  std::map<std::string, Meaning> known;
  known["prediction"] = {r.log_scale ? Dimension{} : o.unit.dimension, graph.input(Input::prediction, 0)};
  for (const Parameter& p : model.parameters) known[p.name] = {p.unit.dimension, graph.constant(p.value)};
  std::vector<std::string> all;
  for (const auto& [name, meaning] : known) all.push_back(name);
  const Scope scope{[&](const std::string& name) -> std::optional<Dimension> {
                      const auto found = known.find(name);
                      if (found == known.end()) return std::nullopt;
                      return found->second.dimension;
                    },
                    all, model.unchecked_units};
  auto dimension = type_of(*parsed, scope, r.variance.path);
  append(problems, dimension.diagnostics());
  if (!dimension) return std::nullopt;
  const Dimension expected = r.transformed() ? Dimension{} : o.unit.dimension * o.unit.dimension;
  if (!model.unchecked_units && !(*dimension == expected)) {
    problems.push_back({"expr.unit_mismatch", Severity::error, r.variance.path, Span{0, r.variance.text.size()},
                        "The residual variance of '" + o.name + "' should have the unit " + describe(expected) + ", but has " +
                            describe(*dimension) + ".",
                        "A variance has the squared unit of its output; on a transformed scale it has none."});
    return std::nullopt;
  }
  return lower(graph, *parsed, [&](const std::string& name) -> std::optional<NodeId> { return known.at(name).node; });
}

}  // namespace

std::vector<std::vector<CompiledResidual>> compile_residuals(const Model& model, Graph& graph, Diagnostics& problems) {
  std::vector<std::vector<CompiledResidual>> residuals;
  for (const Output& o : model.outputs) {
    std::vector<CompiledResidual> list;
    for (const Residual& r : o.residuals) {
      const auto V = variance_of(o, r, model, graph, problems);
      if (!V) continue;
      const NodeId dV = Derivative(graph, graph.input(Input::prediction, 0)).of(*V);
      const Leaf leaf = [&](NodeId id) -> std::optional<Load> {
        if (graph[id].op == Op::input) return Load{Load::From::y, 0, 0.0};
        return std::nullopt;
      };
      list.push_back({r.assay, r.log_scale, r.box_cox, o.unit.factor,
                      r.student_t ? std::make_shared<const StudentT>(*r.student_t) : nullptr, make_tape(graph, {*V, dV}, leaf)});
    }
    residuals.push_back(std::move(list));
  }
  return residuals;
}

}  // namespace titrate
