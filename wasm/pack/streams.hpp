// The code of a WebAssembly module, its operations apart from what they are applied to.
//
// Operations repeat in longer patterns than their operands do: each kind by itself, in a stream of its own, LZMA makes a module a
// twelfth smaller. What is read in the module's order is written to the streams (Split), or the other way round (Merge); `walk`
// knows the order and says of each byte to which stream it belongs.
//
// A stream of operations differs from the module's in two ways, by bytes that no operation has: `unusual_alignment` + a stands
// before a load or store whose alignment is not that of its type (which is left out), and `long_constant` is an i32.const of more
// than two bytes. A short one that is added at once is a displacement: another stream. A function's length is left out too: its
// end is where its blocks end.
//
// Binary format: https://webassembly.github.io/spec/core/binary, with exceptions as browsers had them first (delegate 0x18).

#pragma once

#include "lzma.hpp"

namespace streams {

enum Stream : Word {
  operations,
  locals,
  constants,
  long_constants,
  displacements,
  offsets,
  calls,
  types,
  branches,
  numbers,
  rest,
  count
};

constexpr Byte long_constant = 0x27;
constexpr Byte unusual_alignment = 0xe0;

// The alignments of loads and stores, 0x28 to 0x3e.
constexpr Byte natural[] = {2, 3, 2, 3, 0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 2, 3, 2, 3, 0, 1, 0, 1, 2};

// Numbers are in LEB128: seven bits a byte, the lowest first, the eighth set in all but the last.
APART inline const Byte* end_of_number(const Byte* at) {
  while (*at >= 0x80) ++at;
  return at + 1;
}

APART inline Word number(const Byte* at) {
  Word value = 0;
  for (Word shift = 0;; shift += 7) {
    value |= static_cast<Word>(*at & 0x7f) << shift;
    if (*at++ < 0x80) return value;
  }
}

APART inline Byte* write_number(Byte* to, Word value) {
  for (; value >= 0x80; value >>= 7) *to++ = static_cast<Byte>(value | 0x80);
  *to++ = static_cast<Byte>(value);
  return to;
}

APART inline void copy(Byte*& to, const Byte*& from, Word n) {
  for (const Byte* const end = from + n; from < end;) *to++ = *from++;
}

// From the module to its streams.
struct Split {
  const Byte* module;
  Byte* stream[count];

  const Byte* next(Stream) const { return module; }
  void take(Stream s, Word n) { copy(stream[s], module, n); }
  Byte operation() {
    const Byte op = *module++;
    if (op >= 0x28 && op <= 0x3e) {
      const Byte alignment = *module++;
      if (alignment != natural[op - 0x28]) *stream[operations]++ = static_cast<Byte>(unusual_alignment + alignment);
    }
    const bool is_long = op == 0x41 && end_of_number(module) > module + 2;
    *stream[operations]++ = is_long ? long_constant : op;
    return is_long ? long_constant : op;
  }
  Byte following() const { return *end_of_number(module); }
  void begin_function() { module = end_of_number(module); }
  void end_function() {}
};

// From its streams to the module.
struct Merge {
  const Byte* stream[count];
  Byte* module;
  Byte* function = nullptr;  // where its length will stand

