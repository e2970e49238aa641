// `npm run bench:page`: what happens from opening dist/index.html to the first ranked regimen of the worked vancomycin patient, in
// headless Chromium; the longest times for which the page did not answer; how soon a cancelled computation is gone; and how long
// the ranking takes for who chooses the patient five seconds after opening.
//
// The longest tasks of the page's own thread are also given by that thread's processor time, and what each thread does until the
// ranking is there, from a trace of as many openings more, which other work on the machine does not lengthen much.
//
// Milliseconds from the start of the navigation, medians of REPEATS openings after one that is not counted. The marks are the
// page's own (performance.mark in web/src/main.tsx, engine.ts, run.ts); "drawn" is the first frame that shows a candidate.
// On an idle machine, that is: nothing here fails a build. TITRATE_DIST names another folder than dist/,
// CHROMIUM_FLAG is given to the browser (--js-flags=--liftoff-only, say).

import { fileURLToPath, pathToFileURL } from "node:url";
import { resolve } from "node:path";
import { chromium } from "@playwright/test";

const repeats = Number(process.env.REPEATS ?? 5);
const flag = process.env.CHROMIUM_FLAG;
const dist = resolve(process.env.TITRATE_DIST ?? fileURLToPath(new URL("../../dist", import.meta.url)));
const url = pathToFileURL(`${dist}/index.html`).href;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), ...(flag ? [flag] : [])],
});

/** Runs in the page before its own script. `gaps`: when and for how long nothing else could run, from 8 ms on. */
function watch() {
  window.gaps = [];
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    if (now - last > 12) window.gaps.push([last, now - last - 4]);
    last = now;
  }, 4);
  const seen = { choice: false, drawn: false };
  new MutationObserver(() => {
    const choice = document.querySelector("#worked");
    if (choice && !seen.choice) {
      seen.choice = true;
      performance.mark("worked patient chosen");
      choice.value = "vancomycin";
      choice.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (!seen.drawn && document.querySelector(".candidate:not(.is-current)")) {
      seen.drawn = true;
      requestAnimationFrame(() => setTimeout(() => performance.mark("drawn")));
    }
  }).observe(document, { childList: true, subtree: true });
}

/** Cancels while the ranking runs, then types another weight: ms until the page says so, and from the last key to the next fit. */
function cancel_and_go_on() {
  const until = (ready) =>
    new Promise((resolve) => {
      const look = () => (ready() ? resolve(performance.now()) : setTimeout(look, 1));
      look();
    });
  const said = (what) => document.querySelector('[role="status"]').textContent.includes(what);
  const type = (text) => {
    const field = document.querySelector("#cov-WT");
    field.value = text;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  };
  const button = document.querySelector(".work button");
  return (async () => {
    type("81");
    await until(() => !button.disabled);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const from = performance.now();
    button.click();
    const cancelled = (await until(() => said("Cancelled"))) - from;
    const typed = performance.now();
    type("82");
    return { cancelled, fitted: (await until(() => said("Fit "))) - typed };
  })();
}

const blank = () => browser.newPage({ viewport: { width: 1280, height: 900 } });

async function open(page) {
  await page.addInitScript(watch);
  await page.goto(url);
  await page.waitForFunction(() => performance.getEntriesByName("drawn").length > 0, undefined, { timeout: 120_000 });
  await page.locator(".work.hidden").waitFor({ state: "attached", timeout: 120_000 });
  return page;
}

/** The marks at which the way to the ranking is divided. */
const phases = ["script", "page built", "engine compiled", "model read", "ranked"];
const total = (parts) => parts.reduce((sum, part) => sum + part, 0);

/** ms of processor time: the longest tasks of the page's thread until it is built, and from then on; all tasks until the ranking
 *  is there, by the threads of the page's process and by phase. */
