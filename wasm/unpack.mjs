// The engine's code out of the block in which the page carries it: `decoder` is the small module of wasm/pack/unpack.cpp.

export function unpack(decoder, block) {
  const { memory, room, unpack: decode } = new WebAssembly.Instance(new WebAssembly.Module(decoder)).exports;
  const at = room(block.length);
  new Uint8Array(memory.buffer).set(block, at);
  const module = decode(block.length);
  if (module === 0) throw new Error("The engine's packed code is damaged.");
  const length = new DataView(block.buffer, block.byteOffset).getUint32(0, true);
  return new Uint8Array(memory.buffer, module, length);
}
