// Do the tests notice? One fault at a time is put into a copy of the tree, the unit tests and the reference cases are built and
// run, and at least one of them must fail:  node tests/verify/mutate.mjs [--write] [NUMBER ...]
//
// The copy stands in build/mutate and keeps its objects, so that a fault costs one file and a link. With --write the table
// tests/verify/mutations.md is written anew. A fault whose text is not in its file any more is an error: change it here.

import { execFileSync, spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
process.chdir(root);
const validation = process.env.TITRATE_VALIDATION ?? resolve(root, "../shared/validation");

const faults = [
  {
    what: "a lagged dose takes its bioavailability from its record, not from when it enters",
    file: "engine/sim/timeline.cpp",
    from: "const bool later = e.lag > 0.0;",
    to: "const bool later = false;",
  },
  {
    what: "the last value of a covariate holds where the next one should (LOCF for NOCB)",
    file: "engine/sim/courses.cpp",
    from: "if (rule == OverTime::next) {",
    to: "if (false && rule == OverTime::next) {",
  },
  {
    what: "omega is 5 % too large in the objective",
    file: "engine/infer/objective.cpp",
    from: "e.gradient.noalias() = prior_inverse_ * eta;",
    to: "e.gradient.noalias() = prior_inverse_ * eta / 1.05;",
  },
  {
    what: "an entry of the Jacobian is missing",
    file: "engine/model/compiled.cpp",
    from: "J.push_back(j < d_state_.size() ? d_state_[j].of(f) : graph_.constant(0.0));",
    to: "J.push_back(j < d_state_.size() && (j != 1 || f != rhs.front()) ? d_state_[j].of(f) : graph_.constant(0.0));",
  },
  {
    what: "a sensitivity has the wrong sign where the time of a dose depends on eta (lag)",
    file: "engine/sim/carrier.cpp",
    from: "motion.S.row(i).head(k_) -= jump * a.d_time.transpose();",
    to: "motion.S.row(i).head(k_) += jump * a.d_time.transpose();",
  },
  {
    what: "the sensitivity of the infusion rate is lost",
    file: "engine/sim/carrier.cpp",
    from: "forcing.d_rate.row(a.state) += sign * a.d_amount.transpose();",
    to: "forcing.d_rate.row(a.state) += 0.0 * sign * a.d_amount.transpose();",
  },
  {
    what: "lagged and additional doses enter after the records of their time",
    file: "engine/sim/timeline.cpp",
    from: "time > dose_.time ? additional : dose_.order",
    to: "time > dose_.time || dose_.order == additional ? after_all : dose_.order",
  },
  {
    what: "the first additional dose is dropped",
    file: "engine/sim/schedule.cpp",
    from: "for (int i = 0; i <= d.addl; ++i) {",
    to: "for (int i = 0; i <= d.addl; i += i == 0 && d.addl > 0 ? 2 : 1) {",
  },
  {
    what: "a steady state with a lag has the wrong phase",
    file: "engine/sim/steady_state.cpp",
    from: "a.time = from + phase;",
    to: "a.time = from + 0.0 * phase;",
  },
  {
    what: "infusions longer than the interval do not overlap at steady state",
    file: "engine/sim/steady_state.cpp",
    from: "for (int j = 0; j < running; ++j) add_infusion(forcing, entry.state, e.rate);",
    to: "(void)running;",
  },
  {
    what: "a level below the limit counts as one above it (M3)",
    file: "engine/infer/residual.cpp",
    from: "const double sign = side == Censored::below ? 1.0 : -1.0;",
    to: "const double sign = side == Censored::below ? -1.0 : 1.0;",
  },
  {
    what: "the determinant of the posterior covariance has the wrong sign in the objective",
    file: "engine/infer/laplace.cpp",
    from: "result.objective = mode.ofv + objective.log_det_weighted_omega() + C->log_det;",
    to: "result.objective = mode.ofv + objective.log_det_weighted_omega() - C->log_det;",
  },
  {
    what: "the variance's part of the information is missing (interaction)",
    file: "engine/infer/residual.cpp",
    from: "1.0 - r * r / V, 1.0 / V, 0.0, 0.5}",
    to: "1.0 - r * r / V, 1.0 / V, 0.0, 0.0}",
  },
  {
    what: "the logarithm of the variance is missing from the objective",
    file: "engine/infer/residual.cpp",
    from: "return {std::log(V) + r * r / V,",
    to: "return {r * r / V,",
  },
  {
    what: "on the log scale the slope of the logarithm is missing",
    file: "engine/infer/residual.cpp",
    from: "point.df = 1.0 / prediction;",
    to: "point.df = 1.0;",
  },
  {
    what: "the derivative of a quotient forgets its denominator",
    file: "engine/expr/derive.cpp",
    from: "return n.div(n.sub(da, n.mul(id, db)), node.b);",
    to: "return n.div(n.sub(da, db), node.b);",
  },
  {
    what: "a modelled duration does not depend on eta",
    file: "engine/sim/timeline.cpp",
    from: "if (!given) e.d_duration = segments.d_event(enters, entry.duration);",
    to: "if (!given) e.d_duration = scaled(segments.d_event(enters, entry.duration), 0.0);",
  },
  {
    what: "a reset keeps the doses that are on their way",
    file: "engine/sim/simulate.cpp",
    from: "if (action.index >= cancelled_) carrier_->apply(action, motion_, forcing_);",
    to: "carrier_->apply(action, motion_, forcing_);",
  },
  {
    what: "a microgram is a hundredth of a milligram",
    file: "engine/base/unit_table.cpp",
    from: '{"ug", 1, 1e3,',
    to: '{"ug", 1, 1e2,',
  },
  {
    what: "the kappas of all occasions are those of the first",
    file: "engine/sim/effects.hpp",
    from: "return occasion <= occasions ? k + (occasion - 1) * q : informed;",
    to: "return occasion <= occasions ? k : informed;",
  },
  {
    what: "an infusion that ends goes on in what plans add",
    file: "engine/sim/added_courses.cpp",
    from: "ends ? -action.amount : action.amount});",
    to: "ends ? 0.0 : action.amount});",
  },
  {
    what: "a gap of plans that rises and falls is taken for one that only rises",
    file: "engine/decide/superposed_plans.cpp",
    from: "least + member.share * slopes.least >= 0.0",
    to: "most + member.share * slopes.most >= 0.0",
  },
  {
    what: "driving states of equal rates do not act on each other",
    file: "engine/sim/rate_groups.cpp",
    from: "        T_(i, j) = sum;",
    to: "        T_(i, j) = 0.0;",
  },
  {
    what: "condensed draws weigh a hundredth more in one of their sums",
    file: "engine/infer/condensed_mixture.cpp",
    from: "M[0] += before;",
    to: "M[0] += 1.01 * before;",
  },
];

const write = process.argv.includes("--write");
const wanted = process.argv
  .slice(2)
  .filter((word) => word !== "--write")
  .map(Number);
const place = join(root, "build/mutate");
const tree = join(place, "tree");
const objects = join(place, "objects");
const quiet = { stdio: ["ignore", "ignore", "inherit"] };

/** A fresh copy; files that have not changed keep their time, so that their objects stay. */
function copy() {
  mkdirSync(tree, { recursive: true });
  for (const part of ["engine", "tests", "models", "wasm", "CMakeLists.txt"]) {
    const of = (folder) => join(folder, part);
    const same = spawnSync("diff", ["-rq", of(root), of(tree)], { encoding: "utf8" });
    if (same.status === 0) continue;
    rmSync(of(tree), { recursive: true, force: true });
    cpSync(of(root), of(tree), { recursive: true, preserveTimestamps: true });
  }
}

function build() {
  if (!existsSync(join(objects, "build.ninja")))
    execFileSync("cmake", ["-G", "Ninja", "-S", tree, "-B", objects, "-DTITRATE_QUICK=ON"], quiet);
  const jobs = String(availableParallelism());
  const targets = ["--target", "titrate_tests", "titrate_verify"];
  return spawnSync("cmake", ["--build", objects, "--parallel", jobs, ...targets], { encoding: "utf8" }).status === 0;
}

/** Names of the unit tests and reference cases that fail. */
function failing() {
  const env = { ...process.env, TITRATE_VALIDATION: validation };
  const options = { cwd: tree, env, encoding: "utf8", maxBuffer: 1 << 28, timeout: 600_000 };
  const unit = spawnSync(join(objects, "titrate_tests"), [], options);
  const names = new Set([...(unit.stdout ?? "").matchAll(/^TEST CASE: {2}(.*)$/gm)].map((match) => match[1].trim()));
  if (unit.status !== 0 && names.size === 0) names.add(`the unit tests ended with ${unit.status ?? unit.signal}`);
  const cases = spawnSync(join(objects, "titrate_verify"), [validation], options);
  let rows = [];
  try {
    rows = JSON.parse(cases.stdout);
  } catch {
    rows = [{ case: `ended with ${cases.status ?? cases.signal}`, verdict: "failed" }];
  }
  const bad = rows.filter((row) => row.verdict === "failed").map((row) => row.case);
  return { unit: [...names], cases: bad };
}

const chosen = faults
  .map((fault, i) => ({ number: i + 1, ...fault }))
  .filter(({ number }) => wanted.length === 0 || wanted.includes(number));
for (const { file, from, number } of chosen)
  if (readFileSync(join(root, file), "utf8").split(from).length !== 2) {
    console.error(`fault ${number}: its text does not stand exactly once in ${file}`);
    process.exit(2);
  }

copy();
if (!build()) throw new Error("the tree itself does not build");
const sound = failing();
if (sound.unit.length + sound.cases.length > 0) {
  console.error(`without any fault these fail already: ${[...sound.unit, ...sound.cases].join("; ")}`);
  process.exit(1);
}

const lines = [];
let unnoticed = 0;
for (const { number, what, file, from, to } of chosen) {
  const at = join(tree, file);
  const text = readFileSync(at, "utf8");
  writeFileSync(
    at,
    text.replace(from, () => to),
  );
  const built = build();
  const found = built ? failing() : { unit: [], cases: [] };
  writeFileSync(at, text);
  const noticed = built && found.unit.length + found.cases.length > 0;
  unnoticed += noticed ? 0 : 1;
  const several = (list, n) => (list.length > n ? `${list.slice(0, n).join("; ")} and ${list.length - n} more` : list.join("; "));
  const verdict = !built ? "does not build" : noticed ? "noticed" : "NOT NOTICED";
  console.log(`${number}. ${what}: ${verdict} by ${found.unit.length} unit tests and ${found.cases.length} cases`);
  lines.push(
    `| ${number} | ${what} | ${verdict} | ${found.unit.length}${found.unit.length > 0 ? `: ${several(found.unit, 2)}` : ""} | ` +
      `${found.cases.length}${found.cases.length > 0 ? `: ${several(found.cases, 6)}` : ""} |`,
  );
}
build(); // so that the objects are sound again

if (write) {
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  const head = [
    "# Faults that the tests notice",
    "",
    `\`npm run mutate\` at ${commit}: each fault alone in a copy of the tree, then all unit tests and all reference cases.`,
    "",
    "| | fault | verdict | unit tests that fail | reference cases that fail |",
    "|---|---|---|---|---|",
  ];
  writeFileSync(join(root, "tests/verify/mutations.md"), [...head, ...lines, ""].join("\n"));
}
console.log(`${chosen.length - unnoticed} passed, ${unnoticed} failed, 0 skipped`);
process.exitCode = unnoticed > 0 ? 1 : 0;
