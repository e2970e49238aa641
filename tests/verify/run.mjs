// `npm run verify`: the engine against the reference cases, natively and as WebAssembly, as one table; writes build/verify.json.
//   node tests/verify/run.mjs [case ...]
// With --readme the table in README.md is written anew: worst of both builds.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const to_readme = process.argv.includes("--readme");
const wanted = process.argv.slice(2).filter((word) => word !== "--readme");
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
  const text = readFileSync(file, "utf8");
  const between = /(<!-- verify:begin -->\n)[\s\S]*(<!-- verify:end -->)/;
  writeFileSync(
    file,
    text.replace(between, (_, begin, end) => `${begin}${table}\n\n${end}`),
  );
}

if (to_readme) write_readme();

mkdirSync(join(root, "build"), { recursive: true });
writeFileSync(join(root, "build/verify.json"), JSON.stringify({ rows }, null, 2) + "\n");
const count = (verdict) => rows.filter((row) => row.verdict === verdict).length;
console.log(`${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`);
process.exitCode = count("failed") > 0 ? 1 : 0;
