// The decoder of LZMA. The engine stands in the page packed with it, a quarter smaller than with what browsers inflate themselves.
//
//   byte 0          (pb * 5 + lp) * 9 + lc: bits of position and of the last byte that choose a probability
//   bytes 1 to 12   size of the dictionary (not needed here), size of what was packed
//   from byte 13    one stream of bits, each coded by its probability: literals, and copies (length, distance)
//
// A range coder: a bit is 0 when the code lies in the lower p / 2048 of the range; p then moves by a thirty-second. Notation and
// tables as in Igor Pavlov's LZMA specification (public domain).

const IS_MATCH = 0; // 12 states x 16 positions
const IS_REP = 192;
const IS_REP_G0 = 204;
const IS_REP_G1 = 216;
const IS_REP_G2 = 228;
const IS_REP0_LONG = 240; // 12 x 16
const SLOT = 432; // 4 x 64
const SPECIAL = 688;
const ALIGN = 804;
const LENGTH = 820; // choice, choice 2, low 16 x 8, middle 16 x 8, high 256
const REP_LENGTH = 1334;
const LITERAL = 1848;

/** A stream of bits over `bytes`, and their probabilities. */
function coder(bytes, probabilities) {
  const now = Uint32Array.of(0xffffffff, new DataView(bytes.buffer, bytes.byteOffset).getUint32(14), 18); // range, code, place
  const normalise = () => {
    if (now[0] >= 0x1000000) return;
    now[0] <<= 8;
    now[1] = (now[1] << 8) | bytes[now[2]++];
  };
  const bit = (i) => {
    const p = probabilities[i];
    const bound = (now[0] >>> 11) * p;
    const one = now[1] >= bound;
    if (one) {
      now[0] -= bound;
      now[1] -= bound;
      probabilities[i] = p - (p >>> 5);
    } else {
      now[0] = bound;
      probabilities[i] = p + ((2048 - p) >>> 5);
    }
    normalise();
    return one ? 1 : 0;
  };
  /** `n` bits, the highest first, each chosen by those before it. */
  const tree = (start, n) => {
    let m = 1;
    for (let i = 0; i < n; ++i) m = (m << 1) | bit(start + m);
    return m - (1 << n);
  };
  /** The lowest first. */
  const reverse = (start, n) => {
    let m = 1;
    let value = 0;
    for (let i = 0; i < n; ++i) {
      const b = bit(start + m);
      m = (m << 1) | b;
      value |= b << i;
    }
    return value;
  };
  /** Bits that are as often 0 as 1. */
  const direct = (n) => {
    let value = 0;
    for (let i = 0; i < n; ++i) {
      now[0] >>>= 1;
      const one = now[1] >= now[0];
      if (one) now[1] -= now[0];
      value = (value << 1) | (one ? 1 : 0);
      normalise();
    }
    return value;
  };
  const length = (start, position) => {
    if (!bit(start)) return tree(start + 2 + 8 * position, 3);
    if (!bit(start + 1)) return 8 + tree(start + 130 + 8 * position, 3);
    return 16 + tree(start + 258, 8);
  };
  const distance = (copied) => {
    const slot = tree(SLOT + 64 * Math.min(copied, 3), 6);
    if (slot < 4) return slot;
    const n = (slot >> 1) - 1;
    const from = (2 | (slot & 1)) << n;
    if (slot < 14) return from + reverse(SPECIAL + from - slot, n);
    return from + (direct(n - 4) << 4) + reverse(ALIGN, 4);
  };
  return { bit, length, distance };
}

/** What was packed into `bytes` (a Uint8Array). */
export function unpack(bytes) {
  const lc = bytes[0] % 9;
  const lp = Math.floor(bytes[0] / 9) % 5;
  const pb = Math.floor(bytes[0] / 45);
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(5, true);
  const out = new Uint8Array(size);
  const { bit, length, distance } = coder(bytes, new Uint16Array(LITERAL + (0x300 << (lc + lp))).fill(1024));
  const back = [0, 0, 0, 0]; // the last distances, less 1

  /** `match`: the byte at the last distance, where a literal follows a copy; it differs from that. */
  const literal = (start, match) => {
    let symbol = 1;
    for (let m = match << 1; match >= 0 && symbol < 0x100; m <<= 1) {
      const expected = m & 0x100;
      const b = bit(start + 0x100 + expected + symbol);
      symbol = (symbol << 1) | b;
      if (expected >> 8 !== b) break;
    }
    while (symbol < 0x100) symbol = (symbol << 1) | bit(start + symbol);
    return symbol;
  };
  /** Brings the distance of a copy to the front, an old one or a new; answers whether it is a copy of one byte. */
  const repeated = (state, position) => {
    if (!bit(IS_REP_G0 + state)) return !bit(IS_REP0_LONG + 16 * state + position);
    const which = !bit(IS_REP_G1 + state) ? 1 : !bit(IS_REP_G2 + state) ? 2 : 3;
    back.unshift(...back.splice(which, 1));
    return false;
  };

  let state = 0; // what the last symbols were: below 7 a literal
  for (let at = 0; at < size;) {
    const position = at & ((1 << pb) - 1);
    if (!bit(IS_MATCH + 16 * state + position)) {
      const last = at > 0 ? out[at - 1] : 0;
      const chosen = ((at & ((1 << lp) - 1)) << lc) + (last >> (8 - lc));
      out[at] = literal(LITERAL + 0x300 * chosen, state < 7 ? -1 : out[at - back[0] - 1]);
      ++at;
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    }
    let n = 1;
    if (!bit(IS_REP + state)) {
      const copied = length(LENGTH, position);
      back.unshift(distance(copied));
      back.pop();
      n = copied + 2;
      state = state < 7 ? 7 : 10;
    } else if (repeated(state, position)) state = state < 7 ? 9 : 11;
    else {
      n = length(REP_LENGTH, position) + 2;
      state = state < 7 ? 8 : 11;
    }
    for (const from = at - back[0] - 1, end = at + n; at < end; ++at) out[at] = out[from + n - (end - at)];
  }
  return out;
}
