// Timings of whole requests, native and WebAssembly: `npm run bench`. Figures of a shared machine: compare the columns of one run,
// not runs. Each case is a request file in tests/bench/cases/, answered `repeats` times after a first answer that is not counted.
//
// The engine keeps results by the request's hash, so every repetition carries another seed, and is a new request.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { load } from "../../wasm/node.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const repeats = Number(process.env.REPEATS ?? 7);

function requests(file) {
  const request = JSON.parse(readFileSync(`${root}tests/bench/cases/${file}`, "utf8"));
  if (typeof request.model === "string") request.model = JSON.parse(readFileSync(`${root}models/${request.model}.json`, "utf8"));
  return Array.from({ length: repeats + 1 }, (_, i) =>
    JSON.stringify({ ...request, settings: { ...request.settings, seed: i + 1 } }),
  );
}

const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];

async function timed(answer, texts) {
  const times = [];
  for (const text of texts) {
    const start = performance.now();
    const response = JSON.parse(await answer(text));
    times.push(performance.now() - start);
    if (!response.ok) throw new Error(JSON.stringify(response.diagnostics));
  }
  return median(times.slice(1));
}

/** The native engine, answering a line with a line. */
function native() {
  const child = spawn(`${root}build/native/titrate`, ["-"], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (text) => (child.stdin.write(`${text}\n`), (await lines.next()).value);
  return { answer, close: () => child.stdin.end() };
}

const folder = `${root}tests/bench/cases`;
const files = existsSync(folder)
  ? readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .sort()
  : [];
if (files.length === 0) throw new Error("tests/bench/cases holds no request");

const wasm = await load();
const host = native();
console.log(`${"median ms".padEnd(40)}${"native".padStart(10)}${"wasm".padStart(10)}${"ratio".padStart(8)}`);
for (const file of files) {
  const texts = requests(file);
  const [a, b] = [await timed(host.answer, texts), await timed(wasm.call, texts)];
  console.log(
    `${file.replace(/\.json$/, "").padEnd(40)}${a.toFixed(2).padStart(10)}${b.toFixed(2).padStart(10)}${(b / a).toFixed(2).padStart(8)}`,
  );
}
host.close();
