import { expect, test } from "@playwright/test";
import { by_double_click, hosted } from "./dist.ts";

/** Everything the browser complains about, a violated policy included. */
function complaints(page: import("@playwright/test").Page): string[] {
  const lines: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) lines.push(message.text());
  });
  page.on("pageerror", (error) => lines.push(error.message));
  return lines;
}

test("the page opens by double-click and shows something, without a complaint", async ({ page }) => {
  const lines = complaints(page);
  await page.goto(by_double_click);
  await expect(page).toHaveTitle(/Titrate/);
  await expect(page.locator("#app")).not.toBeEmpty();
  await page.waitForTimeout(1500);
  expect(lines).toEqual([]);
});

test("the page works below a sub-path of a server, without a complaint", async ({ page }) => {
  const place = await hosted();
  const lines = complaints(page);
  try {
    await page.goto(place.url);
    await expect(page.locator("#app")).not.toBeEmpty();
    await page.waitForTimeout(1500);
    expect(lines).toEqual([]);
  } finally {
    place.close();
  }
});

test("the engine inside the page compiles and answers under the page's policy", async ({ page }) => {
  await page.goto(by_double_click);
  const exports = await page.evaluate(async () => {
    const bytes = Uint8Array.from(atob(document.getElementById("engine-wasm")!.textContent!), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    const module = await WebAssembly.compile(await new Response(stream).arrayBuffer());
    return WebAssembly.Module.exports(module).length;
  });
  expect(exports).toBeGreaterThan(3);
});
