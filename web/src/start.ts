/** Starts the engine: imported before all else, so that its worker unpacks and compiles while the page is still being read. */

import { start_engine } from "./engine";

const block = (id: string) => document.getElementById(id)!.textContent;

performance.mark("script");
export const engine = start_engine(block("engine-glue"), block("engine-wasm"));
