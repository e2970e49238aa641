// The engine under Node: `import { load } from "titrate"`.
//
// It comes from build/wasm where that was built, and else out of the committed page, which holds the same bytes; so nothing has
// to be compiled or installed to use it.

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { unpack } from "./unpack.mjs";

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

function built() {
  if (!existsSync(path("build/wasm/titrate.wasm"))) return null;
  const require = createRequire(import.meta.url);
  return { createEngine: require(path("build/wasm/titrate.js")), wasmBinary: readFileSync(path("build/wasm/titrate.wasm")) };
}

function ofPage() {
  const html = readFileSync(path("dist/index.html"), "utf8");
  const block = (id) => {
    const found = html.match(new RegExp(`<script type="text/plain" id="${id}"[^>]*>([^]*?)</script>`));
    if (found === null) throw new Error(`dist/index.html holds no ${id}`);
    return found[1];
  };
  const createEngine = new Function(`${block("engine-glue")}; return createEngine;`)();
  const [decoder, packed] = block("engine-wasm").split(" ");
  return { createEngine, wasmBinary: unpack(Buffer.from(decoder, "base64"), Buffer.from(packed, "base64")) };
}

/** An engine of its own memory out of compiled code; what emcc's promise would give stands in the module at once. */
function start(createEngine, wasm) {
  const engine = {
    instantiateWasm: (imports, receive) => {
      const instance = new WebAssembly.Instance(wasm, imports);
      receive(instance);
      return instance.exports;
    },
  };
  createEngine(engine);
  return engine;
}

export async function load({ createEngine, wasmBinary } = built() ?? ofPage()) {
  const wasm = await WebAssembly.compile(wasmBinary);
  let engine = start(createEngine, wasm);
  const call = (request) => {
    const response = engine.call(request);
    if (engine.interrupted()) engine = start(createEngine, wasm);
    return response;
  };
  return {
    call: (request) => (typeof request === "string" ? call(request) : JSON.parse(call(JSON.stringify(request)))),
    version: () => engine.version(),
  };
}
