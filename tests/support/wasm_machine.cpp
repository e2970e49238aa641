#include "support/wasm_machine.hpp"

#include <cmath>
#include <cstring>
#include <stdexcept>

#include "expr/special.hpp"
#include "expr/wasm_module.hpp"

namespace titrate {

namespace {

using namespace wasm;

class Reader {
 public:
  explicit Reader(const Bytes& bytes, std::size_t from, std::size_t to) : bytes_(bytes), at_(from), end_(to) {
    if (to > bytes.size()) throw std::runtime_error("a section or a body is longer than the module");
  }
  explicit Reader(const Bytes& bytes) : Reader(bytes, 0, bytes.size()) {}

  [[nodiscard]] bool more() const { return at_ < end_; }
  std::uint8_t byte() {
    if (at_ >= end_) throw std::runtime_error("the bytes end too early");
    return bytes_[at_++];
  }
  std::size_t integer() {
    std::size_t value = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      const std::uint8_t next = byte();
      value |= std::size_t{next & 0x7fU} << shift;
      if (next < 0x80) return value;
    }
    throw std::runtime_error("an integer has more than five bytes");
  }
  double number() {
    std::uint64_t bits = 0;
    for (unsigned i = 0; i < 8; ++i) bits |= std::uint64_t{byte()} << (8 * i);
    double value = 0.0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }
  std::string name() {
    std::string text(integer(), ' ');
    for (char& c : text) c = static_cast<char>(byte());
    return text;
  }
  std::vector<std::uint8_t> types() {
    std::vector<std::uint8_t> all(integer());
    for (std::uint8_t& type : all) {
      type = byte();
      if (type != i32 && type != f64) throw std::runtime_error("an unknown type");
    }
    return all;
  }
  Reader part() {
    const std::size_t size = integer(), from = at_;
    at_ += size;
    return Reader(bytes_, from, from + size);
  }
  std::vector<std::uint8_t> rest() {
    std::vector<std::uint8_t> all;
    while (more()) all.push_back(byte());
    return all;
  }
  void expect(std::size_t found, std::size_t wanted, const char* what) const {
    if (found != wanted) throw std::runtime_error(what);
  }

 private:
  const Bytes& bytes_;
  std::size_t at_, end_;
};

struct Shape {
  std::vector<std::uint8_t> takes;
  std::vector<std::uint8_t> gives;
};

// Of the instructions that have no immediate argument.
Shape shape_of(std::uint8_t opcode) {
  switch (opcode) {
    case f64_eq:
    case f64_ne:
    case f64_lt:
    case f64_le:
      return {{f64, f64}, {i32}};
    case i32_and:
    case i32_or:
      return {{i32, i32}, {i32}};
    case f64_abs:
    case f64_neg:
    case f64_sqrt:
      return {{f64}, {f64}};
    case f64_add:
    case f64_sub:
    case f64_mul:
    case f64_div:
    case f64_min:
    case f64_max:
      return {{f64, f64}, {f64}};
    case f64_convert_i32_u:
      return {{i32}, {f64}};
    case wasm::select:
      return {{f64, f64, i32}, {f64}};
    default:
      throw std::runtime_error("an unknown instruction");
  }
}

}  // namespace

struct WasmMachine::Memory {
  std::vector<double> cells;
  double& at(std::uint32_t address, std::size_t offset) {
    const std::size_t place = address + offset;
    if (place % sizeof(double) != 0 || place / sizeof(double) >= cells.size()) throw std::runtime_error("a bad address");
    return cells[place / sizeof(double)];
  }
};

