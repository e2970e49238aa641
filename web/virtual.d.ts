/** Modules that web/scripts/build.mjs makes up. */

/** The bundled worker, as the text of a classic script: `new Worker(URL.createObjectURL(new Blob([source])))`. */
declare module "worker-source" {
  const source: string;
  export default source;
}

/** emcc's JavaScript: instantiates the engine around code that was compiled before. */
declare module "engine-glue" {
  export default function createEngine(options: import("../wasm/index").EngineOptions): Promise<import("../wasm/index").Engine>;
}

declare module "*.css";
