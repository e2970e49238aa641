// The entry points of libFuzzer for one target, named when this file is compiled.

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "fuzz/targets.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

const titrate::fuzz::Target& target() {
  static const std::vector<titrate::fuzz::Target> all = titrate::fuzz::targets();
  for (const auto& one : all)
    if (one.name == TITRATE_FUZZ_TARGET) return one;
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    target().run(std::string(reinterpret_cast<const char*>(data), size));
  } catch (const titrate::fuzz::Broken& broken) {
    std::fprintf(stderr, "BROKEN: %s\n", broken.what());
    std::abort();
  }
  return 0;
}

// Half of the changes keep the form of the text, the other half do not.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned seed) {
  if (seed % 2 == 0) return LLVMFuzzerMutate(data, size, max_size);
  const std::string changed = target().change(std::string(reinterpret_cast<const char*>(data), size), seed / 2);
  if (changed.empty() || changed.size() > max_size) return LLVMFuzzerMutate(data, size, max_size);
  std::memcpy(data, changed.data(), changed.size());
  return changed.size();
}
