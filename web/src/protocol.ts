/** What the page and its worker say to each other. */

export type ToWorker = { kind: "start"; wasm: WebAssembly.Module } | { kind: "call"; id: number; request: string };

export type FromWorker =
  | { kind: "started"; version: string }
  | { kind: "progress"; id: number; fraction: number }
  | { kind: "answer"; id: number; response: string }
  | { kind: "failed"; id?: number; message: string };
