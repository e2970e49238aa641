#include "expr/emit.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include "base/rng.hpp"
#include "expr/special.hpp"

namespace titrate {

namespace {

using Unary = double (*)(double);
using Binary = double (*)(double, double);

constexpr int kLargestTree = 100;  // operations that stand on the stack alone: a bound on depth

// Locals 0 to 4 are the kernel's arguments.
constexpr std::uint32_t t_ = 0, y_ = 1, p_ = 2, out_ = 3, scratch_ = 4, arguments = 5;
constexpr std::uint32_t unary_signature = 1, binary_signature = 2;  // 0: the kernel's

int arity(Op op) {
  switch (op) {
    case Op::constant:
    case Op::input:
      return 0;
    case Op::add:
    case Op::sub:
    case Op::mul:
    case Op::div:
    case Op::pow:
    case Op::min:
    case Op::max:
    case Op::less:
    case Op::less_equal:
    case Op::equal:
    case Op::not_equal:
    case Op::both:
    case Op::either:
      return 2;
    case Op::select:
      return 3;
    default:
      return 1;
  }
}

bool is_truth(Op op) { return op >= Op::less && op <= Op::negate; }

// The functions that `apply` calls (expr/ir.cpp).
Unary called(Op op) {
  switch (op) {
    case Op::exp:
      return std::exp;
    case Op::log:
      return std::log;
    case Op::log10:
      return std::log10;
    case Op::sin:
      return std::sin;
    case Op::cos:
      return std::cos;
    case Op::tanh:
      return std::tanh;
    case Op::lgamma:
      return std::lgamma;
    case Op::digamma:
      return digamma;
    case Op::erf:
      return std::erf;
    case Op::erfc:
      return std::erfc;
    case Op::log_phi:
      return log_phi;
    default:
      throw std::logic_error("an operation that no producer of kernels knows");
  }
}

wasm::Opcode opcode(Op op) {
  switch (op) {
    case Op::add:
      return wasm::f64_add;
    case Op::sub:
      return wasm::f64_sub;
    case Op::mul:
      return wasm::f64_mul;
    case Op::div:
      return wasm::f64_div;
    case Op::neg:
      return wasm::f64_neg;
    case Op::sqrt:
      return wasm::f64_sqrt;
    case Op::abs:
      return wasm::f64_abs;
    case Op::min:
      return wasm::f64_min;
    case Op::max:
      return wasm::f64_max;
    case Op::less:
      return wasm::f64_lt;
    case Op::less_equal:
      return wasm::f64_le;
    case Op::equal:
      return wasm::f64_eq;
    case Op::not_equal:
      return wasm::f64_ne;
    case Op::both:
      return wasm::i32_and;
    case Op::either:
      return wasm::i32_or;
    default:
      return wasm::call;
  }
}

// What becomes of each register: where it is computed, and whether a local keeps it.
struct Plan {
  struct Register {
    int uses = 0;
    int size = 0;   // operations of its tree
    int part = 0;   // the function that computes it
    int slot = -1;  // in scratch, where a later function needs it
    bool kept = false;
    std::vector<std::uint32_t> outputs;
    [[nodiscard]] bool computed() const { return size > 0; }
    // Computed for itself, not within another's tree.
    [[nodiscard]] bool root() const { return computed() && (kept || !outputs.empty()); }
  };
  std::vector<Register> registers;
  int parts = 1;
  std::size_t scratch = 0;
};

Plan plan_of(const Tape& tape, std::size_t operations) {
  Plan plan;
  plan.registers.resize(static_cast<std::size_t>(tape.registers));
  const auto at = [&](std::int32_t r) -> Plan::Register& { return plan.registers[static_cast<std::size_t>(r)]; };
  const auto for_arguments = [&](const Instruction& i, const auto& act) {
    const std::int32_t from[] = {i.a, i.b, i.c};
    for (int k = 0; k < arity(i.op); ++k) act(at(from[k]));
  };
  for (const Instruction& i : tape.code) for_arguments(i, [](Plan::Register& r) { ++r.uses; });
  for (std::size_t k = 0; k < tape.outputs.size(); ++k) {
    ++at(tape.outputs[k]).uses;
    at(tape.outputs[k]).outputs.push_back(static_cast<std::uint32_t>(k));
  }
  std::size_t in_part = 0;
  for (const Instruction& i : tape.code) {
    Plan::Register& r = at(i.out);
    r.size = 1;
    for_arguments(i, [&](const Plan::Register& argument) { r.size += argument.kept ? 0 : argument.size; });
    r.kept = r.uses > 1 || r.size >= kLargestTree;
    if (!r.root()) continue;
    if (in_part > 0 && in_part + static_cast<std::size_t>(r.size) > operations) {
      ++plan.parts;
      in_part = 0;
    }
    in_part += static_cast<std::size_t>(r.size);
    r.part = plan.parts - 1;
  }
  for (auto i = tape.code.rbegin(); i != tape.code.rend(); ++i) {
    const int part = at(i->out).part;
    for_arguments(*i, [&](Plan::Register& argument) {
      if (!argument.computed()) return;
      if (!argument.kept)
        argument.part = part;
      else if (argument.part != part && argument.slot < 0)
        argument.slot = static_cast<int>(plan.scratch++);
    });
  }
  return plan;
}

class Emitter {
 public:
  Emitter(const Tape& tape, std::size_t operations) : tape_(tape), plan_(plan_of(tape, operations)) {}

