#include "expr/ir.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "expr/lower.hpp"
#include "expr/parser.hpp"
#include "expr/special.hpp"
#include "expr/tape.hpp"

using namespace titrate;

namespace {

struct Fixture {
  Graph g;
  NodeId x = g.input(Input::state, 0);
  NodeId y = g.input(Input::state, 1);
  NodeId wt = g.input(Input::covariate, 0);
  NodeId eta = g.input(Input::eta, 0);

  NodeId lowered(const std::string& text) {
    return lower(g, *parse_expression({text, ""}), [&](const std::string& name) -> std::optional<NodeId> {
      if (name == "x") return x;
      if (name == "y") return y;
      if (name == "wt") return wt;
      if (name == "eta") return eta;
      return std::nullopt;
    });
  }
};

}  // namespace

TEST_CASE("equal expressions are one node, whatever the order of a sum or a product") {
  Fixture f;
  CHECK(f.lowered("x * y + exp(x)") == f.lowered("exp(x) + y * x"));
  CHECK(f.lowered("x < y") == f.lowered("y > x"));
  CHECK(f.lowered("x - y") != f.lowered("y - x"));
  CHECK(f.g.constant(0.0) == f.g.constant(-0.0));
}

TEST_CASE("constants are folded when the result is finite, and only then") {
  Fixture f;
  CHECK(f.g.is_constant(f.lowered("2 * 3 + 4 ^ 0.5"), 8.0));
  CHECK(f.g.is_constant(f.lowered("if(1 < 2, 5, x)"), 5.0));
  CHECK(f.g.is_constant(f.lowered("120 [mL/min] / 1 [L/h]"), 120 * 0.06));
  CHECK(f.g[f.lowered("1 / 0")].op == Op::div);
  CHECK(f.g[f.lowered("log(-1)")].op == Op::log);
  CHECK(f.g[f.lowered("exp(1000)")].op == Op::exp);
}

TEST_CASE("identities that hold for every finite value are applied") {
  Fixture f;
  for (const char* text :
       {"x + 0", "0 + x", "x - 0", "x * 1", "1 * x", "x / 1", "x ^ 1", "--x", "if(wt, x, x)", "max(x, x)", "if(0, y, x)"})
    CHECK_MESSAGE(f.lowered(text) == f.x, text);
  for (const char* text : {"0 * x", "x - x", "0 * log(x)", "0 and x"}) CHECK_MESSAGE(f.g.is_constant(f.lowered(text), 0.0), text);
  CHECK(f.g.is_constant(f.lowered("x ^ 0"), 1.0));
  CHECK(f.lowered("x + -y") == f.lowered("x - y"));
  CHECK(f.lowered("x / x") != f.g.constant(1.0));  // not at 0
}

TEST_CASE("a node's stage is the latest of what it reads") {
  Fixture f;
  CHECK(f.g[f.lowered("2 * 3")].stage == Stage::constant);
  CHECK(f.g[f.lowered("wt * 3")].stage == Stage::individual);
  CHECK(f.g[f.lowered("exp(eta) * wt")].stage == Stage::individual);
  CHECK(f.g[f.lowered("exp(eta) * x")].stage == Stage::dynamic);
  CHECK(f.g[f.lowered("if(t > wt, 1, 2)")].stage == Stage::dynamic);
  CHECK(f.g[f.g.input(Input::prediction, 0)].stage == Stage::dynamic);
}

TEST_CASE("a name that nobody binds is a bug of the caller") {
  Fixture f;
  CHECK_THROWS_AS((void)f.lowered("nobody"), std::logic_error);
  CHECK_THROWS_AS((void)f.lowered("nobody(x)"), std::logic_error);
}

TEST_CASE("min and max pass NaN on and know the sign of zero") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(std::isnan(minimum(nan, 1.0)));
  CHECK(std::isnan(minimum(1.0, nan)));
  CHECK(std::isnan(maximum(nan, 1.0)));
  CHECK(std::isnan(maximum(1.0, nan)));
  CHECK(std::signbit(minimum(0.0, -0.0)));
  CHECK(std::signbit(minimum(-0.0, 0.0)));
  CHECK_FALSE(std::signbit(maximum(0.0, -0.0)));
  CHECK_FALSE(std::signbit(maximum(-0.0, 0.0)));
  CHECK(minimum(2.0, 3.0) == 2.0);
  CHECK(maximum(2.0, 3.0) == 3.0);
}

TEST_CASE("digamma has its known values and obeys its recurrence") {
  const double euler = 0.57721566490153286061;
  CHECK(digamma(1.0) == doctest::Approx(-euler).epsilon(1e-15));
  CHECK(digamma(0.5) == doctest::Approx(-euler - 2 * std::log(2.0)).epsilon(1e-15));
  CHECK(digamma(0.25) == doctest::Approx(-euler - 3 * std::log(2.0) - std::acos(-1.0) / 2).epsilon(1e-15));
  double harmonic = 0.0;
  for (int n = 1; n < 60; ++n) {
    CHECK(std::abs(digamma(n) - (harmonic - euler)) < 1e-14 * std::max(1.0, harmonic));
    harmonic += 1.0 / n;
  }
  for (double x = -7.3; x < 0; x += 0.61) CHECK(std::abs(digamma(x + 1) - digamma(x) - 1 / x) < 1e-12 * (1 + std::abs(1 / x)));
  CHECK(std::isnan(digamma(-3.0)));
}

TEST_CASE("a tape reads its leaves, computes each node once in graph order and gives its outputs in order") {
  Fixture f;
  const NodeId shared = f.lowered("exp(eta) * wt");
  const NodeId a = f.lowered("exp(eta) * wt * x + t"), b = f.lowered("exp(eta) * wt * y - 2");
  const Leaf leaf = [&](NodeId id) -> std::optional<Load> {
    if (id == shared) return Load{Load::From::p, 0, 0.0};
    const Node& node = f.g[id];
    if (node.op != Op::input) return std::nullopt;
    if (node.input == Input::time) return Load{Load::From::t, 0, 0.0};
    if (node.input == Input::state) return Load{Load::From::y, node.index, 0.0};
    return std::nullopt;
  };
  const Tape tape = make_tape(f.g, {b, a, b, f.x}, leaf);
  CHECK(tape.code.size() == 4);  // two products, a sum, a difference
  CHECK(tape.loads.size() == 5);
  const double y[] = {3.0, 5.0}, p[] = {7.0};
  double out[4];
  std::vector<double> registers;
  run(tape, 100.0, y, p, out, registers);
  CHECK(out[0] == 33.0);
  CHECK(out[1] == 121.0);
  CHECK(out[2] == 33.0);
  CHECK(out[3] == 3.0);
  CHECK_THROWS_AS((void)make_tape(f.g, {f.eta}, leaf), std::logic_error);
  CHECK(make_tape(f.g, {}, leaf).empty());
}
