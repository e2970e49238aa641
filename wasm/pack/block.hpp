// The block in which the page carries a module: a head of words, then the streams one after the other, packed by LZMA.

#pragma once

#include "streams.hpp"

struct Head {
  Word module;                  // bytes
  Word code, behind;            // where its section of code begins, and the bytes that follow that section
  Word length[streams::count];  // of each stream

  [[nodiscard]] Word all_streams() const {
    Word sum = 0;
    for (const Word n : length) sum += n;
    return sum;
  }
};

extern "C" Byte __heap_base;  // the linker's: from here on memory is free

// The first `bytes` of free memory are there.
inline void have(Word bytes) {
  constexpr Word page = 65536;
  const Word wanted = (reinterpret_cast<Word>(&__heap_base) + bytes + page - 1) / page;
  const Word now = __builtin_wasm_memory_size(0);
  if (wanted > now) __builtin_wasm_memory_grow(0, wanted - now);
}

#define EXPORT(name) extern "C" __attribute__((export_name(#name)))
