// The worked cases of every model file: each check is computed by the engine and compared with the number that the file's authors
// computed by other means. `validate` without a patient does it; this asks it of every model, natively and in WebAssembly.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { load } from "../../wasm/node.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const native = process.env.TITRATE_NATIVE ?? `${root}build/native/titrate`;
const models = readdirSync(`${root}models`).filter((name) => name.endsWith(".json") && name !== "schema.json");
const texts = models.map((name) =>
  JSON.stringify({ verb: "validate", model: JSON.parse(readFileSync(`${root}models/${name}`, "utf8")) }),
);

function askNative() {
  if (!existsSync(native)) return null;
  const { stdout } = spawnSync(native, ["-"], { input: texts.map((text) => text + "\n").join(""), maxBuffer: 1 << 28 });
  return stdout.toString("utf8").split("\n").slice(0, -1);
}

async function askWasm() {
  try {
    const engine = await load();
    return texts.map((text) => engine.call(text));
  } catch (error) {
    console.error(`WebAssembly: ${error.message}`);
    return existsSync(`${root}build/wasm/titrate.wasm`) ? [] : null;
  }
}

let passed = 0;
let failed = 0;
let skipped = 0;
function expect(what, wrong) {
  if (!wrong) return void (passed += 1);
  failed += 1;
  console.error(`FAILED ${what}: ${wrong}`);
}

for (const [engine, ask] of [
  ["native", askNative],
  ["WebAssembly", askWasm],
]) {
  const answers = await ask();
  if (answers === null) {
    skipped += models.length;
    console.log(`SKIPPED worked cases of the ${engine} engine: it is not built`);
    continue;
  }
  models.forEach((name, i) => {
    const response = answers[i] ? JSON.parse(answers[i]) : { ok: false, diagnostics: "no answer" };
    const checks = response.result?.worked_cases ?? [];
    expect(`${name} (${engine}) runs its worked cases`, response.ok ? "" : JSON.stringify(response.diagnostics));
    expect(`${name} (${engine}) has worked cases`, checks.length > 0 ? "" : "none");
    for (const check of checks) {
      const words = `${check.got} ${check.unit}, expected ${check.expected} (relative ${check.relative}, tolerance ${check.tolerance})`;
      expect(`${name} (${engine}), ${check.label}, ${check.check}`, check.ok ? "" : words);
    }
  });
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 ? 1 : 0);
