// A policy may forbid to compile WebAssembly at run time: then the engine interprets its models, and answers with the same bytes.
//
// Some requests are answered twice, by a host that links what the engine writes and by one that refuses. The engine asks the first
// for several modules, and the second for one.

import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { load } from "../../wasm/node.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = `${root}tests/conformance/requests/`;
const names = readdirSync(folder).filter((name) => /^(fit|simulate)_(docetaxel|tacrolimus)/.test(name));

let passed = 0;
let failed = 0;
function expect(what, fine) {
  if (fine) return void (passed += 1);
  failed += 1;
  console.error(`FAILED ${what}`);
}

const { Module } = WebAssembly;
let asked = 0;
class Counted extends Module {
  constructor(bytes) {
    asked += 1;
    super(bytes);
  }
}
function refused() {
  asked += 1;
  throw new WebAssembly.CompileError("Wasm code generation disallowed by embedder");
}

async function answers(host) {
  const engine = await load();
  WebAssembly.Module = host;
  asked = 0;
  const texts = names.map((name) => {
    const request = JSON.parse(readFileSync(folder + name, "utf8"));
    return engine.call(JSON.stringify({ ...request, model: JSON.parse(readFileSync(root + request.model, "utf8")) }));
  });
  WebAssembly.Module = Module;
  return { texts, asked };
}

const linked = await answers(Counted);
const interpreted = await answers(refused);
names.forEach((name, i) => {
  expect(`${name} is answered`, JSON.parse(linked.texts[i]).ok);
  expect(`${name} has the same bytes where modules are refused`, linked.texts[i] === interpreted.texts[i]);
});
expect("the engine had modules compiled", linked.asked > 1);
expect("a host that refuses is asked once", interpreted.asked === 1);
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exit(failed > 0 ? 1 : 0);
