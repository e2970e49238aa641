/**
 * The engine as the page sees it: one request at a time to a worker, with progress. A call cannot be interrupted inside the
 * engine, so cancelling ends the worker and starts another; models are sent again when the new one does not know their hash.
 */

import workerSource from "worker-source";
import type { Request, Response } from "../../wasm/titrate";
import type { FromWorker, ToWorker } from "./protocol";

export class Cancelled extends Error {}
export class EngineFailed extends Error {}

export interface Engine {
  /** Engine version; resolves once the first worker runs. */
  readonly started: Promise<string>;
  call(request: Request, on_progress?: (fraction: number) => void): Promise<Response>;
  /** Ends the running call (it rejects with Cancelled) and replaces the worker. */
  cancel(): void;
}

interface Waiting {
  id: number;
  resolve: (response: Response) => void;
  reject: (error: Error) => void;
  on_progress?: ((fraction: number) => void) | undefined;
}

export function start_engine(wasm: Promise<WebAssembly.Module>): Engine {
  const blob = URL.createObjectURL(new Blob([workerSource], { type: "text/javascript" }));
  let worker: Worker;
  let ready: Promise<string>;
  let waiting: Waiting | undefined;
  let next = 1;
  /** hash of each model object that this worker has compiled. */
  let compiled = new Map<object, string>();

  function replace(): void {
    const mine = new Worker(blob);
    worker = mine;
    compiled = new Map();
    ready = new Promise<string>((resolve, reject) => {
      mine.onmessage = ({ data: message }: MessageEvent<FromWorker>) => {
        if (message.kind === "started") resolve(message.version);
        else if (message.kind === "progress") waiting?.on_progress?.(message.fraction);
        else if (message.kind === "answer") settle((w) => w.resolve(JSON.parse(message.response) as Response));
        else if (message.id === undefined) reject(new EngineFailed(message.message));
        else fail(message.message);
      };
      mine.onerror = (event) => {
        event.preventDefault();
        const why = event.message || "worker error";
        reject(new EngineFailed(why));
        fail(why);
      };
    });
    ready.catch(() => {});
    wasm.then(
      (module) => mine.postMessage({ kind: "start", wasm: module } satisfies ToWorker),
      (error: unknown) => fail(String(error)),
    );
  }

  function settle(how: (w: Waiting) => void): void {
    const w = waiting;
    waiting = undefined;
    if (w) how(w);
  }

  /** After an escape from the engine its memory is in doubt: never call it again. */
  function fail(why: string): void {
    worker.terminate();
    settle((w) => w.reject(new EngineFailed(why)));
    replace();
  }

  async function send(request: Request, on_progress?: (fraction: number) => void): Promise<Response> {
    const mine = worker;
    await ready;
    if (mine !== worker) throw new Cancelled();
    return new Promise<Response>((resolve, reject) => {
      const id = next++;
      waiting = { id, resolve, reject, on_progress };
      mine.postMessage({ kind: "call", id, request: JSON.stringify(request) } satisfies ToWorker);
    });
  }

  replace();
  return {
    started: ready!,
    async call(request, on_progress) {
      const model = request.model;
      const hash = typeof model === "object" ? compiled.get(model) : undefined;
      const response = await send(hash ? { ...request, model: hash } : request, on_progress);
      if (typeof model === "object" && response.model && response.ok) compiled.set(model, response.model.hash);
      return response;
    },
    cancel() {
      worker.terminate();
      settle((w) => w.reject(new Cancelled()));
      replace();
    },
  };
}

/** The engine from the page itself: a data block, deflated and then base64; compiled once, for every worker. */
export async function read_wasm(block: Element | null): Promise<WebAssembly.Module> {
  if (!block) throw new EngineFailed("the page holds no engine");
  const bytes = Uint8Array.from(atob((block.textContent ?? "").trim()), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return WebAssembly.compile(await new globalThis.Response(stream).arrayBuffer());
}
