// Random tapes: every operation on numbers of all kinds (zeros of both signs, infinities and NaN arise on the way), with shared
// subexpressions, selections and several outputs; the same for one seed everywhere.

#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/rng.hpp"
#include "expr/tape.hpp"

namespace titrate {

struct RandomProgram {
  static constexpr int states = 6, values = 9;
  Tape tape;
  double t = 0.0;
  std::vector<double> y, p;
};

class RandomPrograms {
 public:
  explicit RandomPrograms(std::uint64_t seed) : rng_{seed, 0} {}

  [[nodiscard]] RandomProgram next(int operations) {
    Graph graph;
    std::vector<NodeId> nodes{graph.input(Input::time, 0)};
    for (int i = 0; i < RandomProgram::states; ++i) nodes.push_back(graph.input(Input::state, i));
    for (int i = 0; i < RandomProgram::values; ++i) nodes.push_back(graph.input(Input::covariate, i));
    for (int i = 0; i < operations; ++i) nodes.push_back(node(graph, nodes));
    std::vector<NodeId> outputs{nodes.back()};
    for (std::size_t i = 0, n = 1 + below(12); i < n; ++i) outputs.push_back(one_of(nodes));
    RandomProgram program;
    program.tape = make_tape(graph, outputs, [&](NodeId id) -> std::optional<Load> {
      if (graph[id].op != Op::input) return std::nullopt;
      if (graph[id].input == Input::time) return Load{Load::From::t, 0, 0.0};
      return Load{graph[id].input == Input::state ? Load::From::y : Load::From::p, graph[id].index, 0.0};
    });
    program.t = number();
    for (int i = 0; i < RandomProgram::states; ++i) program.y.push_back(number());
    for (int i = 0; i < RandomProgram::values; ++i) program.p.push_back(number());
    return program;
  }

 private:
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(rng_.uniform(counter_++) * static_cast<double>(n)); }

  double number() {
    constexpr double special[] = {0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 1e300, -1e-300};
    if (below(5) == 0) return special[below(8)];
    return 3.0 * rng_.normal(counter_++);
  }

  // Recent nodes more often: deep trees as well as shared leaves.
  NodeId one_of(const std::vector<NodeId>& nodes) {
    const std::size_t window = below(2) == 0 ? nodes.size() : std::min<std::size_t>(nodes.size(), 8);
    return nodes[nodes.size() - 1 - below(window)];
  }

  NodeId node(Graph& graph, const std::vector<NodeId>& nodes) {
    constexpr auto first = static_cast<std::size_t>(Op::add), last = static_cast<std::size_t>(Op::select);
    const auto op = below(2) == 0 ? static_cast<Op>(first + below(4)) : static_cast<Op>(first + below(last - first + 1));
    if (below(8) == 0) return graph.constant(number());
    const NodeId a = one_of(nodes), b = one_of(nodes), c = one_of(nodes);
    switch (op) {
      case Op::select:
        return graph.make(op, a, b, c);
      case Op::neg:
      case Op::exp:
      case Op::log:
      case Op::log10:
      case Op::sqrt:
      case Op::abs:
      case Op::sin:
      case Op::cos:
      case Op::tanh:
      case Op::lgamma:
      case Op::digamma:
      case Op::erf:
      case Op::erfc:
      case Op::log_phi:
      case Op::negate:
        return graph.make(op, a);
      default:
        return graph.make(op, a, b);
    }
  }

  Rng rng_;
  std::uint64_t counter_ = 0;
};

}  // namespace titrate
