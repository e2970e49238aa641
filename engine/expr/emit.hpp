// A tape as WebAssembly: the second producer of kernels. The module exports
//
//   kernel(t, y, p, out, scratch)          f64 and four addresses
//
// and computes what the interpreter computes, operation by operation on the same numbers, so both give the same bits (but for
// which NaN a NaN is). exp, log, pow and their like are imported from the engine itself: "engine"."NUMBER" is the function
// whose address is NUMBER, which in WebAssembly is its place in the function table.
//
// What is needed once stands where it is needed, on WebAssembly's stack; what is needed more often goes into a local. A long tape
// becomes several functions of bounded size, since engines compile a function in more than linear time; what one of them hands to
// a later one goes through `scratch`. An output is written as soon as it is known: `out` may overlap neither y nor p.

#pragma once

#include <cstddef>

#include "expr/tape.hpp"
#include "expr/wasm_module.hpp"

namespace titrate {

struct Emitted {
  Bytes module;
  std::size_t scratch = 0;  // doubles; never more than the tape has registers
};

// No function computes many more than `operations`.
[[nodiscard]] Emitted emit(const Tape& tape, std::size_t operations = 1500);

}  // namespace titrate
