/** What the page and its workers say to each other. */

/** `wasm`: what another worker has compiled, or the text of the page's data block to compile it from. */
export type ToWorker = { kind: "start"; wasm: WebAssembly.Module | string } | { kind: "call"; id: number; request: string };

export type FromWorker =
  | { kind: "compiled"; wasm: WebAssembly.Module }
  | { kind: "started"; version: string }
  | { kind: "progress"; id: number; fraction: number }
  | { kind: "answer"; id: number; response: string; last: boolean } // `last`: this worker takes no more calls
  | { kind: "failed"; id?: number; message: string };
