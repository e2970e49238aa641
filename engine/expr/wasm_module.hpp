// A WebAssembly module as bytes: the binary format's sections, its integers (LEB128), and the few instructions that straight-line
// arithmetic needs. It knows nothing of tapes; what a kernel consists of is said in expr/emit.cpp.
//
// Reference: WebAssembly Core Specification 1.0 (W3C 2019), section 5, Binary Format.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace titrate {

using Bytes = std::vector<std::uint8_t>;

namespace wasm {

enum Type : std::uint8_t { i32 = 0x7f, f64 = 0x7c };

enum Opcode : std::uint8_t {
  end = 0x0b,
  call = 0x10,
  select = 0x1b,
  local_get = 0x20,
  local_set = 0x21,
  local_tee = 0x22,
  f64_load = 0x2b,
  f64_store = 0x39,
  f64_const = 0x44,
  f64_eq = 0x61,
  f64_ne = 0x62,
  f64_lt = 0x63,
  f64_le = 0x65,
  i32_and = 0x71,
  i32_or = 0x72,
  f64_abs = 0x99,
  f64_neg = 0x9a,
  f64_sqrt = 0x9f,
  f64_add = 0xa0,
  f64_sub = 0xa1,
  f64_mul = 0xa2,
  f64_div = 0xa3,
  f64_min = 0xa4,
  f64_max = 0xa5,
  f64_convert_i32_u = 0xb8,
};

struct Signature {
  std::vector<Type> arguments, results;
};

// The instructions of one function.
class Code {
 public:
  void op(Opcode opcode) { bytes_.push_back(opcode); }
  void op(Opcode opcode, std::uint32_t index);  // a local, a function
  void number(double value);
  // Of the double at `index` of the array whose address is on the stack.
  void load(std::uint32_t index) { access(f64_load, index); }
  void store(std::uint32_t index) { access(f64_store, index); }
  [[nodiscard]] const Bytes& bytes() const { return bytes_; }

 private:
  void access(Opcode opcode, std::uint32_t index);
  Bytes bytes_;
};

struct Import {
  std::string module, name;
  std::uint32_t signature = 0;
};

struct Function {
  std::uint32_t signature = 0;
  std::uint32_t locals = 0;  // of type f64, after the arguments
  Code code;                 // without the closing `end`
};

struct Module {
  std::vector<Signature> signatures;
  std::vector<Import> imports;  // functions; they are counted first
  std::vector<Function> functions;
  std::string exported;  // the name under which the last function is seen from outside
  // The memory is imported as "host"."memory".
  [[nodiscard]] Bytes bytes() const;
};

}  // namespace wasm

}  // namespace titrate
