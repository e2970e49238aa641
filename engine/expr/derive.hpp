// Symbolic derivatives: d node / d input as nodes of the same graph, by the chain rule from the leaves up, memoised per input.
// Comparisons have derivative 0; select, min, max and abs take the derivative of the branch that holds. The derivative of
// log_phi is exp(-x^2/2 - log_phi(x)) / sqrt(2 pi), which stays finite far into the tail.

#pragma once

#include <unordered_map>

#include "expr/ir.hpp"

namespace titrate {

class Derivative {
 public:
  Derivative(Graph& graph, NodeId with_respect_to) : graph_(graph), input_(with_respect_to) {}
  [[nodiscard]] NodeId of(NodeId node);

 private:
  Graph& graph_;
  NodeId input_;
  std::unordered_map<NodeId, NodeId> known_;
};

}  // namespace titrate
