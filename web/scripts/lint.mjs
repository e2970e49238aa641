// Form and likely mistakes: `npm run lint`; with `-- --tidy` clang-tidy too, which takes minutes; with `-- --fix` what a
// formatter can mend is mended.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("../..", import.meta.url)));
const [tidy, fix] = ["--tidy", "--fix"].map((word) => process.argv.includes(word));

const tracked = (...patterns) =>
  spawnSync("git", ["ls-files", "-co", "--exclude-standard", "--", ...patterns], { encoding: "utf8" })
    .stdout.split("\n")
    .filter((file) => file !== "" && existsSync(file));
const cpp = tracked("engine/*.cpp", "engine/*.hpp", "wasm/*.cpp", "tests/*.cpp", "tests/*.hpp");
const script = tracked(
  "web/*.ts",
  "web/*.tsx",
  "web/*.mjs",
  "web/*.mts",
  "web/*.css",
  "wasm/*.mjs",
  "wasm/*.ts",
  "tests/*.mjs",
  "tests/*.ts",
);

const checks = [
  ["clang-format", ...(fix ? ["-i"] : ["--dry-run", "-Werror"]), ...cpp],
  ["node", "node_modules/prettier/bin/prettier.cjs", fix ? "--write" : "--check", "--log-level", "warn", ...script],
  ["node", "node_modules/oxlint/bin/oxlint", "--deny-warnings", "web", "wasm", "tests"],
  ["node", "web/scripts/typecheck.mjs"],
];
if (tidy) {
  checks.push(["node", "wasm/build.mjs", "native"]); // for compile_commands.json
  const compiled = cpp.filter((file) => file.endsWith(".cpp") && file.startsWith("engine/"));
  checks.push(["clang-tidy", "--quiet", "-p", "build/native", ...compiled]);
}

let failed = 0;
for (const [command, ...args] of checks) {
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  const name = args.find((word) => /oxlint|prettier|typecheck/.test(word)) ?? command;
  if (status !== 0) failed++;
  console.log(`${status === 0 ? "ok    " : "FAILED"} ${name}`);
}
process.exitCode = failed > 0 ? 1 : 0;
