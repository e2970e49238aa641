// Where benchmarks run: natively, in Node and in headless Chromium (chromium.mjs). Each engine offers
//
//   answer(text)          a request's answer at the door, and ms
//   program(name)         the lines that a program prints: titrate_kernel, titrate_inside
//   together(texts, n)    ms until n workers have answered all the requests (natively there are none)
//
// ms are those of the processor, natively and in Node, so that what else runs on the machine counts little; in Chromium, and for
// several workers, those of the wall.

import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { load } from "../../wasm/node.mjs";
import { chromium } from "./chromium.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

function lines_of(command, ...args) {
  const { stdout, status } = spawnSync(command, args, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}`);
  return stdout.trim().split("\n");
}

/** ms that a process has computed: by the kernel's account where it can be read, else by the clock. */
function processor_time(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
  } catch {
    return performance.now();
  }
}

function native() {
  const child = spawn(`${root}build/native/titrate`, ["-"], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    name: "native",
    async answer(text) {
      const start = processor_time(child.pid);
      child.stdin.write(`${text}\n`);
      const response = (await lines.next()).value;
      return { response, ms: processor_time(child.pid) - start };
    },
    program: (name) => lines_of(`build/native/${name}`),
    close: () => child.stdin.end(),
  };
}

/** Gives each worker the next request when it has answered one. */
async function by_workers(texts, n) {
  const open = Array.from({ length: n }, () => new Worker(new URL("node_worker.mjs", import.meta.url)));
  const ask = (worker, text) => new Promise((resolve) => (worker.once("message", resolve), worker.postMessage(text)));
  await Promise.all(open.map((worker) => ask(worker, texts[0]))); // starts the engine, compiles what is slow at first
  const start = performance.now();
  const waiting = texts.slice(1);
  await Promise.all(
    open.map(async (worker) => {
      while (waiting.length > 0) await ask(worker, waiting.shift());
    }),
  );
  const ms = performance.now() - start;
  await Promise.all(open.map((worker) => worker.terminate()));
  return ms;
}

async function node() {
  const engine = await load();
  return {
    name: "node",
    async answer(text) {
      const start = process.cpuUsage();
      const response = engine.call(text);
      const { user, system } = process.cpuUsage(start);
      return { response, ms: (user + system) / 1000 };
    },
    program: (name) => lines_of(process.execPath, `build/wasm/${name}.js`),
    together: by_workers,
    close: () => {},
  };
}

export const engines = async () => [native(), await node(), await chromium()];
