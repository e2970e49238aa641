#include "expr/derive.hpp"

#include <vector>

namespace titrate {

namespace {

constexpr double ln_10 = 2.30258509299404568402;
constexpr double two_over_root_pi = 1.12837916709551257390;
constexpr double one_over_root_two_pi = 0.39894228040143267794;

// The graph in short notation, for formulas that read as on paper.
struct Notation {
  Graph& graph;
  NodeId number(double x) const { return graph.constant(x); }
  NodeId add(NodeId a, NodeId b) const { return graph.make(Op::add, a, b); }
  NodeId sub(NodeId a, NodeId b) const { return graph.make(Op::sub, a, b); }
  NodeId mul(NodeId a, NodeId b) const { return graph.make(Op::mul, a, b); }
  NodeId div(NodeId a, NodeId b) const { return graph.make(Op::div, a, b); }
  NodeId neg(NodeId a) const { return graph.make(Op::neg, a); }
  NodeId select(NodeId condition, NodeId yes, NodeId no) const { return graph.make(Op::select, condition, yes, no); }
  bool zero(NodeId a) const { return graph.is_constant(a, 0.0); }
};

// exp(-a^2) 2 / sqrt(pi)
NodeId erf_slope(const Notation& n, NodeId a) {
  return n.mul(n.number(two_over_root_pi), n.graph.make(Op::exp, n.neg(n.mul(a, a))));
}

// psi'(a) = sum over k < 10 of 1/(a+k)^2, and Stirling's series at x = a + 10: 1/x + 1/(2x^2) + 1/(6x^3) - 1/(30x^5) + ...
NodeId trigamma(const Notation& n, NodeId a) {
  NodeId sum = n.number(0.0);
  for (int k = 0; k < 10; ++k) {
    const NodeId x = n.add(a, n.number(k));
    sum = n.add(sum, n.div(n.number(1.0), n.mul(x, x)));
  }
  const NodeId r = n.div(n.number(1.0), n.add(a, n.number(10.0)));
  const NodeId u = n.mul(r, r);
  NodeId series = n.number(-691.0 / 2730);
  for (const double b : {5.0 / 66, -1.0 / 30, 1.0 / 42, -1.0 / 30, 1.0 / 6}) series = n.add(n.number(b), n.mul(u, series));
  return n.add(sum, n.add(r, n.mul(u, n.add(n.number(0.5), n.mul(r, series)))));
}

// y = a^b. At a = 0 or b = 0 the factors ln a and a^(b-1) may be infinite while their product's limit is 0.
NodeId pow_rule(const Notation& n, NodeId y, NodeId a, NodeId b, NodeId da, NodeId db) {
  NodeId sum = n.number(0.0);
  if (!n.zero(da)) {
    const NodeId slope = n.mul(b, n.graph.make(Op::pow, a, n.sub(b, n.number(1.0))));
    sum = n.mul(n.select(n.graph.make(Op::equal, b, n.number(0.0)), n.number(0.0), slope), da);
  }
  if (!n.zero(db)) {
    const NodeId slope = n.mul(y, n.graph.make(Op::log, a));
    sum = n.add(sum, n.mul(n.select(n.graph.make(Op::equal, a, n.number(0.0)), n.number(0.0), slope), db));
  }
  return sum;
}

// Functions of one argument: dy/da.
NodeId slope_of(const Notation& n, Op op, NodeId y, NodeId a) {
  Graph& graph = n.graph;
  switch (op) {
    case Op::exp:
      return y;
    case Op::log:
      return n.div(n.number(1.0), a);
    case Op::log10:
      return n.div(n.number(1.0 / ln_10), a);
    case Op::sqrt:
      return n.div(n.number(0.5), y);
    case Op::abs:
      return n.select(graph.make(Op::less, a, n.number(0.0)), n.number(-1.0), n.number(1.0));
    case Op::sin:
      return graph.make(Op::cos, a);
    case Op::cos:
      return n.neg(graph.make(Op::sin, a));
    case Op::tanh:
      return n.sub(n.number(1.0), n.mul(y, y));
    case Op::lgamma:
      return graph.make(Op::digamma, a);
    case Op::digamma:
      return trigamma(n, a);
    case Op::erf:
      return erf_slope(n, a);
    case Op::erfc:
      return n.neg(erf_slope(n, a));
    case Op::log_phi: {
      const NodeId exponent = n.sub(n.mul(n.number(-0.5), n.mul(a, a)), y);
      return n.mul(n.number(one_over_root_two_pi), graph.make(Op::exp, exponent));
    }
    default:
      return n.number(0.0);  // negate: a step
  }
}

NodeId rule(const Notation& n, NodeId id, NodeId da, NodeId db, NodeId dc) {
  const Node node = n.graph[id];
  switch (node.op) {
    case Op::add:
      return n.add(da, db);
    case Op::sub:
      return n.sub(da, db);
    case Op::neg:
      return n.neg(da);
    case Op::mul:
      return n.add(n.mul(da, node.b), n.mul(node.a, db));
    case Op::div:
      if (n.zero(db)) return n.zero(da) ? da : n.div(da, node.b);
      return n.div(n.sub(da, n.mul(id, db)), node.b);
    case Op::pow:
      return pow_rule(n, id, node.a, node.b, da, db);
    case Op::min:
      return n.select(n.graph.make(Op::less, node.b, node.a), db, da);
    case Op::max:
      return n.select(n.graph.make(Op::less, node.a, node.b), db, da);
    case Op::select:
      return n.select(node.a, db, dc);
    case Op::constant:
    case Op::input:
    case Op::less:
    case Op::less_equal:
    case Op::equal:
    case Op::not_equal:
    case Op::both:
    case Op::either:
    case Op::negate:
      return n.number(0.0);
    default:
      return n.zero(da) ? da : n.mul(slope_of(n, node.op, id, node.a), da);
  }
}

}  // namespace

// Leaves first, with a stack of our own: a chain of intermediates may be deeper than the machine's.
NodeId Derivative::of(NodeId node) {
  const Notation n{graph_};
  std::vector<NodeId> open{node};
  while (!open.empty()) {
    const NodeId id = open.back();
    if (known_.count(id) != 0) {
      open.pop_back();
      continue;
    }
    const Node here = graph_[id];
    bool ready = true;
    for (const NodeId argument : {here.a, here.b, here.c})
      if (argument >= 0 && known_.count(argument) == 0) {
        open.push_back(argument);
        ready = false;
      }
    if (!ready) continue;
    const auto slope = [&](NodeId argument) { return argument < 0 ? NodeId{-1} : known_.at(argument); };
    known_[id] = rule(n, id, slope(here.a), slope(here.b), slope(here.c));
    open.pop_back();
  }
  return known_.at(node);
}

}  // namespace titrate
