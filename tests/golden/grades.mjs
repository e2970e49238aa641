// Writes engine/checks/checked_models.cpp: what the checks of each shipped model gave, by the hash of its file. `npm run grades` builds the
// native engine and runs this; the engine is then to be built anew. worked_cases.mjs repeats the checks and compares the grades.

import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const native = process.env.TITRATE_NATIVE ?? `${root}build/native/titrate`;
const table = `${root}engine/checks/checked_models.cpp`;

const names = readdirSync(`${root}models`).filter((name) => name.endsWith(".json") && name !== "schema.json");
const requests = names.map(
  (name) => `{"verb":"validate","model":${JSON.stringify(JSON.parse(readFileSync(`${root}models/${name}`, "utf8")))}}\n`,
);
const { stdout } = spawnSync(native, ["-"], { input: requests.join(""), encoding: "utf8", maxBuffer: 1 << 28 });
const answers = stdout
  .split("\n")
  .slice(0, -1)
  .map((line) => JSON.parse(line));

const rows = names.map((name, i) => {
  const { ok, model, result, diagnostics } = answers[i];
  if (!ok) throw new Error(`${name}: ${JSON.stringify(diagnostics)}`);
  const wrong = result.worked_cases.filter((check) => !check.ok).length;
  const found = result.population_checks.map((check) => check.got).join(", ");
  console.log(`${name.replace(".json", "").padEnd(46)}${result.grade.word}`);
  return `    {"${model.hash}", {${result.worked_cases.length}, ${wrong}, {${found}}}},  // ${model.id}`;
});

const text = readFileSync(table, "utf8");
writeFileSync(
  table,
  text.replace(/(\/\/ begin\n)[^]*( {4}\/\/ end)/, (_, begin, end) => `${begin}${rows.join("\n")}\n${end}`),
);
