/** The engine's thread: starts the WebAssembly module once, then answers one request after the other. */

import createEngine, { type Engine } from "engine-glue";
import type { FromWorker, ToWorker } from "./protocol";

const page = self as unknown as { postMessage(message: FromWorker): void; onmessage: (event: MessageEvent<ToWorker>) => void };

let engine: Engine | undefined;

/** emscripten 3 throws C++ exceptions as numbers; the engine catches its own, so one that arrives here is fatal. */
function reason(error: unknown): string {
  return error instanceof Error ? error.message : `exception ${String(error)}`;
}

page.onmessage = async ({ data: message }) => {
  if (message.kind === "start") {
    try {
      engine = await createEngine({
        instantiateWasm(imports, receive) {
          const instance = new WebAssembly.Instance(message.wasm, imports);
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
    const report = (fraction: number) => page.postMessage({ kind: "progress", id, fraction });
    page.postMessage({ kind: "answer", id, response: engine!.call_with_progress(request, report) });
  } catch (error) {
    page.postMessage({ kind: "failed", id, message: reason(error) });
  }
};
