/** A thread of the engine: starts the WebAssembly module once, then answers one request after the other. */

import { unpack } from "../../wasm/unpack.mjs";
import type { FromWorker, ToWorker } from "./protocol";

const page = self as unknown as { postMessage(message: FromWorker): void; onmessage: (event: MessageEvent<ToWorker>) => void };

/** A bar that moves needs no more; the engine itself says how far it is after each draw. */
const OFTEN = 50;

let engine: Callable | undefined;

/** emscripten 3 throws C++ exceptions as numbers; the engine catches its own, so one that arrives here is fatal. */
function reason(error: unknown): string {
  return error instanceof Error ? error.message : `exception ${String(error)}`;
}

function from_base64(block: string): Uint8Array<ArrayBuffer> {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(block);
  const text = atob(block);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; ++i) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** The engine out of the page's data block (wasm/pack.mjs). */
async function compile(block: string): Promise<WebAssembly.Module> {
  const [decoder, packed] = block.trim().split(" ").map(from_base64);
  const wasm = await WebAssembly.compile(unpack(decoder!, packed!));
  page.postMessage({ kind: "compiled", wasm });
  return wasm;
}

page.onmessage = async ({ data: message }) => {
  if (message.kind === "start") {
    try {
      const wasm = typeof message.wasm === "string" ? await compile(message.wasm) : message.wasm;
      engine = await createEngine({
        instantiateWasm(imports, receive) {
          const instance = new WebAssembly.Instance(wasm, imports);
          receive(instance);
          return instance.exports;
        },
      });
      page.postMessage({ kind: "started", version: engine.version() });
    } catch (error) {
      page.postMessage({ kind: "failed", message: reason(error) });
    }
    return;
  }
  const { id, request } = message;
  try {
    let last = performance.now();
    const report = (fraction: number) => {
      const now = performance.now();
      if (now - last < OFTEN) return;
      last = now;
      page.postMessage({ kind: "progress", id, fraction });
    };
    const response = engine!.call_with_progress(request, report);
    page.postMessage({ kind: "answer", id, response, last: engine!.interrupted() });
  } catch (error) {
    page.postMessage({ kind: "failed", id, message: reason(error) });
  }
};
