// An input that changes while the real engine still computes for the one before: that computation ends at once, and only the new
// answer is shown.

import { expect, test, type Page } from "@playwright/test";
import { by_double_click } from "./dist.ts";
import { finished, load } from "./page.ts";

/** Runs in the page before its own script: what its workers are asked, when they end, and what they say after that. */
function watch(): void {
  const seen = { asked: [] as { worker: number; verb: string }[], ended: [] as { worker: number; at: number }[], late: 0 };
  Object.assign(window, { seen });
  const Plain = Worker;
  let count = 0;
  window.Worker = class extends Plain {
    readonly n = count++;
    constructor(source: string | URL) {
      super(source);
      this.addEventListener("message", () => (seen.late += Number(seen.ended.some(({ worker }) => worker === this.n))));
    }
    override postMessage(message: { kind: string; request?: string }): void {
      if (message.request !== undefined) seen.asked.push({ worker: this.n, verb: JSON.parse(message.request).verb });
      super.postMessage(message);
    }
    override terminate(): void {
      seen.ended.push({ worker: this.n, at: performance.now() });
      super.terminate();
    }
  };
}

type Seen = {
  seen: { asked: { worker: number; verb: string }[]; ended: { worker: number; at: number }[]; late: number };
};

/** Types another amount into the first dose; answers when, by the clock of the page. */
const type_amount = (page: Page, amount: string) =>
  page.evaluate((text) => {
    const field = document.querySelector<HTMLInputElement>(".rows-doses tbody .amt input")!;
    field.value = text;
    const at = performance.now();
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    return at;
  }, amount);

const shown = async (page: Page) => (await page.locator(".candidates, .regimens .lead, #reading").allTextContents()).join("\n");

test("a dose that changes while a ranking runs ends it within 100 ms, and the page shows the new answer alone", async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const page = await browser.newPage();
  await page.addInitScript(watch);
  await load(page, by_double_click, "docetaxel");
  const before = await shown(page);
  const rankings = () => page.evaluate(() => (window as unknown as Seen).seen.asked.filter((a) => a.verb === "recommend").length);
  const asked = await rankings();
  await type_amount(page, "140");
  await expect.poll(rankings).toBe(asked + 1);
  // From here on: every state of the list that is not marked as out of date.
  await page.evaluate(() => {
    const states = new Set<string>();
    Object.assign(window, { states });
    const look = () => {
      const list = document.querySelector(".candidates");
      if (list && !list.closest(".stale")) states.add(list.textContent);
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributes: true, characterData: true });
  });
  const changed = await type_amount(page, "120");
  await finished(page);
  const seen = await page.evaluate(() => (window as unknown as Seen).seen);
  const ended = seen.ended.filter(({ at }) => at >= changed);
  expect(ended.length).toBeGreaterThan(0);
  for (const { at } of ended) expect(at - changed).toBeLessThan(100);
  expect(seen.late).toBe(0);
  const states = await page.evaluate(() => [...(window as unknown as { states: Set<string> }).states]);
  const after = await shown(page);
  expect(after).not.toBe(before);
  // The same as on a page that never saw the amount in between.
  const other = await browser.newPage();
  await load(other, by_double_click, "docetaxel");
  await type_amount(other, "120");
  await expect(other.locator(".stale-note")).toHaveCount(1);
  await finished(other);
  expect(after).toBe(await shown(other));
  expect(states).toEqual([await other.locator(".candidates").textContent()]);
  await page.close();
  await other.close();
});
