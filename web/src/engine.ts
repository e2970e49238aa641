/**
 * The engine as the page sees it: workers that share one compiled module, each with one request at a time. A request says all that
 * its answer depends on, so no number depends on how many workers there are, or on which one answers. A call cannot be interrupted
 * inside the engine: cancelling ends the workers that compute and starts others, to which models are sent again.
 */

import workerSource from "worker-source";
import type { Request, Response } from "../../wasm/titrate";
import type { FromWorker, ToWorker } from "./protocol";

export class Cancelled extends Error {}
export class EngineFailed extends Error {}

export interface Engine {
  /** `block`: the engine's packed code as it stands in the page. One worker unpacks and compiles it, for all. */
  unpack(block: string): void;
  /** Engine version, once a worker runs. */
  readonly started: Promise<string>;
  call(request: Request, on_progress?: (fraction: number) => void): Promise<Response>;
  /** Ends the calls that run or wait (they reject with Cancelled) and replaces their workers; idle ones are kept. */
  cancel(): void;
}

interface Call {
  id: number;
  request: Request;
  resolve: (response: Response) => void;
  reject: (error: Error) => void;
  on_progress?: ((fraction: number) => void) | undefined;
}

interface Seat {
  worker: Worker;
  runs: boolean;
  call?: Call | undefined;
  /** Hash of each model object that this worker has compiled. */
  compiled: Map<object, string>;
}

/** The figure and the ranking at the same time; more would be of no use to one patient. */
const WORKERS = 2;

/**
 * `glue`: the engine's JavaScript, as it stands in the page. Each worker reads the model that was compiled last as soon as it has
 * nothing else to do.
 */
export function start_engine(glue: string, workers = Math.min(WORKERS, navigator.hardwareConcurrency || 1)): Engine {
  const blob = URL.createObjectURL(new Blob([`${glue}\n`, workerSource], { type: "text/javascript" }));
  let first_started: (version: string) => void;
  let first_failed: (error: Error) => void;
  const started = new Promise<string>((resolve, reject) => {
    first_started = resolve;
    first_failed = reject;
  });
  let module: WebAssembly.Module | undefined;
  let seats: Seat[] = [];
  let queue: Call[] = [];
  let next = 1;
  let broken: Error | undefined;
  let latest: object | undefined; // model that was asked to be compiled, unless it failed

  function open(): Seat {
    const seat: Seat = { worker: new Worker(blob), runs: false, compiled: new Map() };
    seat.worker.onmessage = ({ data }: MessageEvent<FromWorker>) => hear(seat, data);
    seat.worker.onerror = (event) => {
      event.preventDefault();
      give_up(seat, event.message || "worker error");
    };
    if (module) start(seat, module);
    return seat;
  }

  function start(seat: Seat, wasm: WebAssembly.Module | string): void {
    seat.worker.postMessage({ kind: "start", wasm } satisfies ToWorker);
  }

  function hear(seat: Seat, message: FromWorker): void {
    if (!seats.includes(seat)) return;
    if (message.kind === "compiled") {
      module = message.wasm;
      performance.mark("engine compiled");
      for (const other of seats) if (other !== seat) start(other, module);
    } else if (message.kind === "started") {
      seat.runs = true;
      performance.mark("worker ready");
      first_started(message.version);
      assign();
    } else if (message.kind === "progress") {
      if (seat.call?.id === message.id) seat.call.on_progress?.(message.fraction);
    } else if (message.kind === "answer") {
      if (seat.call?.id === message.id) answered(seat, seat.call, JSON.parse(message.response) as Response, message.last);
    } else give_up(seat, message.message);
  }

  function answered(seat: Seat, { request, resolve }: Call, response: Response, last: boolean): void {
    seat.call = undefined;
    if (request.verb === "compile" && !response.ok) latest = undefined;
    if (typeof request.model === "object" && response.model && response.ok) seat.compiled.set(request.model, response.model.hash);
    resolve(response);
    if (last) close(seat);
    assign();
  }

  const free = (): Seat[] => seats.filter((seat) => seat.runs && !seat.call);

  const reads = (seat: Seat) => seat.call?.request.verb === "compile";

  /** Gives what waits to whoever is free, best to one that has read the model; who is left reads it, but not while another does:
   *  both would wait for the same functions to be compiled. */
  function assign(): void {
    while (queue.length > 0 && free().length > 0) {
      const call = queue.shift()!;
      const { model } = call.request;
      give(free().find((s) => typeof model === "object" && s.compiled.has(model)) ?? free()[0]!, call);
    }
    for (const seat of free())
      if (latest && !seat.compiled.has(latest) && !seats.some(reads)) {
        const request: Request = { verb: "compile", model: latest };
        give(seat, { id: next++, request, resolve: () => {}, reject: () => {} });
      }
  }

  function give(seat: Seat, call: Call): void {
    const { model } = call.request;
    const hash = typeof model === "object" ? seat.compiled.get(model) : undefined;
    seat.call = call;
    const request = JSON.stringify(hash ? { ...call.request, model: hash } : call.request);
    seat.worker.postMessage({ kind: "call", id: call.id, request } satisfies ToWorker);
  }

  /** Puts a new worker in the place of one that is not called again. */
  function close(seat: Seat): void {
    seat.worker.terminate();
    seats = seats.map((s) => (s === seat ? open() : s));
  }

  function replace(seat: Seat, why: Error): void {
    close(seat);
    seat.call?.reject(why);
  }

  /** After an escape from the engine its memory is in doubt: that worker is never called again. One that could not even start is
   *  not replaced, since the next would fail alike. */
  function give_up(seat: Seat, why: string): void {
    const error = new EngineFailed(why);
    first_failed(error);
    if (seat.runs) return replace(seat, error);
    if (seats.some((s) => s.runs)) return;
    broken = error;
    for (const call of queue) call.reject(error);
    queue = [];
  }

  seats = Array.from({ length: workers }, open);
  return {
    unpack: (block) => start(seats[0]!, block),
    started,
    call: (request, on_progress) =>
      new Promise<Response>((resolve, reject) => {
        if (broken) return reject(broken);
        if (request.verb === "compile" && typeof request.model === "object") latest = request.model;
        queue.push({ id: next++, request, resolve, reject, on_progress });
        assign();
      }),
    cancel: () => {
      const waiting = queue;
      queue = [];
      for (const call of waiting) call.reject(new Cancelled());
      for (const seat of seats.filter((s) => s.call)) replace(seat, new Cancelled());
    },
  };
}
