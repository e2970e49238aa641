// What running a tape costs, in the units of base/work.hpp: a register is filled, an output is copied.

#pragma once

#include "expr/tape.hpp"

namespace titrate {

[[nodiscard]] inline double cost(const Tape& tape) {
  return 2.0 * static_cast<double>(tape.registers) + static_cast<double>(tape.outputs.size());
}

}  // namespace titrate
