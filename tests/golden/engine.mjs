// The engine that a test of the library asks: WebAssembly where it is built, else the native one.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { load } from "../../wasm/node.mjs";

export const root = fileURLToPath(new URL("../../", import.meta.url));
const native = process.env.TITRATE_NATIVE ?? `${root}build/native/titrate`;

/** One answer (text) for each request (text, one line); null when the engine is not built. */
export function askNative(requests) {
  if (!existsSync(native)) return null;
  const { stdout } = spawnSync(native, ["-"], { input: requests.map((text) => `${text}\n`).join(""), maxBuffer: 1 << 28 });
  return stdout.toString("utf8").split("\n").slice(0, -1);
}

export async function askWasm(requests) {
  try {
    const engine = await load();
    return requests.map((text) => engine.call(text));
  } catch (error) {
    console.error(`WebAssembly: ${error.message}`);
    return existsSync(`${root}build/wasm/titrate.wasm`) ? [] : null;
  }
}

/** Answers as values, of whichever engine there is. */
export async function ask(requests) {
  const texts = requests.map((request) => JSON.stringify(request));
  const answers = (existsSync(`${root}build/wasm/titrate.wasm`) ? await askWasm(texts) : null) ?? askNative(texts);
  if (answers === null || answers.length !== requests.length) throw new Error("no engine answers: build one");
  return answers.map((answer) => JSON.parse(answer));
}

/** Counts and prints; `sum` prints the last line and sets the exit code. */
export function counter() {
  let passed = 0;
  let failed = 0;
  return {
    expect(what, wrong) {
      if (!wrong) return void (passed += 1);
      failed += 1;
      console.error(`FAILED ${what}: ${wrong}`);
    },
    sum(skipped = 0) {
      console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
      process.exitCode = failed > 0 ? 1 : 0;
    },
  };
}
