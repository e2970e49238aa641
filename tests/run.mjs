// Builds what the steps need, runs them, and adds up: `node tests/run.mjs` runs all, `node tests/run.mjs verify unit` some.
//
// A step is one line of the table below. It is a command whose output ends with counts in one of the forms of `counts`; a step
// that is missing, crashes, runs out of time or counts nothing is a failure. Tests that cannot run where they are (because the
// reference data are not there) print `SKIPPED name: reason`. The last line of all is the sum.
//
// Builds run one after another, in the order in which steps ask for them, and beside them the steps, one after another: most steps
// keep one core busy. The page's tests watch their times, so they come last, when nothing is built any more.

import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);

const compile = (name) => ["node", "wasm/build.mjs", name];
const builds = {
  native: compile("native"),
  verify: compile("verify"),
  checked: compile("checked"),
  replay: compile("replay"),
  wasm: compile("wasm"),
  "wasm-tests": compile("wasm-tests"),
  "wasm-verify": compile("wasm-verify"),
  page: ["node", "web/scripts/build.mjs"],
};

const vitest = ["node", "node_modules/vitest/vitest.mjs", "run", "--config", "tests/web/vitest.config.ts"];
const playwright = ["node", "node_modules/@playwright/test/cli.js", "test", "--config", "tests/web/playwright.config.ts"];

const steps = [
  { name: "layers", command: ["node", "tests/unit/layers.mjs"] },
  { name: "types", command: ["node", "web/scripts/typecheck.mjs"] },
  { name: "web-unit", command: vitest, report: "build/vitest.json" },
  { name: "policy", needs: ["wasm"], command: ["node", "tests/conformance/policy.mjs"] },
  { name: "conformance", needs: ["native", "wasm"], command: ["node", "tests/conformance/run.mjs"] },
  { name: "golden", needs: ["native", "wasm"], command: ["node", "tests/golden/run.mjs"] },
  { name: "package", needs: ["wasm", "page"], command: ["node", "tests/conformance/package.mjs"] },
  { name: "verify", needs: ["native", "verify", "wasm-verify"], command: ["node", "tests/verify/run.mjs"] },
  { name: "unit", needs: ["checked"], command: ["build/checked/titrate_tests"] },
  { name: "fuzz-corpus", needs: ["replay"], command: ["build/checked/titrate_fuzz_replay", "tests/fuzz/corpus"] },
  { name: "unit-wasm", needs: ["wasm-tests"], command: ["node", "build/wasm/titrate_tests.js"] },
  { name: "page", needs: ["wasm", "page"], command: playwright, report: "build/playwright.json" },
];

const minutes = 25; // no build and no step may take longer

/** What a step counted: from a report in JSON, or from the last line that holds a sum. */
function counts(output, report) {
  if (report !== undefined) {
    if (!existsSync(report)) return null;
    const { stats, ...jest } = JSON.parse(readFileSync(report, "utf8"));
    if (stats) return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
    return { passed: jest.numPassedTests, failed: jest.numFailedTests, skipped: jest.numPendingTests + (jest.numTodoTests ?? 0) };
  }
  const plain = stripVTControlCharacters(output);
  const own = [...plain.matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped\s*$/gm)].at(-1);
  if (own) return { passed: Number(own[1]), failed: Number(own[2]), skipped: Number(own[3]) };
  const doctest = [...plain.matchAll(/test cases:\s*\d+ \|\s*(\d+) passed \|\s*(\d+) failed \|\s*(\d+) skipped/g)].at(-1);
  if (!doctest) return null;
  const announced = [...plain.matchAll(/^SKIPPED \S.*$/gm)].length;
  return { passed: Number(doctest[1]), failed: Number(doctest[2]), skipped: Number(doctest[3]) + announced };
}

/** Everything that is said goes to `show` as it comes, and is the output in the end. */
function run([command, ...args], show) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
    let output = "";
    const say = (text) => {
      output += text;
      show(text);
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", say);
    const timer = setTimeout(() => {
      say(`\n${command} ${args.join(" ")}: stopped after ${minutes} minutes\n`);
      process.kill(-child.pid, "SIGKILL");
    }, minutes * 60_000);
    const end = (code) => (clearTimeout(timer), resolve({ code, output }));
    child.on("error", (error) => (say(`${error.message}\n`), end(1)));
    child.on("close", (code) => end(code ?? 1));
  });
}

const wanted = process.argv.slice(2);
const strangers = wanted.filter((name) => !steps.some((step) => step.name === name));
if (strangers.length > 0) {
  console.error(`no such step: ${strangers.join(", ")}; there are ${steps.map((step) => step.name).join(", ")}`);
  process.exit(2);
}
const chosen = steps.filter((step) => wanted.length === 0 || wanted.includes(step.name));

const rows = [];
const built = {};
let builds_so_far = Promise.resolve();
let building = true;

/** Builds once, after what was asked for before; a build that fails is a failure of its own, and of every step that needs it. */
function ready(name) {
  return (built[name] ??= builds_so_far =
    builds_so_far.then(async () => {
      console.log(`\n=== build ${name}`);
      const start = Date.now();
      const { code } = await run(builds[name], (text) => process.stdout.write(text));
      const seconds = (Date.now() - start) / 1000;
      rows.push({ name: `build ${name}`, passed: 0, failed: code === 0 ? 0 : 1, skipped: 0, seconds, note: "" });
      return code === 0;
    }));
}

/** Beside a build a step is shown whole when it has ended. */
async function outcome(step) {
  const failure = (note) => ({ passed: 0, failed: 1, skipped: 0, note });
  for (const name of step.needs ?? []) if (!(await ready(name))) return failure(`needs ${name}, which does not build`);
  step.start = Date.now();
  const file = step.command.find((word) => /^(tests|web)\//.test(word));
  if (file !== undefined && !existsSync(file)) return failure(`${file} is missing`);
  if (step.report !== undefined) rmSync(step.report, { force: true });

  const title = `\n=== ${step.name}\n`;
  const live = !building;
  if (live) process.stdout.write(title);
  const { code, output } = await run(step.command, (text) => live && process.stdout.write(text));
  if (!live) process.stdout.write(title + output);
  const counted = counts(output, step.report);
  if (counted === null) return failure(`ended with code ${code} without counting its tests`);
  if (counted.passed + counted.failed + counted.skipped === 0) return failure("ran no test");
  if (code !== 0 && counted.failed === 0) return { ...counted, failed: 1, note: `ended with code ${code}` };
  return { ...counted, note: "" };
}

for (const step of chosen) step.needs?.forEach(ready);
builds_so_far.then(() => (building = false));
for (const step of chosen) {
  const result = await outcome(step);
  rows.push({ name: step.name, ...result, seconds: (Date.now() - (step.start ?? Date.now())) / 1000 });
}

console.log(
  `\n${"step".padEnd(18)}${"passed".padStart(8)}${"failed".padStart(8)}${"skipped".padStart(8)}${"seconds".padStart(9)}`,
);
for (const { name, passed, failed, skipped, seconds, note } of rows) {
  const numbers = [passed, failed, skipped].map((n) => String(n).padStart(8)).join("");
  console.log(`${name.padEnd(18)}${numbers}${seconds.toFixed(1).padStart(9)}  ${note}`.trimEnd());
}
const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
console.log(`\n${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`);
process.exitCode = sum("failed") > 0 ? 1 : 0;
