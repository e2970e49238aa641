#include "expr/emit.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

#include "expr/run.hpp"
#include "support/random_programs.hpp"
#include "support/wasm_machine.hpp"

using namespace titrate;

namespace {

bool same_bits(double a, double b) { return (std::isnan(a) && std::isnan(b)) || std::memcmp(&a, &b, sizeof a) == 0; }

std::vector<double> interpreted(const RandomProgram& program) {
  std::vector<double> out(program.tape.outputs.size()), registers;
  interpret(program.tape, program.t, program.y.data(), program.p.data(), out.data(), registers);
  return out;
}

std::vector<double> emitted(const RandomProgram& program, std::size_t operations) {
  const Emitted code = emit(program.tape, operations);
  REQUIRE(code.scratch <= static_cast<std::size_t>(program.tape.registers));
  return WasmMachine(code.module).run(program.t, program.y, program.p, program.tape.outputs.size(), code.scratch);
}

// Outputs of the two that differ.
int differences(const RandomProgram& program, std::size_t operations) {
  const auto a = interpreted(program), b = emitted(program, operations);
  int found = 0;
  for (std::size_t i = 0; i < a.size(); ++i) found += same_bits(a[i], b[i]) ? 0 : 1;
  return found;
}

RandomProgram of(Graph& graph, const std::vector<NodeId>& outputs, std::vector<double> y) {
  RandomProgram program;
  program.tape = make_tape(graph, outputs, [&](NodeId id) -> std::optional<Load> {
    if (graph[id].op != Op::input) return std::nullopt;
    return Load{Load::From::y, graph[id].index, 0.0};
  });
  program.y = std::move(y);
  return program;
}

}  // namespace

TEST_CASE("the bytes of y0 + 2 are those that the WebAssembly specification gives") {
  Graph graph;
  const NodeId y0 = graph.input(Input::state, 0), two = graph.constant(2.0);
  const auto program = of(graph, {graph.make(Op::add, y0, two)}, {40.0});
  const Bytes expected{0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,                               // magic, version
                       0x01, 0x14, 0x03, 0x60, 0x05, 0x7c, 0x7f, 0x7f, 0x7f, 0x7f, 0x00,             // types: the kernel's,
                       0x60, 0x01, 0x7c, 0x01, 0x7c, 0x60, 0x02, 0x7c, 0x7c, 0x01, 0x7c,             // of one and two numbers
                       0x02, 0x10, 0x01, 0x04, 'h',  'o',  's',  't',  0x06, 'm',  'e',  'm',  'o',  // the memory
                       'r',  'y',  0x02, 0x00, 0x00, 0x03, 0x02, 0x01, 0x00,                         // one function
                       0x07, 0x0a, 0x01, 0x06, 'k',  'e',  'r',  'n',  'e',  'l',  0x00, 0x00,       // exported
                       0x0a, 0x18, 0x01, 0x16, 0x00, 0x20, 0x03,                                     // no locals; out
                       0x20, 0x01, 0x2b, 0x03, 0x00,                                                 // y[0]
                       0x44, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x40,                         // 2
                       0xa0, 0x39, 0x03, 0x00, 0x0b};                                                // add, store, end
  CHECK(emit(program.tape).module == expected);
  CHECK(emitted(program, 1500) == std::vector<double>{42.0});
}

TEST_CASE("10,000 random programs give the same bits emitted as interpreted, in one function or in several") {
  RandomPrograms programs(5);
  int different = 0, finite = 0;
  for (int i = 0; i < 10000; ++i) {
    const RandomProgram program = programs.next(2 + i % 60);
    different += differences(program, i % 3 == 0 ? 5 : 1500);
    for (const double x : interpreted(program)) finite += std::isfinite(x) ? 1 : 0;
  }
  CHECK(different == 0);
  CHECK(finite > 20000);
}

TEST_CASE("a long program becomes functions of bounded size that hand over through the scratch") {
  RandomPrograms programs(6);
  for (int i = 0; i < 10; ++i) {
    const RandomProgram program = programs.next(4000);
    const Emitted code = emit(program.tape, 200);
    const WasmMachine machine(code.module);
    for (const auto& function : machine.functions()) CHECK(function.code.size() < 200 * 40);
    CHECK(differences(program, 200) == 0);
  }
  Graph graph;
  NodeId sum = graph.input(Input::state, 0);  // one tree of 5000 operations
  for (int i = 1; i <= 5000; ++i) sum = graph.make(i % 2 == 0 ? Op::sub : Op::mul, graph.input(Input::state, i % 7), sum);
  const auto program = of(graph, {sum}, {0.1, 0.7, 0.3, -0.4, 0.5, 0.6, -0.2});
  CHECK(WasmMachine(emit(program.tape, 1000).module).functions().size() > 4);
  CHECK(differences(program, 1000) == 0);
}

TEST_CASE("what a comparison and a selection make of NaN, infinities and zeros of both signs is the same") {
  const double inf = HUGE_VAL;
  for (const double a : {std::nan(""), inf, -inf, 0.0, -0.0, 1.0})
    for (const double b : {std::nan(""), inf, -inf, 0.0, -0.0, 2.0}) {
      Graph graph;
      const NodeId x = graph.input(Input::state, 0), y = graph.input(Input::state, 1);
      std::vector<NodeId> outputs;
      for (const Op op : {Op::less, Op::less_equal, Op::equal, Op::not_equal, Op::both, Op::either, Op::min, Op::max, Op::pow}) {
        outputs.push_back(graph.make(op, x, y));
        outputs.push_back(graph.make(Op::select, graph.make(op, y, x), x, y));
        outputs.push_back(graph.make(Op::negate, graph.make(op, x, y)));
      }
      CHECK(differences(of(graph, outputs, {a, b}), 1500) == 0);
    }
}