  Emitted emitted() {
    producer_.assign(static_cast<std::size_t>(tape_.registers), nullptr);
    for (const Instruction& i : tape_.code) producer_[static_cast<std::size_t>(i.out)] = &i;
    module_.signatures = {{{wasm::f64, wasm::i32, wasm::i32, wasm::i32, wasm::i32}, {}},
                          {{wasm::f64}, {wasm::f64}},
                          {{wasm::f64, wasm::f64}, {wasm::f64}}};
    module_.exported = "kernel";
    import_functions();
    auto next = tape_.code.begin();
    for (int part = 0; part < plan_.parts; ++part) {
      function_ = wasm::Function{};
      local_.assign(static_cast<std::size_t>(tape_.registers), 0);
      if (part == 0) emit_outputs_that_are_read();
      for (; next != tape_.code.end(); ++next) {
        const Plan::Register& r = plan(next->out);
        if (!r.root()) continue;
        if (r.part != part) break;
        emit_root(next->out);
      }
      module_.functions.push_back(std::move(function_));
    }
    if (plan_.parts > 1) module_.functions.push_back(caller());
    return {module_.bytes(), plan_.scratch};
  }

 private:
  const Plan::Register& plan(std::int32_t r) const { return plan_.registers[static_cast<std::size_t>(r)]; }

  void import_functions() {
    for (const Instruction& i : tape_.code) {
      if (opcode(i.op) != wasm::call || i.op == Op::select || i.op == Op::negate || imported_.count(i.op) > 0) continue;
      const bool power = i.op == Op::pow;
      const auto address = power ? reinterpret_cast<std::uintptr_t>(static_cast<Binary>(std::pow))
                                 : reinterpret_cast<std::uintptr_t>(called(i.op));
      imported_[i.op] = static_cast<std::uint32_t>(module_.imports.size());
      module_.imports.push_back({"engine", std::to_string(address), power ? binary_signature : unary_signature});
    }
  }

  void emit_outputs_that_are_read() {
    for (std::size_t r = 0; r < tape_.loads.size(); ++r)
      for (const std::uint32_t k : plan_.registers[r].outputs) {
        function_.code.op(wasm::local_get, out_);
        value(static_cast<std::int32_t>(r));
        function_.code.store(k);
      }
  }

