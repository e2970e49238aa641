// The door's contract: every request of this folder, natively and in WebAssembly, against the response that was recorded, and both
// request and response against wasm/door.schema.json.
//
//   requests/NAME.json   a request; a model is named by its file
//   bad_inputs.json      changes to a good request, each with the complaint that it must cause
//   recorded/NAME.json   the response; long columns are thinned
//
// `node tests/conformance/run.mjs --record` writes recorded/ anew from the native engine; a word more runs only names that hold it.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Ajv from "ajv/dist/2020.js";
import { load } from "../../wasm/node.mjs";
import { difference, thinned } from "./compare.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (path) => JSON.parse(readFileSync(path, "utf8"));
const record = process.argv.includes("--record");
const word = process.argv.slice(2).find((argument) => !argument.startsWith("--")) ?? "";

// --- the requests

const models = readdirSync(`${root}models`).filter((name) => name.endsWith(".json") && name !== "schema.json");
const withModel = (request) =>
  typeof request.model === "string" && request.model.endsWith(".json")
    ? { ...request, model: read(root + request.model) }
    : request;

const requests = new Map();
for (const file of models)
  requests.set(`compile_${file.replace(".json", "")}`, { verb: "compile", model: read(`${root}models/${file}`) });
for (const file of readdirSync(`${here}requests`))
  requests.set(file.replace(".json", ""), withModel(read(`${here}requests/${file}`)));

/** Sets the value at a JSON pointer; undefined removes it; "-" appends. */
function change(target, pointer, value) {
  const keys = pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = keys.pop();
  const parent = keys.reduce((object, key) => object[key], target);
  if (last === "-") parent.push(value);
  else if (value === undefined) delete parent[last];
  else parent[last] = value;
}

const bad = read(`${here}bad_inputs.json`);
const good = withModel(bad.request);
const badRequests = new Map();
for (const { name, request, changes = {}, remove = [] } of bad.inputs) {
  const changed = structuredClone(request ? withModel(request) : good);
  for (const [pointer, value] of Object.entries(changes)) change(changed, pointer, value);
  for (const pointer of remove) change(changed, pointer, undefined);
  badRequests.set(name, changed);
}
// Texts that are no request at all, and sizes that no file should hold.
const rawTexts = new Map([
  ["an empty text", ["", "json"]],
  ["text that is no JSON", ["{ verb: fit }", "json"]],
  ["a list instead of a request", ["[]", "request.type"]],
  ["the same key twice", ['{"verb":"fit","verb":"simulate"}', "json"]],
  ["a number that overflows", ['{"verb":"fit","model":{"x":1e999}}', "json"]],
  ["a thousand brackets", ["[".repeat(1000), "json"]],
  ["a model file of 10 MB", [JSON.stringify({ verb: "compile", model: { about: "x".repeat(10 << 20) } }), "json"]],
]);

// --- the engines

const native = process.env.TITRATE_NATIVE ?? `${root}build/native/titrate`;
function askNative(texts) {
  if (!existsSync(native)) return null;
  const { stdout, status } = spawnSync(native, ["-"], { input: texts.map((text) => text + "\n").join(""), maxBuffer: 1 << 30 });
  const lines = stdout.toString("utf8").split("\n").slice(0, -1);
  return status === 0 && lines.length === texts.length ? lines : [];
}
async function askWasm(texts) {
  if (record) return null;
  try {
    const engine = await load();
    return texts.map((text) => engine.call(text));
  } catch (error) {
    console.error(`WebAssembly: ${error.message}`);
    return existsSync(`${root}build/wasm/titrate.wasm`) ? [] : null;
  }
}

// --- the tests

let passed = 0;
let failed = 0;
let skipped = 0;
function expect(what, wrong) {
  if (!wrong) return void (passed += 1);
  failed += 1;
  console.error(`FAILED ${what}: ${wrong}`);
}

