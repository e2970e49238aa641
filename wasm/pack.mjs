// Packs the engine's code for the page: its bytes in streams (wasm/pack/pack.cpp), and these by xz. Made when the page is built.
//
//   decoder   the small module that unpacks, for wasm/unpack.mjs
//   block     a head of 56 bytes, which says how long the streams are, and one stream of LZMA

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { unpack } from "./unpack.mjs";

const built = (name) => readFileSync(fileURLToPath(new URL(`../build/wasm/${name}.wasm`, import.meta.url)));
const head_bytes = 56;

/** What wasm/pack/lzma.hpp expects: no header, two bits of the last byte, none of the place. */
const settings = ["--format=raw", "--lzma1=preset=9e,lc=2,lp=0,pb=0,nice=273", "--stdout"];

export function pack(module) {
  const { memory, room, split } = new WebAssembly.Instance(new WebAssembly.Module(built("pack"))).exports;
  const at = room(module.length);
  new Uint8Array(memory.buffer).set(module, at);
  const head = split(module.length);
  if (head === 0) throw new Error("a module without a section of code");
  const lengths = new Uint32Array(memory.buffer, head, head_bytes / 4).slice(3);
  const streams = new Uint8Array(
    memory.buffer,
    head + head_bytes,
    lengths.reduce((sum, n) => sum + n),
  );
  const packed = execFileSync("xz", settings, { input: streams, maxBuffer: 2 * module.length + 1024 });
  const block = Buffer.concat([new Uint8Array(memory.buffer, head, head_bytes), packed]);
  const decoder = built("unpack");
  if (!Buffer.from(unpack(decoder, block)).equals(Buffer.from(module)))
    throw new Error("what was packed does not come out again");
  return { decoder, block };
}

/** As it stands in the page: both in base64, with a space between. */
export function packed_text(module) {
  const { decoder, block } = pack(module);
  return `${decoder.toString("base64")} ${block.toString("base64")}`;
}
