// Symbolic derivatives: d node / d input as nodes of the same graph, by the chain rule from the leaves up, memoised per input.
// Comparisons have derivative 0; select, min, max and abs take the derivative of the branch that holds. The derivative of
// log_phi is exp(-x^2/2 - log_phi(x)) / sqrt(2 pi), which stays finite far into the tail.
//
// With several seeds, the derivative along a direction: each input's slope is the node given for it.

#pragma once

#include <unordered_map>
#include <utility>

#include "expr/ir.hpp"

namespace titrate {

class Derivative {
 public:
  Derivative(Graph& graph, NodeId with_respect_to) : graph_(graph), known_{{with_respect_to, graph.constant(1.0)}} {}
  Derivative(Graph& graph, std::unordered_map<NodeId, NodeId> seeds) : graph_(graph), known_(std::move(seeds)) {}
  [[nodiscard]] NodeId of(NodeId node);

 private:
  Graph& graph_;
  std::unordered_map<NodeId, NodeId> known_;
};

}  // namespace titrate
