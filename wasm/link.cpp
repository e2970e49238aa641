// Kernels that the engine writes at run time (engine/expr/link.hpp), compiled by the host and put into the engine's own function
// table. A program that contains this file offers that to the engine before it begins.
//
// A page's policy may forbid to compile ('wasm-unsafe-eval' missing), and memory may be short: both are refusals, and the engine
// goes on interpreting.

#include <emscripten.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine.hpp"

// Imports: "host"."memory", and "engine"."N", the function at place N of the table. `place` 0 asks for a new place.
// clang-format off
EM_JS(int, titrate_link, (const uint8_t* bytes, size_t size, int place), {
  try {
    const module = new WebAssembly.Module(HEAPU8.subarray(bytes, bytes + size));
    const imports = { host: { memory: wasmMemory }, engine: {} };
    WebAssembly.Module.imports(module).forEach((needed) => {
      if (needed.module === "engine") imports.engine[needed.name] = wasmTable.get(Number(needed.name));
    });
    const instance = new WebAssembly.Instance(module, imports);
    const to = place === 0 ? wasmTable.grow(1) : place;
    wasmTable.set(to, instance.exports.kernel);
    return to;
  } catch (refused) {
    return 0;
  }
});

EM_JS(void, titrate_unlink, (int place), { wasmTable.set(place, null); });
// clang-format on

namespace {

std::vector<std::uintptr_t> free_places;

std::uintptr_t link(const std::uint8_t* module, std::size_t size) {
  const int reused = free_places.empty() ? 0 : static_cast<int>(free_places.back());
  const int place = titrate_link(module, size, reused);
  if (place != 0 && reused != 0) free_places.pop_back();
  return static_cast<std::uintptr_t>(place);
}

void unlink(std::uintptr_t place) {
  titrate_unlink(static_cast<int>(place));
  free_places.push_back(place);
}

[[maybe_unused]] const bool offered = [] {
  titrate::use_linker({link, unlink});
  return true;
}();

}  // namespace
