// Configures and builds with CMake and Ninja, incrementally: `node wasm/build.mjs native wasm`.
// The builds are described in CMakeLists.txt.

import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const root = fileURLToPath(new URL("..", import.meta.url));

const clang = "-DCMAKE_CXX_COMPILER=clang++-14";
const checked = ["-DTITRATE_CHECKED=ON", clang];
const fuzz = ["-DTITRATE_FUZZ=ON", clang];
const emulator = ["-DCMAKE_CROSSCOMPILING_EMULATOR=/usr/bin/node"];
const builds = {
  native: { folder: "native", configure: ["cmake"], options: [], target: "titrate" },
  verify: { folder: "native", configure: ["cmake"], options: [], target: "titrate_verify" },
  kernel: { folder: "native", configure: ["cmake"], options: [], target: "titrate_kernel" },
  "wasm-kernel": { folder: "wasm", configure: ["emcmake", "cmake"], options: emulator, target: "titrate_kernel" },
  inside: { folder: "native", configure: ["cmake"], options: [], target: "titrate_inside" },
  "wasm-inside": { folder: "wasm", configure: ["emcmake", "cmake"], options: emulator, target: "titrate_inside" },
  "wasm-kernels": { folder: "wasm", configure: ["emcmake", "cmake"], options: emulator, target: "titrate_kernels" },
  checked: { folder: "checked", configure: ["cmake"], options: checked, target: "titrate_tests" },
  replay: { folder: "checked", configure: ["cmake"], options: checked, target: "titrate_fuzz_replay" },
  fuzz: { folder: "fuzz", configure: ["cmake"], options: fuzz, target: "titrate_fuzz" },
  wasm: { folder: "wasm", configure: ["emcmake", "cmake"], options: emulator, target: "titrate" },
  "wasm-tests": { folder: "wasm", configure: ["emcmake", "cmake"], options: emulator, target: "titrate_tests" },
  "wasm-verify": { folder: "wasm", configure: ["emcmake", "cmake"], options: emulator, target: "titrate_verify" },
};

// Debian's emcc optimises its JavaScript with acorn, which lives where Node does not look by itself.
const env = { ...process.env, NODE_PATH: "/usr/share/nodejs" };
const run = (command, ...args) => execFileSync(command, args, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] });

// emcc's JavaScript is CommonJS, and Node learns that from the package.json beside it. Builds and tests run side by side, so the
// file appears whole and is then left alone: a Node that starts meanwhile would read half of it.
function sayCommonJs() {
  const file = join(root, "build/package.json");
  if (existsSync(file)) return;
  mkdirSync(join(root, "build"), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, '{ "type": "commonjs" }\n');
  renameSync(draft, file);
}

function build(name) {
  const { folder, configure, options, target } = builds[name];
  const place = join("build", folder);
  sayCommonJs();
  if (!existsSync(join(root, place, "build.ninja"))) run(...configure, "-G", "Ninja", "-S", ".", "-B", place, ...options);
  const everyError = ["--", "-k", "0"];
  run("cmake", "--build", place, "--parallel", String(availableParallelism()), "--target", target, ...everyError);
}

const names = process.argv.slice(2);
if (names.length === 0 || names.some((name) => !Object.hasOwn(builds, name))) {
  console.error(`usage: node wasm/build.mjs ${Object.keys(builds).join(" | ")} ...`);
  process.exit(2);
}
try {
  for (const name of names) build(name);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
