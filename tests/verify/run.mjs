// `npm run verify`: the engine against the reference cases and against equations whose solutions are known, natively and as
// WebAssembly, as tables; writes build/verify.json.
//   node tests/verify/run.mjs [case ...]
// With --readme the tables in README.md are written anew: worst of both builds. With --full the real data are fitted for all subjects
// and from more starts, and tests/verify/full.md is written.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const to_readme = process.argv.includes("--readme");
const full = process.argv.includes("--full");
const wanted = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const folder = process.env.TITRATE_VALIDATION ?? resolve(root, "../shared/validation");
const builds = {
  native: { file: join(root, "build/native/titrate_verify"), command: [] },
  wasm: { file: join(root, "build/wasm/titrate_verify.js"), command: [process.execPath] },
};

/** Rows of one build; one row that says why when there are none. */
function rowsOf(name, { file, command }) {
  if (!existsSync(file)) return [{ build: name, case: "all", verdict: "skipped", words: "not built", errors: {}, limits: {} }];
  const [program, ...rest] = [...command, file, folder, ...wanted];
  const run = spawnSync(program, rest, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
  try {
    return JSON.parse(run.stdout).map((row) => ({ build: name, ...row }));
  } catch {
    const words = `ended with ${run.status ?? run.signal}: ${(run.stderr || run.stdout || "no output").trim().slice(0, 300)}`;
    return [{ build: name, case: "all", verdict: "failed", words, errors: {}, limits: {} }];
  }
}

const rows = Object.entries(builds).flatMap(([name, build]) => rowsOf(name, build));
const quantities = [...new Set(rows.flatMap((row) => Object.keys(row.errors)))];
const short = (x) => (x === undefined ? "" : typeof x === "number" ? x.toExponential(1) : String(x));

const limits = Object.assign({}, ...rows.map((row) => row.limits));
const table = [
  ["build", "case", "subjects", ...quantities, "verdict", "evidence"],
  ["", "limit", "", ...quantities.map((q) => short(limits[q])), "", ""],
  ...rows.map((row) => [
    row.build,
    row.case,
    String(row.subjects ?? ""),
    ...quantities.map((q) => short(row.errors[q])),
    row.verdict,
    row.evidence ?? "",
  ]),
];
const widths = table[0].map((_, i) => Math.max(...table.map((line) => line[i].length)));
for (const line of table)
  console.log(
    line
      .map((cell, i) => cell.padEnd(widths[i]))
      .join("  ")
      .trimEnd(),
  );
for (const row of rows) {
  if (row.verdict === "failed") console.log(`FAILED ${row.build} ${row.case}: ${row.words}`);
  if (row.verdict === "skipped") console.log(`SKIPPED ${row.case}: ${row.words} (${row.build})`);
}

/** Equations whose solutions are known, and the large networks: errors in multiples of the solver's relative tolerance. */
function knownOf(name, { file, command }) {
  const unusable = (verdict, words) => [{ build: name, problem: "all", solver: "", verdict, words }];
  if (!existsSync(file)) return unusable("skipped", "not built");
  const [program, ...rest] = [...command, file, "--known", join(root, "models")];
  const run = spawnSync(program, rest, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
  try {
    return JSON.parse(run.stdout).map((row) => ({ build: name, ...row }));
  } catch {
    const words = `ended with ${run.status ?? run.signal}: ${(run.stderr || run.stdout || "no output").trim().slice(0, 300)}`;
    return unusable("failed", words);
  }
}

const known = wanted.length > 0 ? [] : Object.entries(builds).flatMap(([name, build]) => knownOf(name, build));
const slope = (x) => (typeof x === "number" ? x.toFixed(2) : (x ?? ""));
if (known.length > 0)
  console.log("\nknown solutions: worst error over the solver's tolerance, slope of log error on log tolerance");
for (const row of known) {
  const limit = row.error_limit === undefined ? "" : ` (at most ${Number(row.error_limit.toPrecision(3))})`;
  const found = `error ${short(row.error)}${limit}${row.slope === undefined ? "" : `, slope ${slope(row.slope)} (at least ${row.slope_limit})`}`;
  console.log(`${row.build.padEnd(7)} ${`${row.problem}, ${row.solver}`.padEnd(62)} ${row.verdict}: ${row.words || found}`);
  if (row.verdict === "failed") console.log(`FAILED ${row.build} ${row.problem}, ${row.solver}`);
  if (row.verdict === "skipped") console.log(`SKIPPED known solutions: ${row.words} (${row.build})`);
}

/** Known solutions as lines of a table: worst of both builds. */
function knownTable() {
  const names = [...new Set(known.map((row) => `${row.problem}|${row.solver}`))];
  const lines = names.map((name) => {
    const both = known.filter((row) => `${row.problem}|${row.solver}` === name);
    const [row] = both;
    const worst = both.map((r) => r.error).reduce((a, b) => (a >= b ? a : b));
    const least = both.map((r) => r.slope).reduce((a, b) => (a <= b ? a : b));
    const verdict = both.every((r) => r.verdict === row.verdict) ? row.verdict : "differs";
    return [row.problem, row.solver, row.tolerance, short(worst), short(row.error_limit), slope(least), verdict, row.reference];
  });
  return [["problem", "solver", "rtol", "error / rtol", "limit", "slope (at least 0.8)", "verdict", "reference"], lines];
}

const markdown = (head, lines) => [head, head.map(() => "---"), ...lines].map((line) => `| ${line.join(" | ")} |`).join("\n");

/** Worst error of both builds, one line a case, between the marks in README.md. */
function write_readme() {
  const shown = ["ipred", "pred", "printed", "ofv", "objective", "etc", "own_ofv", "own_eta", "parameters", "total"];
  const cases = [...new Set(rows.map((row) => row.case))].map((id) => rows.filter((row) => row.case === id));
  const worst = (both, q) => {
    const errors = both.map((row) => row.errors[q]).filter((x) => x !== undefined);
    return errors.length > 0 ? Math.max(...errors) : undefined;
  };
  const verdict = (both) => (both.every((row) => row.verdict === both[0].verdict) ? both[0].verdict : "differs");
  const lines = cases.map((both) => {
    const [row] = both;
    const outcome = `${verdict(both)} (${row.evidence})`;
    return `| ${row.case} | ${row.subjects || ""} | ${shown.map((q) => short(worst(both, q))).join(" | ")} | ${outcome} |`;
  });
  const table = [
    `| case | subjects | ${shown.join(" | ")} | verdict, native and wasm |`,
    `|---|---|${shown.map(() => "---|").join("")}---|`,
    `| limit | | ${shown.map((q) => short(limits[q])).join(" | ")} | |`,
    ...lines,
  ].join("\n");
  const file = join(root, "README.md");
  const put = (text, mark, lines) =>
    text.replace(
      new RegExp(`(<!-- ${mark}:begin -->\n)[\\s\\S]*(<!-- ${mark}:end -->)`),
      (_, begin, end) => `${begin}${lines}\n\n${end}`,
    );
  const text = put(readFileSync(file, "utf8"), "verify", table);
  writeFileSync(file, known.length > 0 ? put(text, "known", markdown(...knownTable())) : text);
}

if (to_readme) write_readme();

/** Real data, fitted subject by subject. */
function datasetsOf(name, { file, command }) {
  const failure = (words) => [{ build: name, dataset: "all", verdict: "failed", words }];
  if (!existsSync(file)) return [{ build: name, dataset: "all", verdict: "skipped", words: "not built" }];
  if (!existsSync(join(folder, "datasets"))) return [{ build: name, dataset: "all", verdict: "skipped", words: "no datasets" }];
  const [program, ...rest] = [...command, file, "--datasets", folder, ...(full ? ["full"] : [])];
  const run = spawnSync(program, rest, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
  try {
    return JSON.parse(run.stdout).map((row) => ({ build: name, ...row }));
  } catch {
    return failure(`ended with ${run.status ?? run.signal}: ${(run.stderr || run.stdout || "no output").trim().slice(0, 300)}`);
  }
}

/** Worked cases of every model file, by the native engine: worst error in units of what each number is allowed. */
function workedCases() {
  const engine = join(root, "build/native/titrate");
  if (!existsSync(engine)) return [{ model: "all", verdict: "skipped", words: "not built" }];
  const models = readdirSync(join(root, "models")).filter((name) => name.endsWith(".json") && name !== "schema.json");
  const text = (name) =>
    JSON.stringify({ verb: "validate", model: JSON.parse(readFileSync(join(root, "models", name), "utf8")) });
  const run = spawnSync(engine, ["-"], {
    input: models.map((name) => `${text(name)}\n`).join(""),
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const answers = run.stdout.split("\n").slice(0, -1);
  return models.map((name, i) => {
    const { result } = JSON.parse(answers[i] ?? "{}");
    const checks = result?.worked_cases ?? [];
    const worst = checks.reduce(
      (most, check) =>
        check.relative / check.tolerance > most.part ? { ...check, part: check.relative / check.tolerance } : most,
      { part: 0, relative: 0, tolerance: 1e-4 },
    );
    const verdict = checks.length > 0 && checks.every((check) => check.ok) ? "passed" : "failed";
    const cases = new Set(checks.map((check) => check.label)).size;
    const { relative: error, tolerance: limit } = worst;
    return {
      model: name.replace(".json", ""),
      cases,
      checks: checks.length,
      error,
      limit,
      grade: result?.grade.word ?? "",
      verdict,
    };
  });
}

const data = wanted.length > 0 ? [] : Object.entries(builds).flatMap(([name, build]) => datasetsOf(name, build));
if (data.length > 0) console.log("\nreal data: mode of every subject against a simplex and a search from many starts");
for (const row of data) {
  const found = `${row.converged} of ${row.subjects} converged, gradient ${short(row.gradient_norm)}, other methods ${short(row.below)} lower`;
  console.log(
    `${row.build.padEnd(7)} ${row.dataset.padEnd(14)} ${row.verdict}: ${row.words || `${found}, objective ${row.total.toFixed(4)}`}`,
  );
  if (row.verdict === "failed") console.log(`FAILED ${row.build} ${row.dataset}`);
  if (row.verdict === "skipped") console.log(`SKIPPED ${row.dataset}: ${row.words} (${row.build})`);
}
const worked = wanted.length > 0 ? [] : workedCases();
if (worked.length > 0) console.log("\nworked cases of the models: cases, numbers, worst error and its limit, grade");
for (const row of worked) {
  if (row.verdict === "skipped") console.log(`SKIPPED worked cases: ${row.words}`);
  else
    console.log(
      `${row.model.padEnd(44)} ${String(row.cases).padStart(3)} ${String(row.checks).padStart(4)}  ${short(row.error)}  ${short(row.limit)}  ${row.grade.padEnd(14)} ${row.verdict}`,
    );
}

function write_full() {
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root, encoding: "utf8" }).trim();
  const text = [
    "# The full comparison",
    "",
    `\`node tests/verify/run.mjs --full\` at ${commit}. Errors are worst over subjects; the limits stand in the second row.`,
    "",
    "## Reference cases",
    "",
    markdown(table[0], table.slice(1)),
    "",
    "## Known solutions",
    "",
    markdown(...knownTable()),
    "",
    "## Real data",
    "",
    "Population parameters are fixed as published; each subject's mode is compared with Nelder and Mead's simplex and with a search",
    "from 25 starts. `lower` is how far below the mode any of them came, `gradient` the distance to the mode in posterior standard",
    "deviations, `objective` the sum of the individual objectives.",
    "",
    markdown(
      ["build", "set", "model", "subjects", "converged", "gradient", "lower", "objective", "verdict"],
      data.map((d) => [
        d.build,
        d.dataset,
        d.model,
        d.subjects,
        d.converged,
        short(d.gradient_norm),
        short(d.below),
        d.total?.toFixed(4),
        d.verdict,
      ]),
    ),
    "",
    "## Worked cases of the models",
    "",
    markdown(
      ["model", "cases", "numbers", "worst error", "its limit", "grade", "verdict"],
      worked.map((w) => [w.model, w.cases, w.checks, short(w.error), short(w.limit), w.grade, w.verdict]),
    ),
    "",
  ].join("\n");
  writeFileSync(join(root, "tests/verify/full.md"), text);
}
if (full) write_full();

mkdirSync(join(root, "build"), { recursive: true });
writeFileSync(join(root, "build/verify.json"), JSON.stringify({ rows, known, data, worked }, null, 2) + "\n");
const count = (verdict) => [...rows, ...known, ...data, ...worked].filter((row) => row.verdict === verdict).length;
console.log(`${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`);
process.exitCode = count("failed") > 0 ? 1 : 0;