const ajv = new Ajv({ allErrors: true, strict: true, strictRequired: false, strictTypes: false });
ajv.addSchema(read(`${root}wasm/door.schema.json`), "door");
const validators = { request: ajv.getSchema("door#/$defs/request"), response: ajv.getSchema("door#/$defs/response") };
const invalid = (what, value) =>
  validators[what](value)
    ? ""
    : JSON.stringify(validators[what].errors.slice(0, 3).map((e) => [e.instancePath, e.message, e.params]));

mkdirSync(`${here}recorded`, { recursive: true });
function compare(name, response, engine) {
  const file = `${here}recorded/${name}.json`;
  if (record) writeFileSync(file, JSON.stringify(thinned(response), null, 1) + "\n");
  expect(
    `${name} (${engine}) is as recorded`,
    existsSync(file) ? difference(thinned(response), read(file)) : "nothing is recorded",
  );
}

const chosen = [...requests].filter(([name]) => name.includes(word));
for (const [name, request] of chosen) expect(`${name} follows the request's schema`, invalid("request", request));

async function run(engine, ask) {
  const texts = chosen.map(([, request]) => JSON.stringify(request));
  const badTexts = [...badRequests.values()].map((request) => JSON.stringify(request));
  // Asked a second time, an answer may come from a cache: the bytes must be the same.
  const again = chosen.flatMap(([name], i) => (/^(fit|simulate|compile)_/.test(name) ? [i] : []));
  const answers = await ask([
    ...texts,
    ...again.map((i) => texts[i]),
    ...badTexts,
    ...[...rawTexts.values()].map(([text]) => text.replaceAll("\n", " ")),
  ]);
  if (answers === null) {
    skipped += chosen.length;
    console.log(`SKIPPED conformance of the ${engine} engine: it is not built`);
    return;
  }
  if (answers.length === 0) return expect(`the ${engine} engine`, "it ended before it had answered everything");
  chosen.forEach(([name], i) => {
    const response = JSON.parse(answers[i]);
    expect(`${name} (${engine}) succeeds`, response.ok ? "" : JSON.stringify(response.diagnostics));
    expect(`${name} (${engine}) follows the response's schema`, invalid("response", response));
    compare(name, response, engine);
  });
  again.forEach((i, j) =>
    expect(`${chosen[i][0]} (${engine}) asked twice`, answers[texts.length + j] === answers[i] ? "" : "other bytes"),
  );

  let at = texts.length + again.length;
  const complaints = {};
  for (const { name, expect: wanted } of bad.inputs) {
    const response = JSON.parse(answers[at++]);
    expect(`${name} (${engine}) follows the response's schema`, invalid("response", response));
    const has = ({ code, path, hint = "", severity = "error" }) =>
      response.diagnostics.some(
        (d) => d.code === code && d.path === path && d.severity === severity && (d.message + d.hint).includes(hint),
      );
    const missing = wanted.filter((diagnostic) => !has(diagnostic));
    const errors = response.diagnostics.filter((d) => d.severity === "error").length;
    const asked = wanted.filter((d) => (d.severity ?? "error") === "error").length;
    const wrong = missing.length > 0 || errors !== asked || response.ok !== (asked === 0);
    expect(`${name} (${engine})`, wrong ? `${JSON.stringify(missing)} is not among ${JSON.stringify(response.diagnostics)}` : "");
    complaints[name] = response.diagnostics;
  }
  if (word === "") compare("bad_inputs", complaints, engine);
  for (const [name, [, code]] of rawTexts) {
    const response = JSON.parse(answers[at++]);
    expect(`${name} (${engine}) follows the response's schema`, invalid("response", response));
    const refused = !response.ok && response.diagnostics.length > 0 && response.diagnostics[0].code.startsWith(code);
    expect(`${name} (${engine}) is refused`, refused ? "" : JSON.stringify(response.diagnostics));
  }
}

await run("native", askNative);
await run("WebAssembly", askWasm);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 ? 1 : 0);
