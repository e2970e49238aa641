/**
 * A script of its own, which runs before the rest of the page is read: the engine's workers start at once, and one unpacks and
 * compiles beside all that follows.
 */

import { start_engine } from "./engine";

export { Cancelled } from "./engine";

const block = (id: string) => document.getElementById(id)!.textContent;

performance.mark("script");
export const engine = start_engine(block("engine-glue"));

/** Called when the engine's packed code has been read. */
export const unpack = () => engine.unpack(block("engine-wasm"));
