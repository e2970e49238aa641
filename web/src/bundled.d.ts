/** What the build puts beside the page's own code. */

/** What emscripten's glue makes of the engine. */
interface Callable {
  call(request: string): string;
  call_with_progress(request: string, report: (fraction: number) => void): string;
  interrupted(): boolean;
  version(): string;
}

/** Browsers have it since 2025. */
interface Uint8ArrayConstructor {
  fromBase64?(text: string): Uint8Array<ArrayBuffer>;
}

/** The glue, from the file that wasm/build.mjs makes: stands before worker.ts in the worker's Blob. */
declare function createEngine(options: {
  instantiateWasm(imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance) => void): object;
}): Promise<Callable>;

/** The bundle of worker.ts as text: on file:// a worker can only start from a Blob. */
declare module "worker-source" {
  const source: string;
  export default source;
}

declare module "*.css";
