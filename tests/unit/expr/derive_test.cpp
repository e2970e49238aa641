#include "expr/derive.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "base/rng.hpp"
#include "expr/lower.hpp"
#include "expr/parser.hpp"
#include "expr/tape.hpp"

using namespace titrate;

namespace {

// A second way to a value: the tree, walked in long double.
long double walk(const Ast& ast, const std::vector<double>& y) {
  const auto arg = [&](std::size_t i) { return walk(*ast.children[i], y); };
  const std::string& s = ast.text;
  switch (ast.kind) {
    case Ast::Kind::number:
      return ast.value;
    case Ast::Kind::name:
      return y[static_cast<std::size_t>(s[0] - 'a')];
    case Ast::Kind::unary:
      return s == "-" ? -arg(0) : (arg(0) == 0 ? 1 : 0);
    case Ast::Kind::binary: {
      const long double a = arg(0), b = arg(1);
      if (s == "+") return a + b;
      if (s == "-") return a - b;
      if (s == "*") return a * b;
      if (s == "/") return a / b;
      if (s == "^") return std::pow(a, b);
      if (s == "<") return a < b;
      if (s == "<=") return a <= b;
      if (s == ">") return a > b;
      if (s == ">=") return a >= b;
      if (s == "==") return a == b;
      if (s == "!=") return a != b;
      if (s == "and") return a != 0 && b != 0;
      return a != 0 || b != 0;
    }
    case Ast::Kind::call:
      break;
  }
  const long double a = arg(0);
  if (s == "exp") return std::exp(a);
  if (s == "log") return std::log(a);
  if (s == "log10") return std::log10(a);
  if (s == "sqrt") return std::sqrt(a);
  if (s == "abs") return std::abs(a);
  if (s == "min") return std::min(a, arg(1));
  if (s == "max") return std::max(a, arg(1));
  if (s == "sin") return std::sin(a);
  if (s == "cos") return std::cos(a);
  if (s == "tanh") return std::tanh(a);
  if (s == "lgamma") return std::lgamma(a);
  if (s == "erf") return std::erf(a);
  if (s == "erfc") return std::erfc(a);
  if (s == "log_phi") return std::log(0.5L * std::erfc(-a / std::sqrt(2.0L)));
  return a != 0 ? arg(1) : arg(2);
}

// A program in the states a, b, c with its derivatives.
struct Program {
  explicit Program(const std::string& text) : ast(*parse_expression({text, ""})) {
    for (int i = 0; i < 3; ++i) states.push_back(graph.input(Input::state, i));
    value = lower(graph, ast,
                  [&](const std::string& name) { return std::optional(states[static_cast<std::size_t>(name[0] - 'a')]); });
  }

  double at(NodeId node, const std::vector<double>& y) const {
    const Tape tape = make_tape(graph, {node}, [&](NodeId id) -> std::optional<Load> {
      if (graph[id].op != Op::input) return std::nullopt;
      return Load{Load::From::y, graph[id].index, 0.0};
    });
    double out = 0.0;
    std::vector<double> registers;
    run<double>(tape, 0.0, y.data(), nullptr, &out, registers);
    return out;
  }
  double slope(std::size_t state, const std::vector<double>& y) { return at(Derivative(graph, states[state]).of(value), y); }
  double second(std::size_t state, const std::vector<double>& y) {
    const NodeId first = Derivative(graph, states[state]).of(value);
    return at(Derivative(graph, states[state]).of(first), y);
  }

  AstPtr ast;
  Graph graph;
  std::vector<NodeId> states;
  NodeId value = -1;
};

// Central differences in long double, once extrapolated: error h^4.
long double difference(const Ast& ast, std::vector<double> y, std::size_t state) {
  const double x = y[state], h = std::ldexp(1.0, -11) * std::max(1.0, std::abs(x));
  const auto central = [&](double step) {
    y[state] = x + step;
    const long double above = walk(ast, y);
    y[state] = x - step;
    return (above - walk(ast, y)) / (2.0L * step);
  };
  return (4 * central(h / 2) - central(h)) / 3;
}

void agrees(const std::string& text, const std::vector<double>& y) {
  Program program(text);
  CHECK_MESSAGE(program.at(program.value, y) == doctest::Approx(static_cast<double>(walk(*program.ast, y))).epsilon(1e-12), text);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto expected = static_cast<double>(difference(*program.ast, y, i));
    CHECK_MESSAGE(std::abs(program.slope(i, y) - expected) < 1e-8 * (1 + std::abs(expected)), text);
  }
}

std::string random_expression(const Rng& rng, std::uint64_t& counter, int depth) {
  const double u = rng.uniform(counter++);
  if (depth == 0 || u < 0.1) return u < 0.03 ? "0.7" : std::string(1, "abc"[static_cast<int>(3 * rng.uniform(counter++))]);
  const auto sub = [&] { return random_expression(rng, counter, depth - 1); };
  const std::string a = sub();
  const double choice = rng.uniform(counter++);
  const std::string b = choice < 0.6 ? sub() : "";
  if (choice < 0.15) return "(" + a + " + " + b + ")";
  if (choice < 0.25) return "(" + a + " - " + b + ")";
  if (choice < 0.40) return "tanh(" + a + ") * " + b;
  if (choice < 0.50) return a + " / (1.5 + (" + b + ")^2)";
  if (choice < 0.60) return "if(a < " + b + ", " + b + ", sin(" + a + "))";
  if (choice < 0.66) return "exp(-(" + a + ")^2)";
  if (choice < 0.72) return "log(2 + abs(" + a + "))";
  if (choice < 0.78) return "sqrt(1 + (" + a + ")^2)";
  if (choice < 0.84) return "(1.1 + tanh(" + a + "))^a";
  if (choice < 0.90) return "erf(" + a + ")";
  if (choice < 0.95) return "log_phi(tanh(" + a + "))";
  return "lgamma(2 + cos(" + a + "))";
}

}  // namespace

