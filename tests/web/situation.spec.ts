// Dialysis, other drugs, inputs, earlier doses and the weight of the prior on the page: only where the model has them, by
// keyboard, kept through errors, printed. With the stand-in engine.

import AxeBuilder from "@axe-core/playwright";
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { finished, open_model } from "./page.ts";
import { stand_in } from "./stand_in.ts";

const { vancomycin } = stand_in("situation");

const model = JSON.parse(readFileSync(new URL("../../models/vancomycin_goti2018.json", import.meta.url), "utf8"));
model.id = "vancomycin_sessions";
model.inputs = {
  CL_session: { label: "Clearance of the session", unit: "L/h", resting: 0 },
  inducer: { label: "Inducer", unit: "1", resting: 0 },
  meal: { label: "Glucose eaten", unit: "g/h", resting: 0 },
};
model.dialysis = {
  input: "CL_session",
  modalities: {
    high_flux: { label: "High-flux haemodialysis", clearance: "6 [L/h]" },
    crrt: { label: "Continuous haemofiltration", of_effluent: 0.8 },
  },
};
model.co_medication = { rifampicin: { label: "Rifampicin", input: "inducer", value: 1 } };

test("a model that knows nothing of sessions, other drugs and inputs shows no field for them", async ({ page }) => {
  await vancomycin(page);
  await expect(page.getByRole("button", { name: "Add session" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Add drug" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Add entry" })).toHaveCount(0);
});

test("sessions, drugs, inputs and earlier doses are typed by keyboard, kept through an error, and printed", async ({ page }) => {
  await vancomycin(page);
  await open_model(page, model);
  await page.getByRole("button", { name: "Add session" }).press("Enter");
  await expect(page.getByLabel("Start, session 1")).toBeFocused();
  await page.keyboard.type("2026-03-03 08:00");
  await page.keyboard.press("Tab");
  await page.keyboard.type("soon");
  await expect(page.locator(".rows-sessions .field-message.error")).toContainText("“soon” is not a number");
  await expect(page.getByLabel("Start, session 1")).toHaveValue("2026-03-03 08:00");
  await page.getByLabel("Length of the session, session 1").fill("4");
  await page.getByRole("button", { name: "Add drug" }).click();
  await page.getByLabel("Start, drug 1").fill("2026-03-01 08:00");
  await page.getByRole("button", { name: "Add entry" }).click();
  await page.getByLabel("Start, entry 1").fill("2026-03-02 12:00");
  await page.getByLabel("Value, entry 1").fill("120");
  await page.getByRole("button", { name: "Add amount" }).click();
  await page.getByLabel("Amount that may be left there at the first record, amount 1").fill("200");
  await page.getByLabel("Uncertainty of the amount, in per cent, amount 1").fill("80");
  await page.getByText("How far the typical patient counts").click();
  await page.getByLabel("Weight of the model’s prior (lambda)").fill("0.5");
  await finished(page);
  const found = await new AxeBuilder({ page }).include(".inputs").analyze();
  expect(found.violations.map((v) => v.id)).toEqual([]);

  await page.emulateMedia({ media: "print" });
  const report = page.locator(".report");
  await expect(report).toContainText("Dialysis: 2026-03-03 08:00 4 h High-flux haemodialysis");
  await expect(report).toContainText("Other drugs: Rifampicin 2026-03-01 08:00 until open");
  await expect(report).toContainText("Glucose eaten 120 g/h 2026-03-02 12:00 until open");
  await expect(report).toContainText("central 200 mg ± 80 %");
  await expect(report).toContainText("Weight of the prior (lambda): 0.5, not the published 1");
  await page.emulateMedia({ media: "screen" });

  await page.getByRole("button", { name: "Remove session 1" }).click();
  await expect(page.getByRole("button", { name: "Add session" })).toBeFocused();
  await expect(page.locator("table.rows-sessions")).toHaveCount(0);
});

test("a drug that the model does not compute can be named as advice, and says so where it is chosen, printed and on the card", async ({
  page,
}) => {
  await vancomycin(page);
  const interactions = [{ drug: "voriconazole", exposure: "rises", effect: "AUC times 3", source: "a trial" }];
  await open_model(page, {
    ...model,
    id: "vancomycin_advised",
    inputs: {},
    dialysis: undefined,
    co_medication: {},
    interactions,
  });
  await page.getByRole("button", { name: "Add drug" }).click();
  await expect(page.getByLabel("Drug, drug 1")).toHaveText("voriconazole (advice, not computed)");
  await expect(page.locator(".inputs")).toContainText("What is marked as advice enters no number");
  await expect(page.locator(".basis")).toContainText("Interactions that it does not compute (1)");
  await expect(page.locator(".basis")).toContainText("AUC times 3");
  await page.getByLabel("Start, drug 1").fill("2026-03-01 08:00");
  await finished(page);
  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".report")).toContainText(
    "Other drugs: voriconazole (advice, not computed) 2026-03-01 08:00 until open",
  );
});

test("the tables fit a screen of 360 px", async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  await vancomycin(page);
  await open_model(page, model);
  for (const name of ["session", "drug", "entry", "amount"]) await page.getByRole("button", { name: `Add ${name}` }).click();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  const narrow = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("table.entry input[type=text], table.entry select")]
      .filter((e) => e.getBoundingClientRect().width < 36)
      .map((e) => e.id),
  );
  expect(narrow).toEqual([]);
  await context.close();
});
