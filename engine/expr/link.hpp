// Kernels made at run time, where the host allows it: a tape that is run often is written as WebAssembly (expr/emit.hpp), which
// the host links into the engine's function table; from then on it is called as any function. It gives the same bits as the
// interpreter, so whether and when a tape is linked changes no answer. Natively, and where a policy forbids it, all is
// interpreted.

#pragma once

#include <cstddef>
#include <cstdint>

namespace titrate {

struct Tape;

// What a host offers. Addresses are places in the function table.
struct Linker {
  // The address of the module's function "kernel", or 0 when the host refuses; then it is not asked again.
  std::uintptr_t (*link)(const std::uint8_t* module, std::size_t size) = nullptr;
  void (*unlink)(std::uintptr_t address) = nullptr;
};
// Returns what was used before.
Linker use_linker(const Linker& linker);

// The linked function of one tape, shared by its copies; its place is given back with the last of them.
class Link {
 public:
  using Function = void (*)(double t, const double* y, const double* p, double* out, double* scratch);

  Link() = default;
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  // Null while the tape is interpreted.
  [[nodiscard]] Function function() const { return function_; }
  [[nodiscard]] std::size_t scratch() const { return scratch_; }  // doubles that the function needs
  // The tape was interpreted once more. It is linked when that has cost as much as linking costs: so no course of calls costs
  // more than twice what the best choice would have cost.
  void count(const Tape& tape);
  // At once, if the host allows it.
  void make(const Tape& tape);

 private:
  Function function_ = nullptr;
  std::size_t scratch_ = 0;
  double spent_ = 0.0;  // operations interpreted
};

}  // namespace titrate
