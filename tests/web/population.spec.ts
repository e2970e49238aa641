// Virtual patients on the page, with the real engine: set up by keyboard, drawn, read without colour, printed, and out of date
// after a change.

import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { by_double_click } from "./dist.ts";
import { complaints, finished, load, status } from "./page.ts";

/** The form open and filled for vancomycin: everything that the model does not state. */
async function filled(page: Page): Promise<void> {
  await page.goto(by_double_click);
  const form = page.locator(".population-form");
  await page.locator("summary", { hasText: "Set up virtual patients" }).focus();
  await page.keyboard.press("Enter");
  await expect(form).toBeVisible();
  await page.getByLabel("Number of patients").fill("200");
  await form.getByLabel("Serum creatinine: value").fill("1");
  await expect(form).toContainText(/no 81.5 %, yes 18.5 % \(read: .*as transcribed\)/); // what the model's source says
  await form.locator("#population-DIAL-how").selectOption("the same for all");
  await form.getByLabel("Intermittent haemodialysis: value").selectOption("no");
  await form.getByLabel("Sex, for the creatinine equation", { exact: true }).selectOption("by shares");
  await form.getByLabel("share of male").fill("53.5");
  await form.getByLabel("share of female").fill("46.5");
  await form.getByLabel("Body weight", { exact: true }).selectOption("around a typical value");
  await form.getByLabel("Body weight: typical value (median)").fill("79");
  await form.getByLabel("Body weight: spread (CV)").fill("25");
  const first = page.getByRole("group", { name: "Regimen 1" });
  await first.getByLabel("Dose", { exact: true }).fill("1000");
  await first.getByLabel("Infused over").fill("1");
  await first.getByLabel("Every").fill("12");
  await first.getByLabel("How many doses").fill("4");
  await page.getByRole("button", { name: "Add a regimen" }).click();
  const second = page.getByRole("group", { name: "Regimen 2" });
  await second.getByLabel("Dose", { exact: true }).fill("1500");
  await second.getByLabel("Loading dose").fill("2 g");
  await page.getByRole("button", { name: "Add subgroups" }).click();
  await page.getByLabel("Subgroups by").selectOption("Creatinine clearance");
  await page.getByLabel("Cut at").fill("60, 90");
}

async function draw(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Draw patients" }).focus();
  await page.keyboard.press("Enter");
  await expect(status(page)).toContainText("200 virtual patients drawn", { timeout: 60_000 });
  await expect(page.locator(".population-stale")).toHaveCount(0); // these patients, not those before them
}

test("what is missing is asked for, and nothing is drawn by a share that nobody stated", async ({ page }) => {
  await page.goto(by_double_click);
  await page.getByText("Set up virtual patients").click();
  await page.getByRole("button", { name: "Draw patients" }).click();
  const problems = page.locator(".population-problems");
  await expect(problems).toContainText("Serum creatinine is missing.");
  await expect(problems).not.toContainText("Intermittent haemodialysis"); // the model's source says how many
  await expect(page.locator(".population-results")).toHaveCount(0);
  await problems.getByRole("button", { name: /Serum creatinine/ }).click();
  await expect(page.getByLabel("Serum creatinine: value")).toBeFocused();
});

test("chances stand per regimen and subgroup with their standard errors, and axe has no complaint in light and dark", async ({
  page,
}) => {
  const said = complaints(page);
  await filled(page);
  await draw(page);
  const results = page.locator(".population-results");
  await expect(results).toContainText("not a forecast for one patient");
  const rows = results.locator(".population-chances tbody tr");
  await expect(rows).toHaveCount(8); // two regimens, everybody and three bands
  await expect(rows.nth(0)).toContainText(/1000\s?mg over 1\s?h every 12\s?h, 4\s?doses/);
  await expect(rows.nth(0)).toContainText(/all\s*200/);
  await expect(rows.nth(4)).toContainText(/2\s?g over 1\s?h once, then 1500\s?mg over 1\s?h every 12\s?h, 3\s?doses/);
  for (let i = 0; i < 8; i++) await expect(rows.nth(i)).toContainText(/%.*\(±.*%\)/);
  const kept = await rows.locator("td:nth-child(3)").allTextContents();
  const counts = kept.slice(1, 4).map((text) => (text === "none" ? 0 : Number(text)));
  expect(counts.reduce((a, b) => a + b, 0)).toBe(200);
  await expect(rows.nth(1).locator("svg.chance-bar")).toHaveAttribute("aria-label", /below.*in.*above/i);
  await expect(results.locator(".population-course svg")).toHaveCount(2);
  await expect(results.locator(".population-course svg").first()).toHaveAttribute(
    "aria-label",
    /median is .*mg\/L, 90 % lie from/,
  );
  await expect(results.locator(".population-drawn")).toContainText(/Creatinine clearance .*mL\/min.*computed/);
  await expect(results.locator(".population-drawn")).toContainText(/Body weight .*kg.*drawn as stated/);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const found = await new AxeBuilder({ page }).include(".population").analyze();
    expect(found.violations.map((v) => `${v.id}: ${v.nodes[0]!.html}`)).toEqual([]);
  }
  expect(said).toEqual([]);
});

