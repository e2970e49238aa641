/** What the build puts beside the page's own code. */

/** emscripten's glue of the engine: alias of the file that wasm/build.mjs makes. */
declare module "engine-glue" {
  export interface Engine {
    call(request: string): string;
    call_with_progress(request: string, report: (fraction: number) => void): string;
    version(): string;
  }
  export default function createEngine(options: {
    instantiateWasm(imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance) => void): object;
  }): Promise<Engine>;
}

/** The bundle of worker.ts as text: on file:// a worker can only start from a Blob. */
declare module "worker-source" {
  const source: string;
  export default source;
}

declare module "*.css";
