// `npm run bench`: times of jobs inside the engine and of whole requests at the door, natively, in Node and in headless Chromium,
// each with its spread, as a multiple of a fixed kernel timed in the same run, and with the error that the timed settings reach;
// how times grow; kernels alone. Prints the tables of README.md and writes build/bench.json. Nothing here fails a build.
//
// REPEATS answers are timed at the door (5). A word runs only the parts that hold it: inside, door, scaling, workers, kernels.

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { achieved, times } from "./door.mjs";
import { engines } from "./engines.mjs";
import { jobs } from "./requests.mjs";
import { scaling, workers } from "./scaling.mjs";
import { markdown, ms, ratio, spread } from "./table.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const repeats = Number(process.env.REPEATS ?? 5);
const word = process.argv[2] ?? "";
const all = await engines();
const names = all.map((engine) => engine.name);
const found = { repeats, cores: availableParallelism(), kernel: {} };

/** Prints a table of rows as they were found, and keeps them. */
function print(part, head, rows, cells) {
  found[part] = rows;
  console.log(`\n${markdown(head, rows.map(cells))}`);
}

const of_engines = (row) => names.map((name) => (row[name] ? ms(row[name]) : ""));
const in_kernels = (row) => names.map((name) => ratio(row[name].median / found.kernel[name])).join(", ");
const head = ["natively", "in Node", "in Chromium"];

for (const engine of all) found.kernel[engine.name] = spread((await engine.program("titrate_kernel")).map(Number)).median;
console.log(`medians and quartiles; of the processor natively and in Node, of the wall in Chromium; ${found.cores} cores`);
console.log(
  `fixed kernel, a million evaluations: ${names.map((name) => `${name} ${found.kernel[name].toFixed(1)} ms`).join(", ")}`,
);

const parts = {
  async inside() {
    const lines = await Promise.all(
      all.map(async (engine) => (await engine.program("titrate_inside")).map((line) => JSON.parse(line))),
    );
    const rows = lines[0].map((one, i) => {
      const row = { job: one.job, achieved: one.achieved };
      names.forEach((name, e) => (row[name] = spread(lines[e][i].times)));
      return row;
    });
    print("inside", ["job inside", ...head, "in kernels", "achieved"], rows, (row) => [
      row.job,
      ...of_engines(row),
      in_kernels(row),
      row.achieved,
    ]);
  },
  async door() {
    const rows = [];
    for (const [job, what] of Object.entries(jobs)) {
      const row = { job, achieved: await achieved(all[0], what) };
      for (const engine of all) row[engine.name] = spread(await times(engine, () => what.request, repeats, 10_000));
      rows.push(row);
    }
    print("door", ["request at the door", ...head, "in kernels", "achieved"], rows, (row) => [
      row.job,
      ...of_engines(row),
      in_kernels(row),
      row.achieved,
    ]);
  },
  async scaling() {
    const rows = [];
    await scaling(all, (row) => rows.push(row));
    print("scaling", ["growth", "size", ...head, "order", "error"], rows, (row) => [
      row.job,
      String(row.size),
      ...of_engines(row),
      row.order?.toFixed(1) ?? "",
      row.achieved,
    ]);
  },
  async workers() {
    const rows = [];
    await workers(all, (row) => rows.push(row));
    print("workers", ["growth", "workers", ...head], rows, (row) => [row.job, String(row.size), ...of_engines(row)]);
  },
  kernels() {
    const { stdout } = spawnSync(process.execPath, ["build/wasm/titrate_kernels.js"], { cwd: root, encoding: "utf8" });
    const rows = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const columns = ["kernel in WebAssembly, ns", "operations", "interpreted", "linked", "straight C++", "linking, ms"];
    print("kernels", columns, rows, (row) =>
      [`${row.model} ${row.tape}`, row.operations, row.interpreted, row.linked, row.straight ?? "", row.linking].map(String),
    );
  },
};
for (const [part, run] of Object.entries(parts)) if (part.includes(word)) await run();
for (const engine of all) await engine.close();
writeFileSync(`${root}build/bench.json`, `${JSON.stringify(found, null, 2)}\n`);
