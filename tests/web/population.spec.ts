// Virtual patients on the page, with the real engine: set up by keyboard, drawn, read without colour, printed, and out of date
// after a change.

import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { by_double_click } from "./dist.ts";
import { complaints, status } from "./page.ts";

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
  await page.getByRole("group", { name: "Regimen 2" }).getByLabel("Dose", { exact: true }).fill("1500");
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
  await draw(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await context.close();
});
