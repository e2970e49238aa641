// A graph's part as straight-line code, and the interpreter that runs it.
//
// kernel(t, y, p, out): t time, y the states (or the prediction), p the values computed once per covariate segment. Instructions
// are in graph order and one register each, so any producer of kernels that follows the same order gives the same bits (the other
// one is expr/emit.hpp).
// The lane type is a template parameter: double here, packs of doubles for many patients at once.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "expr/ir.hpp"

namespace titrate {

class Link;

struct Load {
  enum class From : std::uint8_t { constant, t, y, p } from = From::constant;
  std::int32_t index = 0;
  double value = 0.0;
};

struct Instruction {
  Op op;
  std::int32_t out, a, b, c;  // registers
};

struct Tape {
  std::vector<Load> loads;  // fill registers 0 ... loads.size() - 1
  std::vector<Instruction> code;
  std::vector<std::int32_t> outputs;  // registers, in the order asked for
  std::int32_t registers = 0;
  std::shared_ptr<Link> link;  // of expr/link.hpp; null: always interpreted

  [[nodiscard]] bool empty() const { return outputs.empty(); }
};

// `leaf` says which nodes are read and not computed (asked before a node's arguments are visited); constants are always read.
using Leaf = std::function<std::optional<Load>(NodeId)>;
[[nodiscard]] Tape make_tape(const Graph& graph, const std::vector<NodeId>& outputs, const Leaf& leaf);

// The kernel, called: by the linked function where there is one. `registers` is its memory between calls; `out` overlaps neither
// y nor p, which may be null where the tape reads none of it.
template <class Lane>
void run(const Tape& tape, Lane t, const Lane* y, const Lane* p, Lane* out, std::vector<Lane>& registers);
template <>
void run(const Tape& tape, double t, const double* y, const double* p, double* out, std::vector<double>& registers);

// The same for many calls with one p, which outlives them: `set` loads constants and p once, a call loads t and y and computes.
class Kernel {
 public:
  explicit Kernel(const Tape& tape);
  void set(const double* p);
  void operator()(double t, const double* y, double* out);

 private:
  const Tape* tape_;
  const double* p_ = nullptr;
  std::vector<Load> per_call_;             // of t and y
  std::vector<std::int32_t> per_call_to_;  // their registers
  std::vector<double> registers_;
};

}  // namespace titrate
