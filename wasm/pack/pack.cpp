// The streams of a module, and the head of its block. `room` gives the place for a module of so many bytes, `split` that of the
// head, behind which the streams follow, not yet packed; 0 where the module has no section of code.

#include "block.hpp"

EXPORT(room) Byte* room(Word bytes) {
  have(bytes);
  return &__heap_base;
}

EXPORT(split) const Byte* split(Word bytes) {
  const Byte* const module = &__heap_base;
  const Byte* at = module + 8;  // magic and version
  Word length = 0;
  for (bool code = false; !code; at += code ? 0 : length) {
    if (at >= module + bytes) return nullptr;
    code = *at++ == 10;
    length = streams::number(at);
    at = streams::end_of_number(at);
  }
  have(bytes + sizeof(Head) + (streams::count + 1) * bytes);  // no stream is longer than the module
  Head& head = *reinterpret_cast<Head*>(&__heap_base + (bytes + 3) / 4 * 4);
  head.module = bytes;
  head.code = static_cast<Word>(at - module);
  head.behind = bytes - head.code - length;
  Byte* const all = reinterpret_cast<Byte*>(&head + 1);
  streams::Split flow{};
  flow.module = module;
  for (Word s = 0; s < streams::count; ++s) flow.stream[s] = all + (s + 1) * bytes;
  streams::walk(flow, head.code, head.behind);
  Byte* to = all;
  for (Word s = 0; s < streams::count; ++s) {
    const Byte* from = all + (s + 1) * bytes;
    head.length[s] = static_cast<Word>(flow.stream[s] - from);
    streams::copy(to, from, head.length[s]);
  }
  return reinterpret_cast<const Byte*>(&head);
}