test("the same seed finds the same numbers, a changed setting marks them as out of date", async ({ page }) => {
  await filled(page);
  await draw(page);
  const table = page.locator(".population-chances tbody");
  const first = await table.innerText();
  const seed = page.locator("#population-seed");
  await seed.fill("2");
  await expect(page.locator(".population-stale")).toBeVisible();
  await draw(page);
  expect(await table.innerText()).not.toBe(first);
  await seed.fill("1");
  await expect(page.locator(".population-stale")).toBeVisible();
  await draw(page);
  expect(await table.innerText()).toBe(first);
});

/** What the model of tacrolimus leaves open, with the height of each sex and the alleles of CYP3A5. */
async function by_sex_and_alleles(page: Page) {
  const form = page.locator(".population-form");
  await page.locator("summary", { hasText: "Set up virtual patients" }).click();
  await page.getByLabel("Number of patients").fill("200");
  await form.locator("#population-CYP3A5-how").selectOption("by allele frequencies");
  await form.locator("#population-sex-how").selectOption("by shares");
  await form.getByLabel("share of male").fill("50");
  await form.getByLabel("share of female").fill("50");
  await form.locator("#population-HT-how").selectOption("around a mean");
  await form.getByLabel("Height: depends on").selectOption("Sex, for lean body mass");
  for (const [sex, mean, sd] of [
    ["male", "178", "6"],
    ["female", "163", "5"],
  ]) {
    const row = form.getByRole("group", { name: `Height, ${sex}` });
    await row.getByLabel(`Height, ${sex}: mean`).fill(mean!);
    await row.getByLabel(`Height, ${sex}: SD`).fill(sd!);
    await row.getByLabel(`Height, ${sex}: from`).fill("140");
    await row.getByLabel(`Height, ${sex}: to`).fill("210");
  }
  await form.getByLabel("Serum creatinine: value").fill("90");
  await form.getByLabel("Haematocrit: value").fill("0.35");
  return form;
}

test("height by sex and a genotype by its alleles are drawn as typed, and what the engine refuses stands at its field", async ({
  page,
}) => {
  const said = complaints(page);
  await load(page, by_double_click, "tacrolimus");
  const form = await by_sex_and_alleles(page);
  await form.getByLabel("CYP3A5: frequency of *1").fill("20");
  await form.getByLabel("CYP3A5: frequency of *3").fill("79");
  await form.getByLabel("CYP3A5: frequency of *6").fill("1");
  await page.getByRole("button", { name: "Take this patient’s regimens" }).click();
  const dose = form.getByRole("group", { name: "Regimen 1" });
  await expect(dose.getByLabel("Dose", { exact: true })).not.toHaveValue("");
  await dose.getByLabel("How many doses").fill("10");
  await form.getByRole("button", { name: "Remove Regimen 2" }).click();
  await page.getByRole("button", { name: "Take this patient’s target" }).click();
  await form.getByLabel("At", { exact: true }).fill("120");
  await page.getByRole("button", { name: "Draw patients" }).click();
  const first = form.getByLabel("CYP3A5: frequency of *1");
  await expect(first).toHaveAttribute("aria-invalid", "true", { timeout: 60_000 }); // no word is known for *1/*6
  await expect(first).toBeFocused();
  await expect(page.locator("#population-CYP3A5-0-allele-0-messages")).toContainText("does not cover");
  await expect(form.getByLabel("CYP3A5: frequency of *6")).toHaveValue("1");
  await form.getByLabel("CYP3A5: frequency of *3").fill("80");
  await form.getByLabel("CYP3A5: frequency of *6").fill("0");
  await expect(first).not.toHaveAttribute("aria-invalid", "true");
  await draw(page);
  await expect(page.locator(".population-results h3").first()).toContainText(/at least 10 ng\/mL, at most 15 ng\/mL/);
  const drawn = page.locator(".population-drawn");
  const expressers = Number(/\bexpresser ([\d.]+)/.exec((await drawn.innerText()).replaceAll("non-expresser", "other"))![1]);
  expect(expressers).toBeGreaterThan(24); // 1 - 0.8^2 = 36 %, with a standard error of 3.4 %
  expect(expressers).toBeLessThan(48);
  await expect(drawn).toContainText(/Height 1(6|7)\d(\.\d)?\s?cm.*drawn as stated \(by Sex, .*; male: mean 178 cm/);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const found = await new AxeBuilder({ page }).include(".population").analyze();
    expect(found.violations.map((v) => `${v.id}: ${v.nodes[0]!.html}`)).toEqual([]);
  }
  expect(said).toEqual([]);
});