WasmMachine::WasmMachine(const Bytes& module) {
  Reader all(module);
  for (const int magic : {0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00})
    all.expect(all.byte(), static_cast<std::size_t>(magic), "not a WebAssembly module of version 1");
  bool has_memory = false;
  for (int last = 0; all.more();) {
    const int id = all.byte();
    if (id <= last) throw std::runtime_error("the sections are out of order");
    last = id;
    Reader section = all.part();
    const std::size_t count = section.integer();
    for (std::size_t i = 0; i < count; ++i) {
      if (id == 1) {
        section.expect(section.byte(), 0x60, "not the type of a function");
        auto arguments = section.types();
        signatures_.push_back({std::move(arguments), section.types()});
      } else if (id == 2) {
        const std::string from = section.name(), name = section.name();
        if (section.byte() == 2) {
          has_memory = from == "host" && name == "memory" && section.byte() == 0 && section.integer() == 0;
        } else {
          section.expect(from == "engine", 1, "an import from elsewhere");
          imports_.push_back({section.integer(), static_cast<std::uintptr_t>(std::stoull(name))});
        }
      } else if (id == 3) {
        functions_.push_back({section.integer(), 0, {}});
      } else if (id == 7) {
        section.expect(section.name() == "kernel" && section.byte() == 0, 1, "not the kernel is exported");
        exported_ = section.integer();
      } else if (id == 10) {
        Reader body = section.part();
        Function& function = functions_.at(i);
        for (std::size_t groups = body.integer(); groups > 0; --groups) {
          function.locals += body.integer();
          body.expect(body.byte(), f64, "a local that is no double");
        }
        function.code = body.rest();
      } else {
        throw std::runtime_error("an unknown section");
      }
    }
    if (section.more()) throw std::runtime_error("a section has bytes left over");
  }
  if (!has_memory) throw std::runtime_error("the memory is not imported");
  for (const Import& import : imports_) (void)signatures_.at(import.signature);
  for (const Function& function : functions_) validate(function);
  const Signature kernel{{f64, i32, i32, i32, i32}, {}};
  if (!(signature_of(exported_) == kernel)) throw std::runtime_error("the exported function is no kernel");
}

const WasmMachine::Signature& WasmMachine::signature_of(std::size_t function) const {
  return signatures_.at(function < imports_.size() ? imports_[function].signature
                                                   : functions_.at(function - imports_.size()).signature);
}

void WasmMachine::validate(const Function& function) const {
  const Signature& signature = signatures_.at(function.signature);
  std::vector<std::uint8_t> locals = signature.arguments, stack;
  locals.resize(locals.size() + function.locals, f64);
  const auto pop = [&](std::uint8_t type) {
    if (stack.empty() || stack.back() != type) throw std::runtime_error("the stack does not hold what an instruction takes");
    stack.pop_back();
  };
  const auto apply_shape = [&](const Shape& shape) {
    for (auto type = shape.takes.rbegin(); type != shape.takes.rend(); ++type) pop(*type);
    stack.insert(stack.end(), shape.gives.begin(), shape.gives.end());
  };
  Reader code(function.code);
  bool ended = false;
  while (code.more()) {
    if (ended) throw std::runtime_error("instructions after the end");
    const std::uint8_t opcode = code.byte();
    if (opcode == wasm::end) {
      ended = true;
    } else if (opcode == local_get) {
      stack.push_back(locals.at(code.integer()));
    } else if (opcode == local_set) {
      pop(locals.at(code.integer()));
    } else if (opcode == local_tee) {
      const std::uint8_t type = locals.at(code.integer());
      apply_shape({{type}, {type}});
    } else if (opcode == f64_const) {
      (void)code.number();
      stack.push_back(f64);
    } else if (opcode == f64_load || opcode == f64_store) {
      if (code.integer() > 3) throw std::runtime_error("aligned to more than a double");
      (void)code.integer();
      opcode == f64_load ? apply_shape({{i32}, {f64}}) : apply_shape({{i32, f64}, {}});
    } else if (opcode == call) {
      const Signature& called = signature_of(code.integer());
      apply_shape({called.arguments, called.results});
    } else {
      apply_shape(shape_of(opcode));
    }
  }
  if (!ended || stack != signature.results) throw std::runtime_error("a function does not end with its results");
}

