#include "expr/link.hpp"

#include <utility>

#include "expr/emit.hpp"

namespace titrate {

namespace {

Linker host;

// What linking costs, as operations of the interpreter: of any module, and of each operation in it.
constexpr double kModule = 100000.0, kOperation = 100.0;

}  // namespace

Linker use_linker(const Linker& linker) { return std::exchange(host, linker); }

Link::~Link() {
  if (function_ != nullptr && host.unlink != nullptr) host.unlink(reinterpret_cast<std::uintptr_t>(function_));
}

void Link::count(const Tape& tape) {
  if (host.link == nullptr) return;
  const auto operations = static_cast<double>(tape.registers);
  spent_ += operations;
  if (spent_ > kModule + kOperation * operations) make(tape);
}

void Link::make(const Tape& tape) {
  if (host.link == nullptr || function_ != nullptr) return;
  const Emitted emitted = emit(tape);
  function_ = reinterpret_cast<Function>(host.link(emitted.module.data(), emitted.module.size()));
  scratch_ = emitted.scratch;
  if (function_ == nullptr) host.link = nullptr;
}

}  // namespace titrate
