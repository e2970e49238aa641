// Fuzzes for so many minutes, the targets in turn, one process at a time and last in the queue for the processor:
//   node tests/fuzz/run.mjs [--minutes N] [--target NAME] [--slice SECONDS]
//
// The corpus in the tree seeds a larger one in build/fuzz/corpus; what breaks a promise is kept in build/fuzz/found. Counts of
// executions are libFuzzer's own and are added up, with the commit that they belong to, in build/fuzz/counts.json.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
process.chdir(root);
const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const minutes = Number(option("minutes", "10"));
const slice = Number(option("slice", "240"));
const only = option("target");
const longest = { model: 800, door: 600, schedule: 300 }; // bytes: many small texts find more than a few long ones
const targets = Object.keys(longest).filter((name) => only === undefined || name === only);
if (!(minutes > 0) || targets.length === 0) {
  console.error("usage: node tests/fuzz/run.mjs [--minutes N] [--target model|door|schedule] [--slice SECONDS]");
  process.exit(2);
}

const folder = "build/fuzz";
const counts_file = join(folder, "counts.json");
const counts = existsSync(counts_file) ? JSON.parse(readFileSync(counts_file, "utf8")) : [];
const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();

function run(name, seconds) {
  const work = join(folder, "corpus", name);
  const found = join(folder, "found");
  for (const place of [work, found]) mkdirSync(place, { recursive: true });
  const options = [
    `-max_len=${longest[name]}`,
    `-max_total_time=${seconds}`,
    "-timeout=20",
    "-rss_limit_mb=2048",
    "-len_control=0",
    "-entropic=0", // weighing the corpus took half of the time
    "-use_counters=0",
    "-print_final_stats=1",
    `-artifact_prefix=${found}/${name}-`,
  ];
  const program = join(folder, `titrate_fuzz_${name}`);
  const { stderr } = spawnSync("nice", ["-n", "15", program, ...options, work, join("tests/fuzz/corpus", name)], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const executions = Number(/stat::number_of_executed_units:\s*(\d+)/.exec(stderr)?.[1] ?? 0);
  const broken = [...stderr.matchAll(/^(BROKEN: .*|SUMMARY: .*|==\d+== ?ERROR.*)$/gm)].map((match) => match[1]);
  return { target: name, commit, seconds, executions, broken };
}

const end = Date.now() + minutes * 60_000;
let failed = 0;
for (let turn = 0; Date.now() < end; ++turn) {
  const left = Math.ceil((end - Date.now()) / 1000);
  const result = run(targets[turn % targets.length], Math.min(slice, left));
  counts.push(result);
  writeFileSync(counts_file, JSON.stringify(counts, null, 1) + "\n");
  failed += result.broken.length > 0 ? 1 : 0;
  console.log(
    `${result.target}: ${result.executions} executions in ${result.seconds} s; ${result.broken.join("; ") || "nothing found"}`,
  );
}
for (const name of Object.keys(longest)) {
  const sum = counts.filter((c) => c.target === name).reduce((total, c) => total + c.executions, 0);
  console.log(`${name}: ${sum} executions in all`);
}
process.exitCode = failed > 0 ? 1 : 0;
