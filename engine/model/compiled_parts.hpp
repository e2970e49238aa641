// The parts of compiling a model (model/compiled.cpp): what was written becomes nodes of one graph, residual variances and
// computed covariates become tapes of their own.

#pragma once

#include <vector>

#include "model/compiled.hpp"
#include "model/names.hpp"

namespace titrate {

// What the model writes down, typed and lowered.
struct Nodes {
  std::vector<NodeId> rhs, initial;  // of each state
  std::vector<NodeId> outputs, events, profiles, conditions;
  std::vector<CompiledCondition> condition_events;
  std::vector<CompiledRoute> routes;
};
[[nodiscard]] Nodes read_nodes(const Model& model, Graph& graph, Names& names, Diagnostics& problems);

[[nodiscard]] std::vector<std::vector<CompiledResidual>> compile_residuals(const Model& model, Graph& graph,
                                                                           Diagnostics& problems);

// Each an expression in other covariates (and constants), ordered so that what is needed comes first.
[[nodiscard]] std::vector<ComputedCovariate> compile_covariates(const Model& model, Diagnostics& problems);

[[nodiscard]] std::vector<ServiceCondition> compile_services(const Model& model, Diagnostics& problems);

}  // namespace titrate