  // A value that is kept, or that is an output and nothing else.
  void emit_root(std::int32_t r) {
    const Plan::Register& what = plan(r);
    if (what.kept) {
      compute(r);
      function_.code.op(wasm::local_set, new_local(r));
    }
    for (const std::uint32_t k : what.outputs) {
      function_.code.op(wasm::local_get, out_);
      value(r);
      function_.code.store(k);
    }
    if (what.slot < 0) return;
    function_.code.op(wasm::local_get, scratch_);
    value(r);
    function_.code.store(static_cast<std::uint32_t>(what.slot));
  }

  std::uint32_t new_local(std::int32_t r) { return local_[static_cast<std::size_t>(r)] = arguments + function_.locals++; }

  // Leaves the value of a register on the stack.
  void value(std::int32_t r) {
    const Plan::Register& what = plan(r);
    if (const std::uint32_t local = local_[static_cast<std::size_t>(r)]; local > 0)
      return function_.code.op(wasm::local_get, local);
    if (what.computed() && !what.kept) return compute(r);
    if (what.computed()) {  // by an earlier function
      read(scratch_, what.slot);
    } else {
      const Load& load = tape_.loads[static_cast<std::size_t>(r)];
      if (load.from == Load::From::constant) return function_.code.number(load.value);
      if (load.from == Load::From::t) return function_.code.op(wasm::local_get, t_);
      read(load.from == Load::From::y ? y_ : p_, load.index);
    }
    if (what.uses > 1) function_.code.op(wasm::local_tee, new_local(r));
  }

  void read(std::uint32_t array, int index) {
    function_.code.op(wasm::local_get, array);
    function_.code.load(static_cast<std::uint32_t>(index));
  }

  void compute(std::int32_t r) {
    const Instruction& i = *producer_[static_cast<std::size_t>(r)];
    if (is_truth(i.op)) {
      truth_of(i);
      return function_.code.op(wasm::f64_convert_i32_u);
    }
    if (i.op == Op::select) {
      value(i.b);
      value(i.c);
      condition(i.a);
      return function_.code.op(wasm::select);
    }
    value(i.a);
    if (arity(i.op) == 2) value(i.b);
    const wasm::Opcode code = opcode(i.op);
    if (code == wasm::call)
      function_.code.op(code, imported_.at(i.op));
    else
      function_.code.op(code);
  }

  // Leaves 1 or 0 as an i32: the result of a comparison or of logic.
  void truth_of(const Instruction& i) {
    if (i.op == Op::negate) {
      value(i.a);
      function_.code.number(0.0);
      return function_.code.op(wasm::f64_eq);
    }
    const bool logic = i.op == Op::both || i.op == Op::either;
    for (const std::int32_t argument : {i.a, i.b}) logic ? condition(argument) : value(argument);
    function_.code.op(opcode(i.op));
  }

  // Leaves 1 as an i32 where the register is not 0.
  void condition(std::int32_t r) {
    const Plan::Register& what = plan(r);
    if (what.computed() && !what.kept && is_truth(producer_[static_cast<std::size_t>(r)]->op))
      return truth_of(*producer_[static_cast<std::size_t>(r)]);
    value(r);
    function_.code.number(0.0);
    function_.code.op(wasm::f64_ne);
  }

  wasm::Function caller() const {
    wasm::Function all;
    for (int part = 0; part < plan_.parts; ++part) {
      for (std::uint32_t argument = 0; argument < arguments; ++argument) all.code.op(wasm::local_get, argument);
      all.code.op(wasm::call, static_cast<std::uint32_t>(module_.imports.size()) + static_cast<std::uint32_t>(part));
    }
    return all;
  }

  const Tape& tape_;
  const Plan plan_;
  wasm::Module module_;
  wasm::Function function_;
  std::map<Op, std::uint32_t> imported_;
  std::vector<const Instruction*> producer_;
  std::vector<std::uint32_t> local_;  // of the function being written; 0: none yet
};

}  // namespace

Emitted emit(const Tape& tape, std::size_t operations) { return Emitter(tape, operations).emitted(); }

}  // namespace titrate
