/** The package `titrate` under Node, and what the compiled engine itself offers. Requests and responses: titrate.d.ts. */

import type { Request, Response } from "./titrate";

export type * from "./titrate";

/** emcc's module, after instantiation: text in, text out. */
export interface Engine {
  call(request: string): string;
  /** Reports the fraction done, from 0 to 1, while it works. */
  call_with_progress(request: string, report: (fraction: number) => void): string;
  /** Whether a call ended by an exception. It was answered, but left memory behind: take a new engine. */
  interrupted(): boolean;
  version(): string;
}

export interface EngineOptions {
  /** The bytes of the engine, or the means to instantiate code that is compiled already. */
  wasmBinary?: ArrayBuffer | Uint8Array;
  instantiateWasm?: (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) => object;
  onAbort?: (why: unknown) => void;
  print?: (line: string) => void;
  printErr?: (line: string) => void;
}

export interface Titrate {
  /** An object gives an object, a text the response's own bytes. */
  call(request: Request): Response;
  call(request: string): string;
  version(): string;
}

/** The engine of build/wasm where it was built, else the one inside dist/index.html. */
export function load(): Promise<Titrate>;
