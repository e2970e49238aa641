// Outputs that are linear in the states, read along a course without moving it.
//
// Between events the modes z of a linear system go on by themselves, z(t + h) = f z(t) + g with one f and g for equal steps h
// (sim/solve_linear), so that an output y = c z + d on an even grid costs a product and a sum per mode and point.

#pragma once

#include <cstddef>

#include "base/linalg.hpp"
#include "expr/tape.hpp"

namespace titrate {

// Where values go that a linear solver may write by itself: samples x m each.
struct Readout {
  const Tape& parts;  // CompiledModel::output_parts
  Matrix& outputs;
  Matrix* slopes = nullptr;  // null: not wanted
  Matrix* areas = nullptr;   // likewise: the integrals that the system's last m states are
};

// `count` values of c z + d at the ends of equal steps, one after another to `out`; z goes on with them.
void follow_modes(Vector& z, const Vector& f, const Vector& g, const double* c, double d, std::size_t count, double* out);

}  // namespace titrate