async function processor_times() {
  const page = await blank();
  await browser.startTracing(page, { categories: ["toplevel", "blink.user_timing"] });
  await open(page);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  await page.close();
  const mark = (name) => traceEvents.find((e) => e.name === name && e.cat === "blink.user_timing");
  const [start, built] = ["script", "page built"].map(mark);
  const all = traceEvents.filter((e) => e.name.endsWith("RunTask") && e.tdur !== undefined && e.pid === start.pid);
  const tasks = all.filter((e) => e.tid === start.tid);
  const longest = (some) => Math.max(...some.map((e) => e.tdur / 1000));
  const opening = longest(tasks.filter((e) => e.ts <= built.ts));
  const computing = longest(tasks.filter((e) => e.ts > built.ts));
  const workers = traceEvents.filter(
    (e) => e.name === "thread_name" && e.pid === start.pid && e.args.name.startsWith("DedicatedWorker"),
  );
  const ids = [start.tid, ...workers.map(({ tid }) => tid)];
  const ends = phases.map((name) => mark(name).ts);
  // A task that lies in two phases counts in each by its share of the wall's time.
  const within = (some, from, to) =>
    some.reduce((ms, e) => {
      const shared = Math.min(e.ts + e.dur, to) - Math.max(e.ts, from);
      return shared > 0 ? ms + (e.tdur / 1000) * (shared / e.dur) : ms;
    }, 0);
  const by_phase = (some) => ends.map((end, i) => within(some, i === 0 ? 0 : ends[i - 1], end));
  const [of_page, ...of_workers] = ids.map((id) => by_phase(all.filter((e) => e.tid === id)));
  const none = phases.map(() => 0);
  const [more = none, less = none] = of_workers.toSorted((a, b) => total(b) - total(a));
  const rest = by_phase(all.filter((e) => !ids.includes(e.tid)));
  return { opening, computing, threads: [of_page, more, less, rest] };
}

/** The patient chosen five seconds after opening: ms from the choice to the ranking. */
async function chosen_later() {
  const page = await blank();
  await page.goto(url);
  await page.waitForTimeout(5000);
  const chosen = await page.evaluate(() => {
    const choice = document.querySelector("#worked");
    choice.value = "vancomycin";
    choice.dispatchEvent(new Event("change", { bubbles: true }));
    return performance.now();
  });
  await page.waitForFunction(() => performance.getEntriesByName("ranked").length > 0, undefined, { timeout: 120_000 });
  const ranked = await page.evaluate(() => performance.getEntriesByName("ranked")[0].startTime);
  await page.close();
  return ranked - chosen;
}

const middle = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const line = (what, all) =>
  console.log(`${what.padEnd(60)}${middle(all).toFixed(0).padStart(6)}  (${Math.max(...all).toFixed(0)})`);
const times = new Map();
const blocked = { opening: [], computing: [] };
const tasks = { opening: [], computing: [] };
const threads = [[], [], [], []];
const cancelled = [];
const fitted = [];
const later = [];
for (let i = 0; i <= repeats; ++i) {
  const page = await open(await blank());
  const found = await page.evaluate(() => ({
    marks: performance.getEntriesByType("mark").map((mark) => [mark.name, mark.startTime]),
    gaps: window.gaps,
  }));
  const after = await page.evaluate(cancel_and_go_on);
  await page.close();
  if (i === 0) continue;
  const first = new Map(found.marks.toReversed()); // the first of each name
  for (const [name, time] of first) times.set(name, [...(times.get(name) ?? []), time]);
  const built = first.get("page built");
  blocked.opening.push(Math.max(0, ...found.gaps.filter(([at]) => at < built).map(([, ms]) => ms)));
  blocked.computing.push(Math.max(0, ...found.gaps.filter(([at]) => at >= built).map(([, ms]) => ms)));
  cancelled.push(after.cancelled);
  fitted.push(after.fitted);
  const used = await processor_times();
  tasks.opening.push(used.opening);
  tasks.computing.push(used.computing);
  used.threads.forEach((ms, thread) => threads[thread].push(ms));
  later.push(await chosen_later());
}
await browser.close();
console.log("ms from opening, median (worst)");
for (const [name, all] of [...times].sort((a, b) => middle(a[1]) - middle(b[1]))) line(name, all);
console.log("\nms");
line("longest time without an answer, until the page is built", blocked.opening);
line("the same, from then to the last curve", blocked.computing);
line("longest task until the page is built, processor time", tasks.opening);
line("the same, from then to the last curve", tasks.computing);
line("patient chosen 5 s after opening: until it is ranked", later);
line("cancelled: until the page says so", cancelled);
line("then another weight: from the last key to the next fit", fitted);

console.log(`\nprocessor time, ms, until${phases.map((name) => name.padStart(17)).join("")}${"sum".padStart(17)}`);
["page", "worker that ranks", "the other worker", "compilers and rest"].forEach((thread, i) => {
  const parts = phases.map((_, phase) => middle(threads[i].map((run) => run[phase])));
  const sum = middle(threads[i].map(total));
  console.log(thread.padEnd(25) + [...parts, sum].map((ms) => ms.toFixed(0).padStart(17)).join(""));
});
