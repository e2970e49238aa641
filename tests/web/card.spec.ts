// The card of a model on the page and on paper: its parts, formulas that the browser draws, and no complaint of axe.

import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { stand_in } from "./stand_in.ts";

const { vancomycin } = stand_in("card");
const PARTS = ["What it supports", "Who was studied", "Parameters", "Equations", "Cautions (4)", "Verified against"];

test("the card says what it rests on, and its formulas are drawn as mathematics", async ({ page }) => {
  await vancomycin(page);
  const basis = page.locator(".basis");
  await basis.locator("details").evaluateAll((all) => all.forEach((part) => ((part as HTMLDetailsElement).open = true)));
  for (const part of PARTS) await expect(basis.getByRole("heading", { name: part, exact: true })).toBeVisible();
  const fraction = basis.locator(".equation math mfrac").first();
  const box = (await fraction.boundingBox())!;
  const line = (await basis.locator(".equation math mo").first().boundingBox())!;
  expect(box.height).toBeGreaterThan(1.2 * line.height); // one above the other, as only mathematics is laid out
  await expect(basis.locator(".formula").first()).toHaveAttribute("title", /\S/);
  const found = await new AxeBuilder({ page }).include(".basis").analyze();
  expect(found.violations.map((v) => `${v.id}: ${v.nodes[0]!.html}`)).toEqual([]);
});

test("the card is printed whole instead of the report, and the report again after it", async ({ page }) => {
  await vancomycin(page);
  await page.evaluate(() => (window.print = () => document.documentElement.setAttribute("data-printed", "yes")));
  await page.getByRole("button", { name: "Print this card" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-printed", "yes");
  await page.emulateMedia({ media: "print" });
  const card = page.locator(".card-report");
  for (const part of PARTS) await expect(card).toContainText(part);
  await expect(card.locator("math").first()).toBeVisible();
  await expect(card).toContainText("Not a medical device");
  await page.setViewportSize({ width: 720, height: 1000 }); // about the width of a sheet
  expect(await card.evaluate((e) => e.scrollWidth)).toBeLessThanOrEqual(720);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await expect(card).toHaveCount(0);
  await expect(page.locator(".report")).toContainText("Dosing report");
});

test("at 360 px the open card does not widen the page", async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  await vancomycin(page);
  await page.locator(".basis details").evaluateAll((all) => all.forEach((part) => ((part as HTMLDetailsElement).open = true)));
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await context.close();
});