TEST_CASE("every function has the derivative that central differences give") {
  for (const char* text : {"a + b * c",
                           "a - b",
                           "-a",
                           "a / b",
                           "a ^ b",
                           "a ^ 3",
                           "a ^ 2",
                           "a ^ 0.5",
                           "a ^ -1",
                           "2 ^ a",
                           "exp(a)",
                           "log(a)",
                           "log10(a)",
                           "sqrt(a)",
                           "abs(a)",
                           "abs(-a)",
                           "min(a, b)",
                           "max(a, b)",
                           "min(b, a)",
                           "sin(a)",
                           "cos(a)",
                           "tanh(a)",
                           "lgamma(a)",
                           "erf(a)",
                           "erfc(a)",
                           "log_phi(a)",
                           "log_phi(-5 * a)",
                           "if(a < b, a * c, b)",
                           "if(a > b, a * c, b * a)",
                           "if(a <= b and not (a == b), a^2, 0)",
                           "if(a >= b or a != b, a^2, c)",
                           "a * b * c / (a + b)",
                           "exp(a * log(b))",
                           "a^b^c",
                           "lgamma(a * b)"})
    for (const std::vector<double>& y : {std::vector<double>{1.3, 2.1, 0.7}, {0.4, 0.3, 1.9}, {3.7, 0.9, 0.2}}) agrees(text, y);
}

TEST_CASE("random programs: the tape equals a walk over the tree, the derivatives equal differences") {
  const Rng rng{2024, 1};
  std::uint64_t counter = 0;
  for (int i = 0; i < 300; ++i) agrees(random_expression(rng, counter, 4), {0.83, 1.37, 0.59});
}

TEST_CASE("second derivatives are derivatives of first ones, also of lgamma") {
  const std::vector<double> y{1.7, 0.0, 0.0};
  // psi'(x) = sum of 1/(x + k)^2; the tail beyond n is 1/(x+n) + 1/(2 (x+n)^2) + ...
  long double trigamma = 0.0L;
  const int n = 100000;
  for (int k = 0; k < n; ++k) trigamma += 1.0L / ((1.7L + k) * (1.7L + k));
  trigamma += 1.0L / (1.7L + n) + 0.5L / ((1.7L + n) * (1.7L + n));
  CHECK(Program("lgamma(a)").second(0, y) == doctest::Approx(static_cast<double>(trigamma)).epsilon(1e-12));
  CHECK(Program("a^3").second(0, y) == doctest::Approx(6 * 1.7).epsilon(1e-14));
  CHECK(Program("exp(2 * a)").second(0, y) == doctest::Approx(4 * std::exp(3.4)).epsilon(1e-14));
  CHECK(Program("1 / a").second(0, y) == doctest::Approx(2 / (1.7 * 1.7 * 1.7)).epsilon(1e-14));
}

TEST_CASE("the derivative of log_phi stays finite far into the tail, where it approaches -x") {
  for (const double x : {-10.0, -40.0, -300.0}) {
    // Mills: phi / Phi is between -x and -x - 1/x.
    const double slope = Program("log_phi(a)").slope(0, {x, 0.0, 0.0});
    CHECK(slope > -x * (1 - 1e-10));
    CHECK(slope < (-x - 1 / x) * (1 + 1e-10));
  }
}

TEST_CASE("a power of a state that is 0 has finite derivatives where the limit is finite") {
  CHECK(Program("a ^ 1.5").slope(0, {0.0, 0.0, 0.0}) == 0.0);
  CHECK(Program("a ^ b").slope(1, {0.0, 2.0, 0.0}) == 0.0);
  CHECK(Program("a ^ b").slope(0, {0.0, 0.0, 0.0}) == 0.0);
  CHECK(Program("a ^ b / (c ^ b + a ^ b)").slope(0, {0.0, 2.0, 1.0}) == 0.0);
}

TEST_CASE("a derivative by a name that is absent is the constant 0, and comparisons have none") {
  Program p("exp(a) + (a < b)");
  CHECK(p.graph.is_constant(Derivative(p.graph, p.states[2]).of(p.value), 0.0));
  CHECK(p.graph.is_constant(Derivative(p.graph, p.states[1]).of(p.value), 0.0));
}

TEST_CASE("a chain of a hundred thousand intermediates is differentiated and compiled") {
  Graph g;
  const NodeId x = g.input(Input::state, 0);
  NodeId node = x;
  for (int i = 0; i < 100000; ++i) node = g.make(Op::add, g.make(Op::sin, node), g.constant(0.5));
  const NodeId slope = Derivative(g, x).of(node);
  const Tape tape = make_tape(g, {slope}, [&](NodeId id) {
    return id == x ? std::optional(Load{Load::From::y, 0, 0.0}) : std::nullopt;
  });
  double out = 1.0, y = 0.3;
  std::vector<double> registers;
  run<double>(tape, 0.0, &y, nullptr, &out, registers);
  CHECK(std::isfinite(out));
}
