// What is not known of a patient, on the page: a genotype left unknown, a missed dose, a doubtful one. With the stand-in engine.

import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import AxeBuilder from "@axe-core/playwright";
import { finished, open_model } from "./page.ts";
import { stand_in } from "./stand_in.ts";

const { vancomycin } = stand_in("unknowns");

test("a dose is marked missed or doubtful by keyboard; figure, words and report follow", async ({ page }) => {
  await vancomycin(page);
  await expect(page.locator(".unknowns")).toHaveCount(0);
  const sure = page.getByRole("checkbox", { name: "Taken for certain, dose 1" });
  await expect(sure).toBeChecked();
  await sure.focus();
  await page.keyboard.press("Space");
  const chance = page.getByLabel("Probability that it was taken");
  await expect(chance).toHaveValue("0");
  await finished(page);
  await expect(page.locator("#figure .doses.given rect.in-doubt title").first()).toContainText("not taken");
  await expect(page.locator(".unknowns")).toHaveCount(0);

  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(chance).toBeFocused();
  await chance.fill("70");
  await finished(page);
  await expect(page.locator(".unknowns")).toContainText(/Dose of .*: probably taken: 91.%, from 70.% as entered/);
  await expect(page.locator("#figure .doses.given rect.in-doubt title").first()).toContainText(/taken with 70.%/);
  const found = await new AxeBuilder({ page }).include(".rows-doses").include(".unknowns").analyze();
  expect(found.violations.map((v) => v.id)).toEqual([]);
  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".report")).toContainText("(taken with 70 %)");
  await expect(page.locator(".report")).toContainText("probably taken");
  await page.emulateMedia({ media: "screen" });

  await sure.check();
  await finished(page);
  await expect(chance).toHaveCount(0);
  await expect(page.locator(".unknowns")).toHaveCount(0);
});

test("an unknown genotype is offered, averaged over and told with its probability before and after", async ({ page }) => {
  await vancomycin(page);
  const model = JSON.parse(readFileSync(new URL("../../models/vancomycin_goti2018.json", import.meta.url), "utf8"));
  model.id = "vancomycin_unknown";
  model.covariates.DIAL.unknown = { frequencies: { no: 0.8, yes: 0.2 } };
  await open_model(page, model);
  await page.getByRole("radio", { name: "unknown" }).check();
  await expect(page.locator(".choice .hint")).toContainText(/averages over no 80.%, yes 20.%/);
  await finished(page);
  await expect(page.locator(".unknowns")).toContainText(/probably yes: 82.%, from 20.% in the population/);
  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".report")).toContainText(/probably yes: 82.%/);
});
