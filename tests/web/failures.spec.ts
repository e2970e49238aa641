// What happens when the engine is slow, refuses, or stops: on the page's own sources with a stand-in engine that does so on
// demand (body weight 222: takes 20 s; 223: takes them for the ranking alone; 224: takes 2 s for a forecast; 333: stops; 334: gives up).

import { expect, test } from "@playwright/test";
import { finished, status } from "./page.ts";
import { stand_in } from "./stand_in.ts";

const { vancomycin } = stand_in("failures");

test("a slow computation can be cancelled; old results stay marked, and the next input is computed", async ({ page }) => {
  await vancomycin(page);
  await page.locator("#cov-WT").fill("222");
  await expect(page.locator(".stale-note")).toContainText("Out of date");
  await expect(page.locator(".frame.stale")).toHaveCount(1);
  await expect(page.locator(".work:not(.hidden)")).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(status(page)).toContainText("Cancelled");
  await expect(page.locator(".stale-note")).toBeVisible();
  await page.locator("#cov-WT").fill("82");
  await finished(page);
});

test("the figure does not wait for the ranking; until that is there the former one keeps its place and is marked", async ({
  page,
}) => {
  await vancomycin(page);
  const place = await page.locator(".candidates").boundingBox();
  await page.locator("#cov-WT").fill("223");
  await expect(page.locator(".ranking")).toContainText("Out of date: ranking", { timeout: 8000 });
  await expect(page.locator(".frame.stale")).toHaveCount(0);
  await expect(page.locator(".stale .candidates")).toHaveCount(1);
  expect((await page.locator(".candidates").boundingBox())!.y).toBe(place!.y);
  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".report tbody tr")).toHaveCount(0);
  await page.emulateMedia({ media: "screen" });
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.locator(".lead-slot .stale-note")).toBeVisible();
  await page.locator("#cov-WT").fill("82");
  await finished(page);
});

test("typing on while the engine is busy replaces it instead of waiting for it", async ({ page }) => {
  await vancomycin(page);
  await page.locator("#cov-WT").fill("222");
  await page.waitForTimeout(2500);
  await page.locator("#cov-WT").fill("82");
  await expect(page.locator(".stale-note")).toHaveCount(0, { timeout: 8000 });
});

test("an engine that stops is replaced, what was typed is kept, and the printed report holds no old number", async ({ page }) => {
  await vancomycin(page);
  await page.locator("#cov-WT").fill("333");
  await expect(status(page)).toContainText("was replaced");
  await expect(page.locator("#cov-WT")).toHaveValue("333");
  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".report .withheld")).toBeVisible();
  await expect(page.locator(".report tbody tr")).toHaveCount(0);
  await page.emulateMedia({ media: "screen" });
  await page.locator("#cov-WT").fill("82");
  await finished(page);
});

test("an engine that gave a request up has answered, and another one takes its place", async ({ page }) => {
  await vancomycin(page);
  let opened = 0;
  page.on("worker", () => opened++);
  await page.locator("#cov-WT").fill("334");
  await expect(status(page)).toContainText("1 message");
  await expect.poll(() => opened).toBeGreaterThan(0);
  await page.locator("#cov-WT").fill("82");
  await finished(page);
});

test("a stop that a person may accept withholds the ranking until it is accepted, and is printed", async ({ page }) => {
  await vancomycin(page);
  await page.locator("#cov-age").fill("105");
  await expect(page.locator(".caution.stop")).toContainText("not studied");
  await expect(page.locator(".candidate")).toHaveCount(0);
  await page.locator("#accept-not_studied").check();
  await expect(page.locator(".candidate.is-current")).toHaveCount(1);
  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".report")).toContainText("accepted by the user: not_studied");
});

test("printing waits for the curve of a regimen that was chosen a moment ago; paper printed before says that it is missing", async ({
  page,
}) => {
  await vancomycin(page);
  await page.locator("#cov-WT").fill("224");
  await expect(page.locator(".work:not(.hidden)")).toBeVisible();
  await finished(page);
  await page.evaluate(() => {
    window.print = () => {
      dispatchEvent(new Event("beforeprint"));
      document.documentElement.setAttribute("data-printed", document.querySelector(".report")!.textContent);
      dispatchEvent(new Event("afterprint"));
    };
  });
  const box = page.locator(".candidate:not(.is-current) input[type=checkbox]").nth(1);
  const label = (await box.getAttribute("aria-label"))!.replace(/^Show (.*) on the figure$/, "$1");
  await page.emulateMedia({ media: "print" });
  await box.evaluate((e: HTMLInputElement) => e.click());
  await expect(page.locator(".report")).toContainText(`Not drawn: ${label}`);
  await page.emulateMedia({ media: "screen" });
  await page.getByRole("button", { name: "Print report" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-printed", /Dosing report/, { timeout: 15_000 });
  expect(await page.locator("html").getAttribute("data-printed")).not.toContain("Not drawn");
});
