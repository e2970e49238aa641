// Builds dist/: the whole page in one file, and the three small files that only a hosted page needs.
//
//   web/src/*.ts[x]     the page's scripts and the worker, as bundle.mjs puts them together
//   build/wasm          the engine: its JavaScript in one data block, which Node runs too, and its code, packed (wasm/pack.mjs), in another
//   models/*.json       one data block each, as written: models can be read and replaced in the page without touching code
//
// The same sources give the same bytes: pinned packages, no dates, no paths of this machine. `node web/scripts/build.mjs [folder of main.tsx, start.ts and worker.ts] [output folder]`.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { basename, join } from "node:path";
import { transformSync } from "esbuild";
import { load } from "../../wasm/node.mjs";
import { packed_text } from "../../wasm/pack.mjs";
import { bundle, hash, in_script, minified, target } from "./bundle.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
process.chdir(root);
const [source = "web/src", output = "dist"] = process.argv.slice(2);

const read = (path) => readFileSync(path, "utf8");

// Whoever runs the glue hands compiled code to it, so it never loads anything: its ways of finding out where it is and of reading
// files are cut out here rather than shipped and trusted to stay unused.
const absent = "window document importScripts process require __dirname __filename fetch XMLHttpRequest exports module define";
const define = Object.fromEntries(absent.split(" ").map((name) => [name, "undefined"]));
const glue = minified(transformSync(read("build/wasm/titrate.js"), { minify: true, target, define }).code);

const engine = await load();

/** A model as written, with the grade that the engine derives: a model that does not compile must not get as far as a page. */
function model(path) {
  const text = read(path).trim();
  const { ok, result, diagnostics } = engine.call({ verb: "compile", model: JSON.parse(text) });
  if (!ok) throw new Error(`${path}: ${diagnostics[0].path} ${diagnostics[0].message}`);
  const grade = result.grade?.word ?? "";
  return `<script type="application/json" data-model="${basename(path)}" data-grade="${grade}">\n${text.replaceAll("<", "\\u003c")}\n</script>`;
}

/** The licence of every package of which something is in the bundle. */
function licences(inputs) {
  const names = inputs.flatMap((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? []);
  const texts = [...new Set(names)].sort().map((name) => {
    const file = readdirSync(`node_modules/${name}`).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`the package ${name} has no licence file`);
    return `${name} ${JSON.parse(read(`node_modules/${name}/package.json`)).version}\n${read(`node_modules/${name}/${file}`).trim()}`;
  });
  return `\n${[read("web/static/licences.txt").trim(), ...texts].join("\n\n")}\n`.replaceAll("<", "‹");
}

const { inputs, ...scripts } = await bundle(root, source, { minify: true });

const policy = [
  "default-src 'none'",
  `script-src ${hash(scripts.start)} ${hash(scripts.unpack)} ${hash(scripts.page)} 'wasm-unsafe-eval'`,
  "worker-src 'self' blob:",
  `style-src ${hash(scripts.style)}`,
  "img-src 'self' data: blob:",
  "manifest-src 'self'",
  "connect-src 'none'",
  "form-action 'none'",
  "base-uri 'none'",
].join("; ");

const models = readdirSync("models")
  .filter((name) => name.endsWith(".json") && name !== "schema.json")
  .sort();
const icon = read("web/static/icon.svg");
const fields = {
  ...scripts,
  policy,
  icon: `data:image/svg+xml,${encodeURIComponent(icon)}`,
  models: models.map((name) => model(join("models", name))).join("\n"),
  wasm: packed_text(readFileSync("build/wasm/titrate.wasm")),
  glue: in_script(glue),
  licences: licences(inputs),
};
const html = read("web/static/index.html").replace(/\{\{(\w+)\}\}/g, (_, name) => fields[name]);

const files = {
  "index.html": html,
  "icon.svg": icon,
  "manifest.webmanifest": read("web/static/manifest.webmanifest"),
};
const version = createHash("sha256").update(Object.values(files).join("\0")).digest("hex").slice(0, 16);
files["sw.js"] = read("web/static/sw.js").replace("{{version}}", () => version);

rmSync(output, { recursive: true, force: true });
mkdirSync(output, { recursive: true });
for (const [name, text] of Object.entries(files)) writeFileSync(join(output, name), text);

const kB = (text) => `${(Buffer.byteLength(text) / 1000).toFixed(0)} kB`;
console.log(
  `${output}/index.html ${kB(html)}: script ${kB(scripts.start)} and ${kB(scripts.page)}, style ${kB(scripts.style)}, engine ${kB(fields.wasm)} and ${kB(fields.glue)}, ` +
    `${models.length} models ${kB(fields.models)}; version ${version}`,
);
