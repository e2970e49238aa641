// The benchmarks' engine in headless Chromium: programs and requests run in a worker of an empty page, from the files that were
// built, without a network. Times are of the wall, by the worker's own clock.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium as browsers } from "@playwright/test";

const built = (name) => fileURLToPath(new URL(`../../build/wasm/${name}`, import.meta.url));

/** The text of a worker that answers requests, each with { response, ms }. */
const answering = () => `
${readFileSync(built("titrate.js"), "utf8")}
const bytes = Uint8Array.from(atob("${readFileSync(built("titrate.wasm")).toString("base64")}"), (c) => c.charCodeAt(0));
const instantiateWasm = (imports, receive) => {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
  receive(instance);
  return instance.exports;
};
const engine = createEngine({ instantiateWasm });
onmessage = async ({ data }) => {
  const { call } = await engine;
  const start = performance.now();
  const response = call(data);
  postMessage({ response, ms: performance.now() - start });
};`;

/** The text of a worker that runs a program and gives its lines when it has ended. */
const running = (name) => `
const lines = [];
var Module = { print: (line) => lines.push(line), onExit: () => postMessage(lines) };
${readFileSync(built(`${name}.js`), "utf8")}`;

/** Runs in the page. */
function prepare() {
  window.start = (text) => {
    const worker = new Worker(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
    return {
      next: (message) =>
        new Promise((resolve, reject) => {
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = (event) => reject(new Error(event.message));
          if (message !== undefined) worker.postMessage(message);
        }),
      end: () => worker.terminate(),
    };
  };
  window.run = async (text) => {
    const worker = window.start(text);
    const lines = await worker.next();
    worker.end();
    return lines;
  };
  // Gives each worker the next request when it has answered one; the first is not counted.
  window.together = async ({ text, texts, n }) => {
    const workers = Array.from({ length: n }, () => window.start(text));
    await Promise.all(workers.map((worker) => worker.next(texts[0])));
    const from = performance.now();
    const waiting = texts.slice(1);
    await Promise.all(
      workers.map(async (worker) => {
        while (waiting.length > 0) await worker.next(waiting.shift());
      }),
    );
    const ms = performance.now() - from;
    for (const worker of workers) worker.end();
    return ms;
  };
}

export async function chromium() {
  const browser = await browsers.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  const page = await browser.newPage();
  await page.evaluate(prepare);
  await page.evaluate((text) => void (window.answering = window.start(text)), answering());
  return {
    name: "chromium",
    answer: (text) => page.evaluate((sent) => window.answering.next(sent), text),
    program: (name) => page.evaluate((text) => window.run(text), running(name)),
    together: (texts, n) => page.evaluate((job) => window.together(job), { text: answering(), texts, n }),
    close: () => browser.close(),
  };
}
