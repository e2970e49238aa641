// `node tests/bench/page_requests.mjs`: what the page asks for the worked vancomycin patient, asked in Node instead: processor time
// of the first call, in which the browser's engine compiles what it meets, and of later ones, with other draws.
//
// The requests are read off an opening of dist/index.html in headless Chromium. Medians of REPEATS processes, each of which
// reads the model and asks one request six times.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { load } from "../../wasm/node.mjs";

const middle = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Runs in the page before its own script: keeps the requests that go to a worker. */
function overhear() {
  window.asked = [];
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (message, ...rest) {
    if (message.kind === "call") window.asked.push(message.request);
    return post.call(this, message, ...rest);
  };
}

/** The request by which the page has the model read, and those of the ranking and of the forecast. */
async function asked_by_the_page() {
  const { chromium } = await import("@playwright/test");
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  const page = await browser.newPage();
  await page.addInitScript(overhear);
  await page.goto(pathToFileURL(fileURLToPath(new URL("../../dist/index.html", import.meta.url))).href);
  await page.selectOption("#worked", "vancomycin");
  await page.waitForFunction(() => performance.getEntriesByName("fitted").length > 0, undefined, { timeout: 120_000 });
  const asked = await page.evaluate(() => window.asked);
  await browser.close();
  // The last of each: before the patient is chosen the page may have asked of an empty one.
  const of_verb = (verb) => {
    const found = asked.findLast((request) => JSON.parse(request).verb === verb);
    if (found === undefined) throw new Error(`the page asked no ${verb}`);
    return found;
  };
  return { compile: of_verb("compile"), recommend: of_verb("recommend"), forecast: of_verb("forecast") };
}

/** ms of processor time of each call, the compilers' threads included. */
async function times({ compile, request }) {
  const engine = await load();
  const ask = (text) => {
    const answer = JSON.parse(engine.call(text));
    if (!answer.ok) throw new Error(JSON.stringify(answer.diagnostics));
  };
  ask(compile);
  return Array.from({ length: 6 }, (_, seed) => {
    const asked = JSON.parse(request);
    const text = JSON.stringify({ ...asked, settings: { ...asked.settings, seed: seed + 1 } });
    const before = process.cpuUsage();
    ask(text);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
}

if (process.argv[2] === "one") {
  console.log(JSON.stringify(await times(JSON.parse(readFileSync(0, "utf8")))));
} else {
  const { compile, ...requests } = await asked_by_the_page();
  console.log("processor time in Node, ms: the first call, later ones");
  for (const [verb, request] of Object.entries(requests)) {
    const once = () =>
      JSON.parse(
        execFileSync(process.execPath, [fileURLToPath(import.meta.url), "one"], { input: JSON.stringify({ compile, request }) }),
      );
    const runs = Array.from({ length: Number(process.env.REPEATS ?? 5) }, once);
    const first = middle(runs.map(([ms]) => ms));
    const later = middle(runs.map(([, , ...rest]) => middle(rest)));
    console.log(`${verb.padEnd(12)}${first.toFixed(0).padStart(6)}${later.toFixed(0).padStart(6)}`);
  }
}
