// A module out of its block. `room` gives the place for a block of so many bytes, `unpack` the place of the module, whose length
// is the block's first word; 0 where the block does not hold what its head says.

#include "block.hpp"

EXPORT(room) Byte* room(Word bytes) {
  have(bytes);
  return &__heap_base;
}

EXPORT(unpack) const Byte* unpack(Word bytes) {
  const Byte* const block = &__heap_base;
  const Head& head = *reinterpret_cast<const Head*>(block);
  constexpr Word beyond = 16;  // a function's length may take four bytes less than is kept free for it
  const Word all = head.all_streams();
  have(bytes + all + beyond + head.module + beyond);
  Byte* const begin = &__heap_base + bytes;
  lzma::decode(block + sizeof(Head), begin, all);
  Byte* const module = begin + all + beyond;
  streams::Merge flow{};
  const Byte* at = begin;
  for (Word s = 0; s < streams::count; ++s) {
    flow.stream[s] = at;
    at += head.length[s];
  }
  flow.module = module;
  streams::walk(flow, head.code, head.behind);
  return flow.module == module + head.module ? module : nullptr;
}