void WasmMachine::execute(std::size_t index, std::vector<Value>& stack, Memory& memory) const {
  const auto take = [&] {
    const Value value = stack.back();
    stack.pop_back();
    return value;
  };
  const auto give = [&](double number) { stack.push_back({number, 0}); };
  const auto give_truth = [&](bool truth) { stack.push_back({0.0, truth ? 1U : 0U}); };
  if (index < imports_.size()) {
    const double b = take().number;
    if (signature_of(index).arguments.size() == 1) return give(reinterpret_cast<double (*)(double)>(imports_[index].address)(b));
    const double a = take().number;
    return give(reinterpret_cast<double (*)(double, double)>(imports_[index].address)(a, b));
  }
  const Function& function = functions_[index - imports_.size()];
  const auto arguments = static_cast<std::ptrdiff_t>(signature_of(index).arguments.size());
  std::vector<Value> locals(stack.end() - arguments, stack.end());
  stack.resize(stack.size() - static_cast<std::size_t>(arguments));
  locals.resize(locals.size() + function.locals);
  Reader code(function.code);
  while (code.more()) {
    const std::uint8_t opcode = code.byte();
    if (opcode == wasm::end) break;
    if (opcode == local_get) {
      stack.push_back(locals[code.integer()]);
    } else if (opcode == local_set) {
      locals[code.integer()] = take();
    } else if (opcode == local_tee) {
      locals[code.integer()] = stack.back();
    } else if (opcode == f64_const) {
      give(code.number());
    } else if (opcode == f64_load) {
      (void)code.integer();
      const std::size_t offset = code.integer();
      give(memory.at(take().integer, offset));
    } else if (opcode == f64_store) {
      (void)code.integer();
      const std::size_t offset = code.integer();
      const double value = take().number;
      memory.at(take().integer, offset) = value;
    } else if (opcode == call) {
      execute(code.integer(), stack, memory);
    } else if (opcode == wasm::select) {
      const bool first = take().integer != 0;
      const Value no = take(), yes = take();
      stack.push_back(first ? yes : no);
    } else if (opcode == i32_and || opcode == i32_or) {
      const std::uint32_t b = take().integer, a = take().integer;
      give_truth((opcode == i32_and ? a & b : a | b) != 0);
    } else if (opcode == f64_convert_i32_u) {
      give(take().integer);
    } else if (opcode == f64_abs || opcode == f64_neg || opcode == f64_sqrt) {
      const double a = take().number;
      give(opcode == f64_abs ? std::fabs(a) : opcode == f64_neg ? -a : std::sqrt(a));
    } else {
      const double b = take().number, a = take().number;
      if (opcode == f64_add) give(a + b);
      if (opcode == f64_sub) give(a - b);
      if (opcode == f64_mul) give(a * b);
      if (opcode == f64_div) give(a / b);
      if (opcode == f64_min) give(minimum(a, b));
      if (opcode == f64_max) give(maximum(a, b));
      if (opcode == f64_eq) give_truth(a == b);
      if (opcode == f64_ne) give_truth(a != b);
      if (opcode == f64_lt) give_truth(a < b);
      if (opcode == f64_le) give_truth(a <= b);
    }
  }
}

std::vector<double> WasmMachine::run(double t, const std::vector<double>& y, const std::vector<double>& p, std::size_t outputs,
                                     std::size_t scratch) const {
  Memory memory;
  std::vector<Value> stack{{t, 0}};
  for (const auto* part : {&y, &p}) {
    stack.push_back({0.0, static_cast<std::uint32_t>(memory.cells.size() * sizeof(double))});
    memory.cells.insert(memory.cells.end(), part->begin(), part->end());
  }
  const std::size_t first_output = memory.cells.size();
  stack.push_back({0.0, static_cast<std::uint32_t>(first_output * sizeof(double))});
  stack.push_back({0.0, static_cast<std::uint32_t>((first_output + outputs) * sizeof(double))});
  memory.cells.resize(first_output + outputs + scratch, std::nan(""));
  execute(exported_, stack, memory);
  const auto begin = memory.cells.begin() + static_cast<std::ptrdiff_t>(first_output);
  return {begin, begin + static_cast<std::ptrdiff_t>(outputs)};
}

}  // namespace titrate
