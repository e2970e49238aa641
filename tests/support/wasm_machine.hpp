// A WebAssembly machine for the modules that expr/emit.cpp writes: it reads the binary format strictly, checks every function
// as the specification's validation does (the types on the stack before each instruction, the indices), and runs the exported
// one. It is slow and knows only what those modules contain, but it runs natively, under the sanitizers.
//
// Reference: WebAssembly Core Specification 1.0, sections 3 (validation) and 5 (binary format).

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace titrate {

class WasmMachine {
 public:
  struct Function {
    std::size_t signature = 0;
    std::size_t locals = 0;
    std::vector<std::uint8_t> code;
  };

  // Throws std::runtime_error, and says why, when the module is not valid.
  explicit WasmMachine(const std::vector<std::uint8_t>& module);

  // kernel(t, y, p, out, scratch); arrays are copied into the machine's memory, out is read back from it.
  [[nodiscard]] std::vector<double> run(double t, const std::vector<double>& y, const std::vector<double>& p, std::size_t outputs,
                                        std::size_t scratch) const;

  [[nodiscard]] const std::vector<Function>& functions() const { return functions_; }
  [[nodiscard]] std::size_t imports() const { return imports_.size(); }

 private:
  struct Signature {
    std::vector<std::uint8_t> arguments, results;
    bool operator==(const Signature& other) const { return arguments == other.arguments && results == other.results; }
  };
  struct Import {
    std::size_t signature = 0;
    std::uintptr_t address = 0;
  };
  struct Value {
    double number = 0.0;
    std::uint32_t integer = 0;
  };
  struct Memory;

  [[nodiscard]] const Signature& signature_of(std::size_t function) const;
  void validate(const Function& function) const;
  void execute(std::size_t function, std::vector<Value>& stack, Memory& memory) const;

  std::vector<Signature> signatures_;
  std::vector<Import> imports_;
  std::vector<Function> functions_;
  std::size_t exported_ = 0;
};

}  // namespace titrate