test("the patient's regimens and target are taken over, can be undone, and come back with the saved case", async ({ page }) => {
  await load(page, by_double_click, "vancomycin");
  await page.locator("#target-low").fill("450");
  await expect(page.locator(".stale-note")).toHaveCount(0, { timeout: 30_000 }); // ranked by these limits
  await page.locator("summary", { hasText: "Set up virtual patients" }).click();
  const form = page.locator(".population-form");
  const rows = form.getByRole("group", { name: /^Regimen \d/ });
  await expect(rows).toHaveCount(1);
  const take = page.getByRole("button", { name: "Take this patient’s regimens" });
  await expect(page.locator("#population-takes")).toContainText(/mg over .* every .*; /);
  await take.focus();
  await page.keyboard.press("Enter");
  await expect(rows).toHaveCount(2); // the current one and the one that the figure compares
  await expect(take).toBeFocused();
  for (const part of ["Dose", "Infused over", "Every", "How many doses"])
    await expect(rows.first().getByLabel(part, { exact: true })).toHaveValue(/^\d+(\.\d+)?$/);
  await take.click();
  await expect(rows).toHaveCount(2); // none is repeated
  await page.getByRole("button", { name: "Take this patient’s target" }).click();
  await expect(form.getByLabel("At least")).toHaveValue("450 mg*h/L");
  await expect(form.getByLabel("At most")).toHaveValue("");
  await expect(page.locator("#population-target-hint")).toHaveText("Source: limits typed by the user.");
  await form.getByLabel("Body weight", { exact: true }).selectOption("around a mean");
  await form.getByLabel("Body weight: mean").fill("eighty");
  const ranked = await page.locator(".candidates").innerText();

  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save" }).click();
  const path = await (await saved).path();
  const undo = page.getByRole("button", { name: "Undo" });
  await undo.click();
  await expect(form.getByLabel("Body weight: mean")).toHaveValue("");
  for (let i = 0; i < 2; i++) await undo.click(); // the way of the weight, the target
  await expect(form.getByLabel("At least")).toHaveValue("400 mg*h/L");
  await undo.click();
  await expect(rows).toHaveCount(1);
  await expect(page.locator(".candidates")).toHaveText(ranked, { useInnerText: true }); // none of this is the patient's

  await page.getByRole("button", { name: "New", exact: true }).click();
  await page.locator("#open-case").setInputFiles(path);
  await finished(page);
  await expect(rows).toHaveCount(2);
  await expect(form.getByLabel("At least")).toHaveValue("450 mg*h/L");
  await page.getByRole("button", { name: "Draw patients" }).click();
  await expect(form.getByLabel("Body weight: mean")).toHaveValue("eighty");
  await expect(page.locator(".population-problems")).toContainText("Body weight: mean is no number.");
});

test("the virtual patients are printed with their label, and the report again after it", async ({ page }) => {
  await filled(page);
  await draw(page);
  await page.evaluate(() => (window.print = () => document.documentElement.setAttribute("data-printed", "yes")));
  await page.getByRole("button", { name: "Print virtual patients" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-printed", "yes");
  await page.emulateMedia({ media: "print" });
  const paper = page.locator(".card-report");
  await expect(paper).toContainText("for teaching and planning; not a forecast for one patient");
  await expect(paper).toContainText("Seed 1");
  await page.setViewportSize({ width: 720, height: 1000 });
  expect(await paper.evaluate((e) => e.scrollWidth)).toBeLessThanOrEqual(720);
});

test("at 360 px neither the form nor the results widen the page", async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  await filled(page);
  await page.locator("#population-WT-by").selectOption("Sex, for the creatinine equation");
  await page.getByRole("button", { name: "Draw patients" }).click(); // with messages at the fields of each sex
  await expect(page.getByLabel("Body weight, female: typical value (median)")).toHaveAttribute("aria-invalid", "true");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await page.locator("#population-WT-by").selectOption("no other covariate");
  await draw(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await context.close();
});
