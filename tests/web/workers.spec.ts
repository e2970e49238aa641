// The engine's workers: a request is answered whole by one of them, so the numbers are the same however many there are.

import { expect, test, type Page } from "@playwright/test";
import { by_double_click } from "./dist.ts";
import { load } from "./page.ts";

/** Everything that the vancomycin patient's numbers say, on a machine with so many processors. */
async function numbers(page: Page, processors: number): Promise<{ text: string; workers: number }> {
  await page.addInitScript((n) => Object.defineProperty(navigator, "hardwareConcurrency", { get: () => n }), processors);
  await load(page, by_double_click, "vancomycin");
  const parts = await page.locator(".centre, .side, .basis .part:first-child").allTextContents();
  return { text: parts.join("\n"), workers: page.workers().length };
}

test("one worker, two, or as many as a machine with four processors gets: the same numbers", async ({ browser }) => {
  test.setTimeout(240_000);
  const found = [];
  for (const processors of [1, 2, 4]) {
    const page = await browser.newPage();
    found.push(await numbers(page, processors));
    await page.close();
  }
  expect(found.map(({ workers }) => workers)).toEqual([1, 2, 2]);
  expect(found[0]!.text).toMatch(/\d/);
  expect(found[1]!.text).toBe(found[0]!.text);
  expect(found[2]!.text).toBe(found[0]!.text);
});
