#include "expr/ir.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/rng.hpp"
#include "base/work.hpp"
#include "expr/special.hpp"

namespace titrate {

namespace {

constexpr double pi = 3.14159265358979323846;

std::uint64_t bits_of(double x) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}

double truth(bool b) { return b ? 1.0 : 0.0; }

bool commutes(Op op) {
  return op == Op::add || op == Op::mul || op == Op::min || op == Op::max || op == Op::equal || op == Op::not_equal ||
         op == Op::both || op == Op::either;
}

}  // namespace

double digamma(double x) {
  if (x <= 0.0) {
    if (x == std::floor(x)) return std::numeric_limits<double>::quiet_NaN();  // a pole: the caller's status says so
    return digamma(1.0 - x) - pi / std::tan(pi * x);
  }
  double sum = 0.0;
  for (; x < 10.0; x += 1.0) sum -= 1.0 / x;
  const double u = 1.0 / (x * x);
  // ln x - 1/(2x) - sum of B_2k / (2k x^2k)
  const double series =
      u * (1.0 / 12 - u * (1.0 / 120 - u * (1.0 / 252 - u * (1.0 / 240 - u * (1.0 / 132 - u * (691.0 / 32760 - u / 12.0))))));
  return sum + std::log(x) - 0.5 / x - series;
}

double apply(Op op, double a, double b, double c) {
  switch (op) {
    case Op::add:
      return a + b;
    case Op::sub:
      return a - b;
    case Op::mul:
      return a * b;
    case Op::div:
      return a / b;
    case Op::neg:
      return -a;
    case Op::pow:
      return std::pow(a, b);
    case Op::exp:
      return std::exp(a);
    case Op::log:
      return std::log(a);
    case Op::log10:
      return std::log10(a);
    case Op::sqrt:
      return std::sqrt(a);
    case Op::abs:
      return std::fabs(a);
    case Op::min:
      return minimum(a, b);
    case Op::max:
      return maximum(a, b);
    case Op::sin:
      return std::sin(a);
    case Op::cos:
      return std::cos(a);
    case Op::tanh:
      return std::tanh(a);
    case Op::lgamma:
      return std::lgamma(a);
    case Op::digamma:
      return digamma(a);
    case Op::erf:
      return std::erf(a);
    case Op::erfc:
      return std::erfc(a);
    case Op::log_phi:
      return log_phi(a);
    case Op::less:
      return truth(a < b);
    case Op::less_equal:
      return truth(a <= b);
    case Op::equal:
      return truth(a == b);
    case Op::not_equal:
      return truth(a != b);
    case Op::both:
      return truth(a != 0.0 && b != 0.0);
    case Op::either:
      return truth(a != 0.0 || b != 0.0);
    case Op::negate:
      return truth(a == 0.0);
    case Op::select:
      return a != 0.0 ? b : c;
    case Op::constant:
    case Op::input:
      break;
  }
  return std::numeric_limits<double>::quiet_NaN();  // leaves are read, not applied
}

NodeId Graph::intern(Node node) {
  Work::spend(200.0);
  const Key key{node.op, node.input, node.index, bits_of(node.value), node.a, node.b, node.c};
  const auto [place, is_new] = known_.try_emplace(key, static_cast<NodeId>(nodes_.size()));
  if (is_new) nodes_.push_back(node);
  return place->second;
}

NodeId Graph::constant(double value) {
  Node node;
  node.value = value == 0.0 ? 0.0 : value;  // one zero
  return intern(node);
}

NodeId Graph::input(Input kind, int index) {
  Node node;
  node.op = Op::input;
  node.input = kind;
  node.index = index;
  node.stage = kind == Input::covariate || kind == Input::eta ? Stage::individual : Stage::dynamic;
  return intern(node);
}

NodeId Graph::make(Op op, NodeId a, NodeId b, NodeId c) {
  const auto constant_at = [&](NodeId id) { return id < 0 || (*this)[id].op == Op::constant; };
  const auto value_at = [&](NodeId id) { return id < 0 ? 0.0 : (*this)[id].value; };
  if (constant_at(a) && constant_at(b) && constant_at(c)) {
    const double value = apply(op, value_at(a), value_at(b), value_at(c));
    if (std::isfinite(value)) return constant(value);
  }
  const auto zero = [&](NodeId id) { return is_constant(id, 0.0); };
  const auto one = [&](NodeId id) { return is_constant(id, 1.0); };
  switch (op) {
    case Op::add:
      if (zero(a)) return b;
      if (zero(b)) return a;
      if ((*this)[b].op == Op::neg) return make(Op::sub, a, (*this)[b].a);
      if ((*this)[a].op == Op::neg) return make(Op::sub, b, (*this)[a].a);
      break;
    case Op::sub:
      if (zero(b)) return a;
      if (a == b) return constant(0.0);
      if (zero(a)) return make(Op::neg, b);
      if ((*this)[b].op == Op::neg) return make(Op::add, a, (*this)[b].a);
      break;
    case Op::mul:
      if (zero(a) || zero(b)) return constant(0.0);
      if (one(a)) return b;
      if (one(b)) return a;
      if (is_constant(a, -1.0)) return make(Op::neg, b);
      if (is_constant(b, -1.0)) return make(Op::neg, a);
      break;
    case Op::div:
      if (one(b)) return a;
      break;
    case Op::neg:
      if ((*this)[a].op == Op::neg) return (*this)[a].a;
      break;
    case Op::pow:
      if (zero(b)) return constant(1.0);
      if (one(b)) return a;
      if (is_constant(b, 2.0)) return make(Op::mul, a, a);
      if (is_constant(b, 0.5)) return make(Op::sqrt, a);
      if (is_constant(b, -1.0)) return make(Op::div, constant(1.0), a);
      break;
    case Op::min:
    case Op::max:
      if (a == b) return a;
      break;
    case Op::both:
      if (zero(a) || zero(b)) return constant(0.0);
      break;
    case Op::select:
      if (constant_at(a)) return zero(a) ? c : b;
      if (b == c) return b;
      break;
    default:
      break;
  }
  if (commutes(op) && b < a) std::swap(a, b);
  Node node;
  node.op = op;
  node.a = a;
  node.b = b;
  node.c = c;
  for (const NodeId argument : {a, b, c})
    if (argument >= 0) node.stage = std::max(node.stage, (*this)[argument].stage);
  return intern(node);
}

}  // namespace titrate
