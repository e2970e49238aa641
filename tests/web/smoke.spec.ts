import { expect, test } from "@playwright/test";
import { unpack } from "../../wasm/unpack.mjs";
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

test("the page opens without making an error, for each of which a browser reads the whole script once more", async ({ page }) => {
  await page.addInitScript(() => {
    const Plain = Error;
    Object.assign(window, { made: 0 });
    window.Error = new Proxy(Plain, {
      construct: (target, given, made_of) => {
        (window as unknown as { made: number }).made++;
        return Reflect.construct(target, given, made_of) as object;
      },
    });
  });
  await page.goto(by_double_click);
  await expect(page.locator("#worked")).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { made: number }).made)).toBe(0);
});

test("the engine inside the page compiles and answers under the page's policy", async ({ page }) => {
  await page.goto(by_double_click);
  const block = await page.evaluate(() => document.getElementById("engine-wasm")!.textContent!);
  const [decoder, packed] = block.split(" ").map((part) => Buffer.from(part, "base64"));
  const code = Buffer.from(unpack(decoder!, packed!)).toString("base64");
  const exports = await page.evaluate(async (base64) => {
    const module = await WebAssembly.compile(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
    return WebAssembly.Module.exports(module).length;
  }, code);
  expect(exports).toBeGreaterThan(3);
});
