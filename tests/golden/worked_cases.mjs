// The checks of every model file, natively and in WebAssembly: each number of a worked case is computed by the engine and compared
// with the one that the file's authors computed by other means, and the grade that follows from all checks must be the one that the
// card shows from the recorded results (tests/golden/grades.mjs).

import { readFileSync, readdirSync } from "node:fs";
import { askNative, askWasm, counter, root } from "./engine.mjs";

const models = readdirSync(`${root}models`).filter((name) => name.endsWith(".json") && name !== "schema.json");
const requests = (verb) =>
  models.map((name) => JSON.stringify({ verb, model: JSON.parse(readFileSync(`${root}models/${name}`, "utf8")) }));

const { expect, sum } = counter();
let skipped = 0;

for (const [engine, ask] of [
  ["native", askNative],
  ["WebAssembly", askWasm],
]) {
  const answers = await ask(requests("validate"));
  if (answers === null) {
    skipped += models.length;
    console.log(`SKIPPED checks of the ${engine} engine: it is not built`);
    continue;
  }
  const cards = await ask(requests("compile"));
  models.forEach((name, i) => {
    const response = answers[i] ? JSON.parse(answers[i]) : { ok: false, diagnostics: "no answer" };
    const card = cards[i] ? JSON.parse(cards[i]).result : undefined;
    const checks = response.result?.worked_cases ?? [];
    expect(`${name} (${engine}) runs its checks`, response.ok ? "" : JSON.stringify(response.diagnostics));
    expect(`${name} (${engine}) has worked cases`, checks.length > 0 ? "" : "none");
    for (const check of checks) {
      const words = `${check.got} ${check.unit}, expected ${check.expected} (relative ${check.relative}, tolerance ${check.tolerance})`;
      expect(`${name} (${engine}), ${check.label}, ${check.check}`, check.ok ? "" : words);
    }
    const shown = JSON.stringify(card?.grade);
    const found = JSON.stringify(response.result?.grade);
    expect(`${name} (${engine}) shows the grade of its checks (npm run grades)`, shown === found ? "" : `${shown}, not ${found}`);
  });
}
sum(skipped);