  const Byte* next(Stream s) const { return stream[s]; }
  void take(Stream s, Word n) { copy(module, stream[s], n); }
  Byte operation() {
    Byte op = *stream[operations]++;
    const bool unusual = op >= unusual_alignment && op < unusual_alignment + 8;
    const Byte alignment = unusual ? static_cast<Byte>(op - unusual_alignment) : 0;
    if (unusual) op = *stream[operations]++;
    *module++ = op == long_constant ? 0x41 : op;
    if (op >= 0x28 && op <= 0x3e) *module++ = unusual ? alignment : natural[op - 0x28];
    return op;
  }
  Byte following() const { return *stream[operations]; }
  // The code is written behind the longest length, and moved when its length is known.
  void begin_function() {
    function = module;
    module += 5;
  }
  void end_function() {
    const Byte* from = function + 5;
    const Word n = static_cast<Word>(module - from);
    module = write_number(function, n);
    copy(module, from, n);
  }
};

template <class Flow>
APART void take_number(Flow& flow, Stream s) {
  flow.take(s, static_cast<Word>(end_of_number(flow.next(s)) - flow.next(s)));
}

// What follows an operation: some numbers and bytes of one stream, and whether a block begins or ends.
struct Form {
  Byte stream = rest, numbers = 0, bytes = 0;
  signed char depth = 0;
};

struct Forms {
  Form of[256];
};

constexpr Byte opening[] = {0x02, 0x03, 0x04, 0x06};                     // block, loop, if, try
constexpr Byte jumping[] = {0x0c, 0x0d, 0x07, 0x08, 0x09};               // br, br_if, catch, throw, rethrow
constexpr Byte numbered[] = {0x23, 0x24, 0x3f, 0x40, 0x42, 0xd0, 0xd2};  // globals, memory's size, i64.const, references

constexpr Forms forms = [] {
  Forms f{};
  for (const Byte op : opening) f.of[op] = {types, 1, 0, 1};
  for (const Byte op : jumping) f.of[op] = {branches, 1, 0, 0};
  for (const Byte op : numbered) f.of[op] = {numbers, 1, 0, 0};
  for (int local = 0x20; local <= 0x22; ++local) f.of[local] = {locals, 1, 0, 0};
  for (int memory = 0x28; memory <= 0x3e; ++memory) f.of[memory] = {offsets, 1, 0, 0};
  f.of[0x0b] = {rest, 0, 0, -1};      // end
  f.of[0x18] = {branches, 1, 0, -1};  // delegate
  f.of[0x10] = {calls, 1, 0, 0};
  f.of[0x11] = {calls, 2, 0, 0};      // call_indirect: type, table
  f.of[0x41] = {constants, 1, 0, 0};  // i32.const
  f.of[long_constant] = {long_constants, 1, 0, 0};
  f.of[0x43] = {numbers, 0, 4, 0};  // f32.const
  f.of[0x44] = {numbers, 0, 8, 0};
  return f;
}();

// br_table: how many labels but the last, and the labels.
template <class Flow>
APART void take_labels(Flow& flow) {
  for (Word n = number(flow.next(branches)) + 2; n > 0; --n) take_number(flow, branches);
}

// Behind 0xfc: conversions that saturate, without operands; memory.copy and memory.fill, which name memories.
template <class Flow>
APART void take_prefixed(Flow& flow) {
  const Word op = number(flow.next(numbers));
  take_number(flow, numbers);
  if (op == 10 || op == 11) flow.take(numbers, op == 10 ? 2 : 1);
}

// Behind 0xfd: vectors. The second number of the operation stands among the operations.
template <class Flow>
APART void take_vector(Flow& flow) {
  const Word op = number(flow.next(operations));
  take_number(flow, operations);
  const bool of_lane_in_memory = op >= 84 && op <= 91;
  if (op <= 11 || op == 92 || op == 93 || of_lane_in_memory) {
    take_number(flow, numbers);
    take_number(flow, offsets);
  }
  if (op == 12 || op == 13) flow.take(numbers, 16);
  if ((op >= 21 && op <= 34) || of_lane_in_memory) flow.take(numbers, 1);
}

template <class Flow>
APART void walk_function(Flow& flow) {
  flow.begin_function();
  Word groups = number(flow.next(types));  // of locals: how many of which type
  take_number(flow, types);
  for (; groups > 0; --groups) {
    take_number(flow, types);
    flow.take(types, 1);
  }
  for (int depth = 1; depth > 0;) {
    const Byte op = flow.operation();
    const Form& form = forms.of[op];
    const bool adds = op == 0x41 && flow.following() == 0x6a;
    const Stream stream = adds ? displacements : static_cast<Stream>(form.stream);
    depth += form.depth;
    for (Word n = form.numbers; n > 0; --n) take_number(flow, stream);
    if (form.bytes > 0) flow.take(stream, form.bytes);
    if (op == 0x0e) take_labels(flow);
    if (op == 0xfc) take_prefixed(flow);
    if (op == 0xfd) take_vector(flow);
  }
  flow.end_function();
}

// A module whose section of code begins, behind its id and length, at `code`; `behind` bytes follow it.
template <class Flow>
WITHIN void walk(Flow& flow, Word code, Word behind) {
  flow.take(rest, code);
  Word functions = number(flow.next(rest));
  take_number(flow, rest);
  for (; functions > 0; --functions) walk_function(flow);
  flow.take(rest, behind);
}

}  // namespace streams
