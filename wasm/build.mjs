// Configures and builds with CMake and Ninja, incrementally: `node wasm/build.mjs native checked wasm`.
// The builds are described in CMakeLists.txt.

import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const root = fileURLToPath(new URL("..", import.meta.url));

const builds = {
  native: { configure: ["cmake"], options: [] },
  checked: { configure: ["cmake"], options: ["-DTITRATE_CHECKED=ON"] },
  wasm: { configure: ["emcmake", "cmake"], options: ["-DCMAKE_CROSSCOMPILING_EMULATOR=/usr/bin/node"] },
};

// Debian's emcc optimises its JavaScript with acorn, which lives where Node does not look by itself.
const env = { ...process.env, NODE_PATH: "/usr/share/nodejs" };
const run = (command, ...args) => execFileSync(command, args, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] });

export function build(name, ...targets) {
  const { configure, options } = builds[name];
  const folder = join("build", name);
  mkdirSync(join(root, "build"), { recursive: true });
  writeFileSync(join(root, "build/package.json"), '{ "type": "commonjs" }\n'); // emcc's JavaScript is CommonJS
  if (!existsSync(join(root, folder, "build.ninja"))) run(...configure, "-G", "Ninja", "-S", ".", "-B", folder, ...options);
  run("cmake", "--build", folder, "--parallel", String(availableParallelism()), ...targets.flatMap((t) => ["--target", t]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2);
  const unknown = names.filter((name) => !Object.hasOwn(builds, name));
  if (names.length === 0 || unknown.length > 0) {
    console.error(`usage: node wasm/build.mjs ${Object.keys(builds).join(" | ")} ...`);
    process.exit(2);
  }
  try {
    for (const name of names) build(name);
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
