// `npm run bench`: times of whole requests at the door (JSON in, JSON out) and of jobs inside the engine (inside.cpp), natively and
// as WebAssembly, each also as a multiple of a fixed kernel timed in the same run, with the error that the timed settings reach.
// Writes build/bench.json. Nothing here fails a build.
//
// Medians of REPEATS answers after one that is not counted. The engine keeps results by the request's hash, so every repetition
// carries another seed, and is a new request. The jobs are requests of tests/conformance.

import { spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { load } from "../../wasm/node.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const repeats = Number(process.env.REPEATS ?? 5);
const jobs = [
  "simulate_vancomycin",
  "simulate_docetaxel",
  "fit_vancomycin_two_levels",
  "fit_tacrolimus",
  "fit_docetaxel",
  "forecast_vancomycin",
  "forecast_docetaxel",
  "recommend_vancomycin",
  "recommend_vancomycin_unstable_creatinine",
  "recommend_tacrolimus",
  "recommend_docetaxel",
];

function request(name, settings) {
  const text = readFileSync(`${root}tests/conformance/requests/${name}.json`, "utf8");
  const { settings: _, ...rest } = JSON.parse(text); // the draws that a user gets by default, not the few of a quick check
  const model = JSON.parse(readFileSync(root + rest.model, "utf8"));
  return JSON.stringify({ ...rest, model, settings });
}

const middle = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

async function time(answer, name) {
  const times = [];
  for (let i = 0; i <= repeats; ++i) {
    const text = request(name, { seed: i + 1 });
    const start = performance.now();
    const response = JSON.parse(await answer(text));
    times.push(performance.now() - start);
    if (!response.ok) throw new Error(`${name}: ${JSON.stringify(response.diagnostics)}`);
  }
  return { median: middle(times.slice(1)), worst: Math.max(...times.slice(1)) };
}

/** What the timed settings reach: levels against a tight tolerance, the rest by the Monte-Carlo error of P(in target). */
async function error(answer, name) {
  const value = async (settings) => JSON.parse(await answer(request(name, settings))).result;
  if (name.startsWith("simulate")) {
    const [timed, tight] = [await value({}), await value({ solver: "dopri5", rtol: 1e-12 })];
    const differences = Object.keys(timed.outputs).flatMap((output) => {
      const most = Math.max(...tight.outputs[output].value.map(Math.abs));
      return timed.outputs[output].value.map((x, i) => Math.abs(x - tight.outputs[output].value[i]) / most);
    });
    return `${Math.max(...differences).toExponential(1)} of the largest value`;
  }
  const result = await value({});
  if (name.startsWith("fit")) return `gradient ${result.gradient_norm.toExponential(1)}, ESS ${Math.round(result.sample.ess)}`;
  const chances = (result.ranked ?? result.regimens.map((regimen) => regimen.target).filter(Boolean)).map((c) => c.p_error);
  return chances.length > 0 ? `P within ${Math.max(...chances).toFixed(3)}` : "";
}

/** The native engine, answering a line with a line. */
function native() {
  const child = spawn(`${root}build/native/titrate`, ["-"], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { answer: async (text) => (child.stdin.write(`${text}\n`), (await lines.next()).value), close: () => child.stdin.end() };
}

const output = (...command) => spawnSync(command[0], command.slice(1), { cwd: root, encoding: "utf8" }).stdout;
const program = { native: (name) => [`build/native/${name}`], wasm: (name) => [process.execPath, `build/wasm/${name}.js`] };
const kernels = {
  native: Number(output(...program.native("titrate_kernel"))),
  wasm: Number(output(...program.wasm("titrate_kernel"))),
};
const wasm = await load();
const host = native();
const engines = { native: host.answer, wasm: async (text) => wasm.call(text) };

console.log(`fixed kernel, a million evaluations: native ${kernels.native.toFixed(1)} ms, wasm ${kernels.wasm.toFixed(1)} ms`);
const row = (cells) => console.log(cells.map((c, i) => (i === 0 ? c.padEnd(42) : i < 7 ? c.padStart(10) : `  ${c}`)).join(""));
row(["job, median ms", "native", "worst", "/ kernel", "wasm", "worst", "/ kernel", "achieved"]);
const rows = [];
/** `measured` holds a median and a worst time of each engine. */
function report(job, measured, achieved) {
  const entry = { job, achieved };
  const cells = [job];
  for (const [name, { median, worst }] of Object.entries(measured)) {
    entry[name] = { median, worst, kernels: median / kernels[name] };
    const digits = median < 10 ? 2 : 1;
    cells.push(median.toFixed(digits), worst.toFixed(digits), (median / kernels[name]).toFixed(2));
  }
  row([...cells, achieved]);
  rows.push(entry);
}

const inside = (name) =>
  output(...program[name]("titrate_inside"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const [inside_native, inside_wasm] = [inside("native"), inside("wasm")];
inside_native.forEach((one, i) => report(one.job, { native: one, wasm: inside_wasm[i] }, one.achieved));
for (const job of jobs) {
  const achieved = await error(engines.native, job);
  report(job, { native: await time(engines.native, job), wasm: await time(engines.wasm, job) }, achieved);
}
host.close();

// Kernels alone (tests/bench/kernels.cpp).
const tapes = output(...program.wasm("titrate_kernels"))
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));
console.log("\nkernels in wasm, ns a call; linking in ms, once a model");
const kernelRow = (cells) => console.log(cells.map((c, i) => (i < 1 ? c.padEnd(46) : c.padStart(12))).join(""));
kernelRow(["kernel", "operations", "interpreted", "linked", "ratio", "straight C++", "linking"]);
for (const { model, tape, operations, interpreted, linked, straight, linking } of tapes) {
  const numbers = [operations, interpreted, linked, (interpreted / linked).toFixed(1), straight ?? "", linking];
  kernelRow([`${model} ${tape}`, ...numbers.map(String)]);
}
writeFileSync(`${root}build/bench.json`, `${JSON.stringify({ repeats, kernels, rows, tapes }, null, 2)}\n`);
