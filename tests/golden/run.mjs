// The model library against its schema, its sources, its own checks, independent units, planted errors, a newcomer's file, and its decisions.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const sum = [0, 0, 0];
let crashed = 0;
for (const file of [
  "schema.test.mjs",
  "sources.mjs",
  "worked_cases.mjs",
  "units.mjs",
  "planted_units.mjs",
  "newcomer.mjs",
  "decisions.mjs",
]) {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const { stdout, status } = spawnSync("node", [path], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  const counted = [...stdout.matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped\s*$/gm)].at(-1);
  console.log(`${file}\n${stdout.trimEnd()}`);
  if (counted) counted.slice(1).forEach((n, i) => (sum[i] += Number(n)));
  if (!counted || (status !== 0 && counted[2] === "0")) crashed += 1;
}
console.log(`${sum[0]} passed, ${sum[1] + crashed} failed, ${sum[2]} skipped`);
process.exit(sum[1] + crashed > 0 ? 1 : 0);
