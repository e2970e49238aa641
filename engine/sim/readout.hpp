// Where the values of outputs that are linear in the states go.

#pragma once

#include "base/linalg.hpp"
#include "expr/tape.hpp"

namespace titrate {

// Samples x m each.
struct Readout {
  const Tape& parts;  // CompiledModel::output_parts
  Matrix& outputs;
  Matrix* slopes = nullptr;  // null: not wanted
  Matrix* areas = nullptr;   // likewise: the integrals that the system's last m states are
};

}  // namespace titrate
