// Builds the page with the stand-in engine into a folder: `node tests/web/support/fake_page.mjs build/fake-page`.
// The same sources, template and policy as dist/; only the engine's JavaScript is another.

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { build } from "esbuild";
import { packed_text } from "../../../wasm/pack.mjs";
import { bundle, hash } from "../../../web/scripts/bundle.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const [output = join(root, "build/fake-page")] = process.argv.slice(2);
const at = (path) => join(root, path);
const glue = await build({
  entryPoints: [at("tests/web/support/fake_engine.ts")],
  bundle: true,
  write: false,
  format: "iife",
  target: "es2022",
  globalName: "stand_in",
});
const { inputs: _, ...scripts } = await bundle(root, "web/src");
const models = readdirSync(at("models")).filter((name) => name.endsWith(".json") && name !== "schema.json");
const wasm = Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 10, 1, 0]); // a module of no functions
const fields = {
  ...scripts,
  policy: `default-src 'none'; script-src ${hash(scripts.start)} ${hash(scripts.unpack)} ${hash(scripts.page)} 'wasm-unsafe-eval'; worker-src 'self' blob:; style-src ${hash(scripts.style)}; img-src 'self' data: blob:; connect-src 'none'; form-action 'none'; base-uri 'none'`,
  icon: "data:,",
  models: models
    .map(
      (m) =>
        `<script type="application/json" data-model="${m}">${readFileSync(at(`models/${m}`), "utf8").replaceAll("<", "\\u003c")}</script>`,
    )
    .join("\n"),
  wasm: packed_text(wasm),
  glue: `${glue.outputFiles[0].text}; const createEngine = stand_in.default;`,
  licences: "",
};
mkdirSync(output, { recursive: true });
const html = readFileSync(at("web/static/index.html"), "utf8").replace(/\{\{(\w+)\}\}/g, (_, name) => fields[name]);
writeFileSync(join(output, "index.html"), html);
for (const name of ["sw.js", "icon.svg", "manifest.webmanifest"])
  writeFileSync(join(output, name), readFileSync(at(`web/static/${name}`)));
