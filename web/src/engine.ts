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
  /** Engine version, once a worker runs. */
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
  let first_started: (version: string) => void;
  let first_failed: (error: Error) => void;
  const started = new Promise<string>((resolve, reject) => {
    first_started = resolve;
    first_failed = reject;
  });
  let worker: Worker;
  let ready: Promise<void>;
  let abandon: (error: Error) => void;
  let waiting: Waiting | undefined;
  let next = 1;
  /** hash of each model object that this worker has compiled. */
  let compiled = new Map<object, string>();

  function settle(how: (w: Waiting) => void): void {
    const w = waiting;
    waiting = undefined;
    if (w) how(w);
  }

  function replace(why: Error): void {
    worker.terminate();
    abandon(why);
    settle((w) => w.reject(why));
    start();
  }

  function start(): void {
    const mine = new Worker(blob);
    let runs = false;
    worker = mine;
    compiled = new Map();
    ready = new Promise<void>((resolve, reject) => {
      abandon = reject;
      mine.onmessage = ({ data: message }: MessageEvent<FromWorker>) => {
        if (mine !== worker) return;
        if (message.kind === "started") {
          runs = true;
          first_started(message.version);
          resolve();
        } else if (message.kind === "progress") {
          if (waiting?.id === message.id) waiting.on_progress?.(message.fraction);
        } else if (message.kind === "answer") {
          if (waiting?.id === message.id) settle((w) => w.resolve(JSON.parse(message.response) as Response));
        } else give_up(message.message);
      };
    });
    ready.catch(() => {});
    // After an escape from the engine its memory is in doubt: that worker is never called again. One that could not even
    // start is not replaced, since the next would fail alike.
    function give_up(why: string): void {
      const error = new EngineFailed(why);
      first_failed(error);
      if (runs) replace(error);
      else abandon(error);
    }
    mine.onerror = (event) => {
      event.preventDefault();
      if (mine === worker) give_up(event.message || "worker error");
    };
    wasm.then(
      (module) => mine.postMessage({ kind: "start", wasm: module } satisfies ToWorker),
      (error: unknown) => give_up(String(error)),
    );
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

  start();
  return {
    started,
    async call(request, on_progress) {
      const model = request.model;
      const hash = typeof model === "object" ? compiled.get(model) : undefined;
      const response = await send(hash ? { ...request, model: hash } : request, on_progress);
      if (typeof model === "object" && response.model && response.ok) compiled.set(model, response.model.hash);
      return response;
    },
    cancel: () => replace(new Cancelled()),
  };
}

/** The engine from the page itself: a data block, deflated and then base64; compiled once, for every worker. */
export async function read_wasm(block: Element | null): Promise<WebAssembly.Module> {
  if (!block) throw new EngineFailed("the page holds no engine");
  const bytes = Uint8Array.from(atob((block.textContent ?? "").trim()), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return WebAssembly.compile(await new globalThis.Response(stream).arrayBuffer());
}
