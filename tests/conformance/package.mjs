// The package and its command line: that the engine inside dist/ is the one that was built, and that exit codes tell the truth.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { pack } from "../../wasm/pack.mjs";
import { unpack } from "../../wasm/unpack.mjs";
import { load } from "../../wasm/node.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "titrate-"));
const titrate = (...args) => spawnSync("node", [join(root, "wasm/cli.mjs"), ...args], { encoding: "utf8" });
// Asked: 1.2 MB and 450 kB. What the bytes are is said in tests/bench/README.md.
const most = { disk: 1_200_000, brotli: 450_000 };
const models = readdirSync(join(root, "models")).filter((name) => name.endsWith(".json") && name !== "schema.json");

const tests = {
  "the page holds the engine that was built, byte for byte": () => {
    const html = readFileSync(join(root, "dist/index.html"), "utf8");
    const [, decoder, block] = html.match(/id="engine-wasm">([^< ]*) ([^<]*)</);
    assert.ok(
      readFileSync(join(root, "build/wasm/titrate.wasm")).equals(
        unpack(Buffer.from(decoder, "base64"), Buffer.from(block, "base64")),
      ),
    );
  },

  "a packed engine that is not as long as its head says is refused": () => {
    const { decoder, block } = pack(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 10, 1, 0));
    new DataView(block.buffer, block.byteOffset).setUint32(0, 12, true);
    assert.throws(() => unpack(decoder, block), /damaged/);
  },

  "every model of the library is in the page as it was written": () => {
    const html = readFileSync(join(root, "dist/index.html"), "utf8");
    const blocks = [...html.matchAll(/<script type="application\/json" data-model="([^"]+)"[^>]*>\n([^]*?)\n<\/script>/g)];
    assert.deepEqual(blocks.map((block) => block[1]).sort(), models.sort());
    for (const [, name, text] of blocks)
      assert.deepEqual(JSON.parse(text), JSON.parse(readFileSync(join(root, "models", name), "utf8")), name);
  },

  "without its models the page keeps to its size, on disk and as a server sends it": () => {
    const html = readFileSync(join(root, "dist/index.html"), "utf8");
    const page = Buffer.from(html.replace(/<script type="application\/json" data-model=[^]*?<\/script>\n/g, ""));
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 };
    const sent = brotliCompressSync(page, { params });
    console.log(`page without models: ${page.length} bytes, ${sent.length} by brotli`);
    assert.ok(page.length <= most.disk, `${page.length} bytes, ${most.disk} allowed`);
    assert.ok(sent.length <= most.brotli, `${sent.length} bytes by brotli, ${most.brotli} allowed`);
  },

  "without a build the package runs the engine out of the page, and answers with the same bytes": async () => {
    for (const file of ["wasm/cli.mjs", "wasm/node.mjs", "wasm/unpack.mjs", "dist/index.html", "package.json"])
      cpSync(join(root, file), join(scratch, file));
    const request = join(scratch, "request.json");
    writeFileSync(request, '{"verb":"no such verb"}');
    const args = [join(scratch, "wasm/cli.mjs"), "no such verb", request];
    const { stdout, status } = spawnSync("node", args, { encoding: "utf8" });
    assert.equal(status, 1);
    assert.equal(stdout.trimEnd(), (await load()).call('{"verb":"no such verb"}'));
  },

  "an object gets an object, a text gets a text": async () => {
    const engine = await load();
    assert.equal(engine.call({ verb: "no such verb" }).ok, false);
    assert.equal(typeof engine.call('{"verb":"no such verb"}'), "string");
  },

  "a request that is no JSON is answered, not thrown": async () => {
    const response = JSON.parse((await load()).call('{"verb":'));
    assert.equal(response.ok, false);
    assert.ok(response.diagnostics.some(({ severity }) => severity === "error"));
  },

  "after a call that ended by an exception the next one gets a new engine": async () => {
    let started = 0;
    const createEngine = (engine) => {
      const mine = ++started;
      let calls = 0;
      const call = () => (calls++, `{"engine":${mine}}`);
      Object.assign(engine, { call, interrupted: () => mine === 1 && calls === 2 });
    };
    const { call } = await load({ createEngine, wasmBinary: Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0) });
    assert.deepEqual(
      [1, 2, 3, 4].map(() => call({}).engine),
      [1, 1, 2, 2],
    );
  },

  "a missing file, and a command line without one, end with 2": () => {
    assert.equal(titrate("fit", join(scratch, "absent.json")).status, 2);
    assert.equal(titrate("fit").status, 2);
    assert.equal(titrate("validate", join(scratch, "absent")).status, 2);
  },

  "validate accepts the whole library, and refuses a model whose text is cut short": () => {
    const { status, stdout, stderr } = titrate("validate", join(root, "models"));
    assert.equal(status, 0, stderr);
    assert.equal(stdout.trim().split("\n").length, models.length);
    const cut = join(scratch, "cut.json");
    writeFileSync(cut, readFileSync(join(root, "models", models[0]), "utf8").slice(0, 200));
    assert.equal(titrate("validate", cut).status, 1);
  },

  "the command `npx titrate` is this one": () => {
    const { bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const version = execFileSync("npx", ["--no", "titrate", "version"], { cwd: root, encoding: "utf8" }).trim();
    assert.equal(version, titrate("version").stdout.trim());
    assert.equal(bin.titrate, "wasm/cli.mjs");
  },
};

mkdirSync(join(scratch, "wasm"), { recursive: true });
let failed = 0;
for (const [name, test] of Object.entries(tests)) {
  try {
    await test();
  } catch (error) {
    failed++;
    console.log(`FAILED ${name}\n${error.message}`);
  }
}
rmSync(scratch, { recursive: true });
console.log(`${Object.keys(tests).length - failed} passed, ${failed} failed, 0 skipped`);
process.exitCode = failed > 0 ? 1 : 0;
