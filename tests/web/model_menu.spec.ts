// The choice of a model: by keyboard alone, by search, on a narrow screen, for axe.

import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { stand_in } from "./stand_in.ts";

const { open } = stand_in("models");

test("a model is found by drug and author and taken by keyboard; Escape leaves the choice as it was", async ({ page }) => {
  await open(page);
  const menu = page.getByRole("combobox", { name: "Model" });
  await expect(menu).toHaveValue(/Vancomycin, hospitalised adults/);
  await menu.focus();
  await page.keyboard.press("ArrowDown");
  const list = page.getByRole("listbox", { name: "Model" });
  await expect(list.getByRole("group", { name: "drug monitoring: immunosuppressants" })).toBeVisible();
  await expect(list.getByRole("option", { selected: true })).toContainText("Goti 2018");
  await expect(menu).toHaveAttribute("aria-activedescendant", /model-option-\d+/);
  const found = await new AxeBuilder({ page }).include(".top").analyze();
  expect(found.violations.map((v) => v.id)).toEqual([]);

  await page.keyboard.type("tacrolimus andrews");
  await expect(list.getByRole("option")).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(list).toBeHidden();
  await expect(menu).toHaveValue(/Vancomycin, hospitalised adults/);

  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(menu).toHaveValue(/Vancomycin, septic adults/);
  await menu.fill("andrews tacro");
  await page.keyboard.press("Enter");
  await expect(menu).toHaveValue(/Tacrolimus, adult kidney transplant, first three months/);
  await menu.fill("unobtainium");
  await expect(list).toContainText("No model has “unobtainium”");
  await page.keyboard.press("Tab");
  await expect(list).toBeHidden();
});

test("at 360 px the list fits the screen, and a model is taken by touch", async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true });
  const page = await context.newPage();
  await open(page);
  await page.locator("#model").tap();
  const box = (await page.locator("#model-list").boundingBox())!;
  expect(box.x).toBeGreaterThanOrEqual(0);
  expect(box.x + box.width).toBeLessThanOrEqual(360);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await page.locator("#model").fill("digoxin");
  await page.getByRole("option").first().tap();
  await expect(page.locator("#model")).toHaveValue(/Digoxin/);
  await context.close();
});
