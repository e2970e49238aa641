// The decoder of LZMA: one stream of bits, each coded by its probability: literals, and copies (length, distance) of what is
// there.
//
// A range coder: a bit is 0 when the code lies in the lower p / 2048 of the range; p then moves by a thirty-second. Notation and
// tables as in Igor Pavlov's LZMA specification (public domain), with lc = 2 bits of the last byte choosing the probabilities of
// a literal and none of its position (lp = pb = 0), and no header: the host knows the sizes.
//
// A browser first translates each function quickly, then the busy ones well, but goes over only when a function is called anew:
// so what is called for each symbol stays a function.

#pragma once

#define APART __attribute__((noinline))
#define WITHIN inline __attribute__((always_inline))

using Byte = unsigned char;
using Word = unsigned int;

namespace lzma {

constexpr Word lc = 2;

// Where the probabilities of each kind of decision begin.
constexpr Word is_match = 0, is_rep = 12, is_rep_g0 = 24, is_rep_g1 = 36, is_rep_g2 = 48, is_rep0_long = 60;  // 12 states
constexpr Word slot = 72;                                                                                     // 4 x 64
constexpr Word special = 328;                                                                                 // 116
constexpr Word align = 444;                                                                                   // 16
constexpr Word length = 460;  // choice, choice 2, low 8, middle 8, high 256
constexpr Word rep_length = length + 274;
constexpr Word literal = rep_length + 274;  // 0x300 of each value of the last byte's bits
constexpr Word all = literal + (0x300U << lc);

inline const Byte* in;
inline Word range, code;
inline unsigned short probability[all];

WITHIN void normalise() {
  if (range >= 0x1000000) return;
  range <<= 8;
  code = (code << 8) | *in++;
}

WITHIN Word bit(Word i) {
  const Word p = probability[i], bound = (range >> 11) * p;
  const bool one = code >= bound;
  if (one) {
    range -= bound;
    code -= bound;
    probability[i] = static_cast<unsigned short>(p - (p >> 5));
  } else {
    range = bound;
    probability[i] = static_cast<unsigned short>(p + ((2048 - p) >> 5));
  }
  normalise();
  return one;
}

// `n` bits, the highest first, each chosen by those before it.
APART inline Word tree(Word start, Word n) {
  Word m = 1;
  for (Word i = 0; i < n; ++i) m = (m << 1) | bit(start + m);
  return m - (1U << n);
}

// The lowest first.
APART inline Word reverse(Word start, Word n) {
  Word m = 1, value = 0;
  for (Word i = 0; i < n; ++i) {
    const Word b = bit(start + m);
    m = (m << 1) | b;
    value |= b << i;
  }
  return value;
}

// `n` bits that are as likely as not.
APART inline Word direct(Word n) {
  Word value = 0;
  for (Word i = 0; i < n; ++i) {
    range >>= 1;
    const Word one = code >= range;
    if (one) code -= range;
    value = (value << 1) | one;
    normalise();
  }
  return value;
}

APART inline Word copied_length(Word start) {
  if (!bit(start)) return 2 + tree(start + 2, 3);
  if (!bit(start + 1)) return 10 + tree(start + 10, 3);
  return 18 + tree(start + 18, 8);
}

APART inline Word distance(Word n) {
  const Word chosen = tree(slot + 64 * (n < 6 ? n - 2 : 3), 6);
  if (chosen < 4) return chosen;
  const Word more = (chosen >> 1) - 1, from = (2 | (chosen & 1)) << more;
  if (chosen < 14) return from + reverse(special + from - chosen, more);
  return from + (direct(more - 4) << 4) + reverse(align, 4);
}

// After a copy a literal is first compared with the byte that would have continued it.
APART inline Byte literal_after(Word last, bool copied, Word expected) {
  const Word start = literal + 0x300 * (last >> (8 - lc));
  Word m = 1;
  if (copied)
    while (m < 0x100) {
      expected <<= 1;
      const Word e = expected & 0x100, b = bit(start + 0x100 + e + m);
      m = (m << 1) | b;
      if ((e >> 8) != b) break;
    }
  while (m < 0x100) m = (m << 1) | bit(start + m);
  return static_cast<Byte>(m);
}

// The kinds of the last symbols, in 12 states, and the last four distances less one.
struct Past {
  Word state = 0;
  Word back[4] = {0, 0, 0, 0};
};

inline Past past;

// One of the last four distances becomes the first; how far to copy from it: 1 without a length.
APART inline Word repeat() {
  Word* const back = past.back;
  if (!bit(is_rep_g0 + past.state)) {
    if (!bit(is_rep0_long + past.state)) {
      past.state = past.state < 7 ? 9 : 11;
      return 1;
    }
  } else {
    Word which = 1;
    if (bit(is_rep_g1 + past.state)) which = 2 + bit(is_rep_g2 + past.state);
    const Word chosen = back[which];
    for (; which > 0; --which) back[which] = back[which - 1];
    back[0] = chosen;
  }
  past.state = past.state < 7 ? 8 : 11;
  return copied_length(rep_length);
}

APART inline Word copy_from_anew() {
  Word* const back = past.back;
  for (Word i = 3; i > 0; --i) back[i] = back[i - 1];
  past.state = past.state < 7 ? 7 : 10;
  const Word n = copied_length(length);
  back[0] = distance(n);
  return n;
}

// Writes one symbol, not beyond `end`; where it ends.
APART inline Byte* symbol(Byte* out, const Byte* begin, const Byte* end) {
  Word& state = past.state;
  if (!bit(is_match + state)) {
    const bool copied = state >= 7;
    *out = literal_after(out > begin ? out[-1] : 0, copied, copied ? out[-static_cast<int>(past.back[0]) - 1] : 0);
    state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
    return out + 1;
  }
  const Word n = bit(is_rep + state) ? repeat() : copy_from_anew();
  const Byte* from = out - past.back[0] - 1;
  for (Word i = 0; i < n && out < end; ++i) *out++ = *from++;
  return out;
}

inline void decode(const Byte* packed, Byte* out, Word size) {
  for (auto& p : probability) p = 1024;
  in = packed + 5;
  range = 0xffffffff;
  code = 0;
  for (Word i = 1; i < 5; ++i) code = (code << 8) | packed[i];
  past = Past{};
  const Byte *const begin = out, *const end = out + size;
  while (out < end) out = symbol(out, begin, end);
}

}  // namespace lzma
