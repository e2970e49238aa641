// The walls of the house: which folder of the engine may include which, and what the engine must not know.
//
// A layer sees itself, the layers it names, and what those see; the files at the top of engine/, the verbs, see everything; wasm/
// sees engine.hpp and nothing behind it, and wasm/pack, which packs the engine's code, not even that. JSON text stays behind
// base/json, model/definition and what reads requests or writes answers.

import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join, relative } from "node:path";

const root = fileURLToPath(new URL("../..", import.meta.url));

const mayInclude = {
  base: [],
  expr: ["base"],
  patient: ["base"],
  model: ["expr", "patient"],
  sim: ["model"],
  infer: ["sim"],
  decide: ["infer"],
  request: ["decide"],
  response: ["request"],
  checks: ["response"],
  card: ["checks"],
};

const readAndWriteJson = ["base", "request", "response", "checks", "card"];

const unknownToEngine = [
  [/emscripten/i, "the engine knows nothing of its host"],
  [/#include\s*<(iostream|fstream|cstdio|stdio\.h|filesystem)>/, "the engine reads and writes nothing"],
  [/#include\s*<(chrono|ctime|time\.h)>|\bstd::(time|clock)\s*\(/, "the engine has no clock"],
  [/#include\s*<random>|\b(std::)?s?rand\s*\(/, "randomness comes from base/rng"],
];

const sees = (layer) => new Set([layer, ...mayInclude[layer].flatMap((below) => [...sees(below)])]);

const withoutComments = (text) => text.replace(/\/\*[^]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");

/** Why the file at `path`, with this text, breaks the rules: a list of sentences, empty when it does not. */
function breaches(path, text) {
  const code = withoutComments(text);
  const includes = [...code.matchAll(/^\s*#\s*include\s*"([^"]+)"/gm)].map((match) => match[1]);
  const [top, layer] = path.split("/");
  if (path.startsWith("wasm/pack/"))
    return includes
      .filter((name) => name.includes("/"))
      .map((name) => `includes ${name}, but what packs sees nothing of the engine`);
  if (top === "wasm")
    return includes.filter((name) => name !== "engine.hpp").map((name) => `includes ${name}, but sees engine.hpp only`);

  const found = unknownToEngine.filter(([pattern]) => pattern.test(code)).map(([, why]) => why);
  const door = path.split("/").length === 2;
  if (!door && !Object.hasOwn(mayInclude, layer)) return [...found, `lies in ${layer}/, which is not a layer`];

  for (const name of includes) {
    const target = name.includes("/") ? name.split("/")[0] : null;
    if (target !== null && !Object.hasOwn(mayInclude, target)) found.push(`includes ${name}: includes are rooted at engine/`);
    else if (door) continue;
    else if (target === null) found.push(`includes ${name}, which lies above it`);
    else if (!sees(layer).has(target)) found.push(`includes ${name}, but ${layer} may not see it`);
    if (name === "base/json.hpp" && !door && !readAndWriteJson.includes(layer) && !path.startsWith("engine/model/definition"))
      found.push("includes base/json.hpp: only model/definition and what reads requests or writes answers see JSON");
  }
  if (/#include\s*[<"]nlohmann/.test(code) && !path.startsWith("engine/base/")) found.push("reads JSON outside base/");
  return found;
}

// The rules themselves, on planted files: each must be caught, or let through.
const planted = [
  ["engine/base/a.cpp", '#include "expr/ast.hpp"', true],
  ["engine/model/a.cpp", '#include "base/unit.hpp"', false],
  ["engine/patient/a.cpp", '#include "model/model.hpp"', true],
  ["engine/expr/a.cpp", '#include "patient/patient.hpp"', true],
  ["engine/infer/a.cpp", '#include "sim/simulate.hpp"\n#include "expr/tape.hpp"', false],
  ["engine/sim/a.cpp", '#include "infer/fit.hpp"', true],
  ["engine/sim/a.cpp", '#include "engine.hpp"', true],
  ["engine/request/a.cpp", '#include "base/json.hpp"\n#include "decide/regimen.hpp"', false],
  ["engine/request/a.cpp", '#include "response/response.hpp"', true],
  ["engine/decide/a.cpp", '#include "request/request.hpp"', true],
  ["engine/response/a.cpp", '#include "checks/grading.hpp"', true],
  ["engine/door.cpp", '#include "decide/recommend.hpp"\n#include "base/json.hpp"', false],
  ["engine/model/definition.cpp", '#include "base/json.hpp"', false],
  ["engine/sim/a.cpp", '#include "base/json.hpp"', true],
  ["engine/base/a.cpp", "#include <chrono>", true],
  ["engine/base/a.cpp", "static Dimension time() {}", false],
  ["engine/base/a.cpp", "// needs no <iostream>, nor emscripten", false],
  ["engine/other/a.cpp", "", true],
  ["wasm/bindings.cpp", '#include "engine.hpp"', false],
  ["wasm/bindings.cpp", '#include "sim/simulate.hpp"', true],
  ["wasm/pack/pack.cpp", '#include "block.hpp"', false],
  ["wasm/pack/pack.cpp", '#include "base/json.hpp"', true],
];

let passed = 0;
let failed = 0;
const judge = (fine, message) => {
  if (fine) return void passed++;
  failed++;
  console.log(`FAILED ${message}`);
};

for (const [path, text, wrong] of planted)
  judge(breaches(path, text).length > 0 === wrong, `the rule ${wrong ? "misses" : "refuses"} ${path}: ${text}`);

const files = ["engine", "wasm"].flatMap((top) =>
  readdirSync(join(root, top), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(cpp|hpp)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name))),
);
for (const path of files.sort()) {
  const found = breaches(path, readFileSync(join(root, path), "utf8"));
  judge(found.length === 0, `${path} ${found.join("; ")}`);
}

console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exit(failed > 0 ? 1 : 0);
