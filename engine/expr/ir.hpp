// The one intermediate form: a hash-consed graph of operations. Equal expressions are one node, constants are folded, and
// derivatives are nodes of the same graph, so what a Jacobian shares with the right-hand side is computed once.
//
// A node's stage says how often it changes: constant (per model), individual (per covariate segment and eta), dynamic (with
// time, state or prediction). Tapes are cut along stages: see expr/tape.hpp.

#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

namespace titrate {

using NodeId = std::int32_t;

enum class Op : std::uint8_t {
  constant,
  input,
  add,
  sub,
  mul,
  div,
  neg,
  pow,
  exp,
  log,
  log10,
  sqrt,
  abs,
  min,
  max,
  sin,
  cos,
  tanh,
  lgamma,
  digamma,
  erf,
  erfc,
  log_phi,
  less,
  less_equal,
  equal,
  not_equal,
  both,
  either,
  negate,  // 1 or 0
  select,  // a != 0 ? b : c
};

enum class Input : std::uint8_t { covariate, eta, time, state, prediction, tad };
enum class Stage : std::uint8_t { constant, individual, dynamic };

struct Node {
  Op op = Op::constant;
  Input input{};           // Op::input
  std::int32_t index = 0;  // Op::input: which covariate, eta, state
  double value = 0.0;      // Op::constant
  NodeId a = -1, b = -1, c = -1;
  Stage stage = Stage::constant;
};

class Graph {
 public:
  [[nodiscard]] NodeId constant(double value);
  [[nodiscard]] NodeId input(Input kind, int index);
  // Folds constants and applies identities that hold for all finite values (x + 0, x * 1, x ^ 1, 0 * x, x - x of one node,
  // select with a constant condition).
  [[nodiscard]] NodeId make(Op op, NodeId a, NodeId b = -1, NodeId c = -1);

  [[nodiscard]] const Node& operator[](NodeId id) const { return nodes_[static_cast<std::size_t>(id)]; }
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  [[nodiscard]] bool is_constant(NodeId id, double value) const {
    return (*this)[id].op == Op::constant && (*this)[id].value == value;
  }

 private:
  using Key = std::tuple<Op, Input, std::int32_t, std::uint64_t, NodeId, NodeId, NodeId>;
  NodeId intern(Node node);
  std::vector<Node> nodes_;
  std::map<Key, NodeId> known_;
};

// One operation on numbers: the single definition used by folding and by the interpreter.
[[nodiscard]] double apply(Op op, double a, double b, double c);

}  // namespace titrate
