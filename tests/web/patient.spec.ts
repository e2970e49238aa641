// From typed data to a report, on dist/ with the real engine.

import { expect, test, type Page } from "@playwright/test";
import { by_double_click, hosted } from "./dist.ts";
import { complaints, finished, load, pages_of, status } from "./page.ts";

test.describe.configure({ timeout: 150_000 });

/** Moves the focus with the keyboard alone until it is on `selector`. */
async function tab_to(page: Page, selector: string): Promise<void> {
  for (let i = 0; i < 150; i++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((s) => document.activeElement?.matches(s) ?? false, selector)) return;
  }
  throw new Error(`Tab never reaches ${selector}`);
}

for (const worked of ["vancomycin", "tacrolimus", "docetaxel"])
  test(`the ${worked} patient is fitted, drawn, ranked and printed on one page`, async ({ page }) => {
    const lines = complaints(page);
    await load(page, by_double_click, worked);
    await expect(page.locator("#figure path.line.fit").first()).toHaveAttribute("d", /^M[\d.,L-]+/);
    await expect(page.locator("#figure .points .used").first()).toBeVisible();
    expect(await page.locator(".candidate").count()).toBeGreaterThanOrEqual(4);
    await expect(page.locator(".candidate.is-current")).toHaveCount(1);
    // Nothing is written on the curves; every line that is drawn is named below them.
    await expect(page.locator("#figure .chart text:not(.axis-label, .day, .since)").filter({ hasText: / every / })).toHaveCount(
      0,
    );
    await expect(page.locator(".figure .legend")).toContainText("Current: ");
    const pdf = await page.pdf({ preferCSSPageSize: true });
    expect(pages_of(pdf)).toBe(1);
    // Nothing sticks out sideways on paper: A4 less its margins is 703 px wide.
    await page.setViewportSize({ width: 703, height: 1040 });
    await page.emulateMedia({ media: "print" });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(703);
    await expect(page.locator(".report .regimen-rows tr")).toHaveCount(6);
    await expect(page.locator(".report .regimen-rows")).toContainText(/hold|no dose/i);
    expect(lines).toEqual([]);
  });

test("who looks for the band of an AUC target is told where it is judged; a trough target is drawn and named", async ({
  page,
}) => {
  await load(page, by_double_click, "vancomycin");
  await expect(page.locator(".figure .target-note")).toContainText("AUC24 (400 to 600");
  await expect(page.locator("#figure .target-band")).toHaveCount(0);
  await page.locator("#worked").selectOption("tacrolimus");
  await finished(page);
  await expect(page.locator(".figure .target-note")).toHaveCount(0);
  await expect(page.locator("#figure .target-band")).toHaveCount(1);
  await expect(page.locator(".figure .legend")).toContainText("Target: 10 to 15 ng/mL");
});

test("a held dose is ranked, and drawn like any other regimen", async ({ page }) => {
  await load(page, by_double_click, "tacrolimus");
  await page.getByRole("button", { name: /^Show \d+ more/ }).click();
  const held = page.locator(".candidate", { hasText: /hold one dose/i });
  await held.getByRole("checkbox").check();
  await expect(page.locator(".figure .legend")).toContainText(/hold/i, { timeout: 20_000 });
  await expect(page.locator("#figure path.line.chosen-1")).toHaveCount(1);
});

test("a model that is not for dosing says so above its regimens and on paper", async ({ page }) => {
  await load(page, by_double_click, "docetaxel");
  await expect(page.locator(".regimens")).toContainText("for teaching only, not for dosing a patient");
  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".report")).toContainText("for teaching only, not for dosing a patient");
  await page.emulateMedia({ media: "screen" });
  await page.locator("#worked").selectOption("vancomycin");
  await finished(page);
  await expect(page.locator(".regimens")).not.toContainText("teaching only");
});

test("the first visit offers a patient, who is computed at once", async ({ page }) => {
  await page.goto(by_double_click);
  await page.getByRole("button", { name: /^Tacrolimus/ }).click();
  await finished(page);
  await expect(page.locator(".frame .empty")).toHaveCount(0);
});

test("from loading to printing by the keyboard alone: second regimen chosen, figure read, page printed", async ({ page }) => {
  await page.goto(by_double_click);
  await page.evaluate(() => {
    window.print = () => document.body.setAttribute("data-printed", "yes");
  });
  await tab_to(page, "#worked");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await finished(page);

  await tab_to(page, "#figure");
  await page.keyboard.press("End");
  const end = await page.locator("#reading").textContent();
  await page.keyboard.press("ArrowLeft");
  await expect(page.locator("#reading")).not.toHaveText(end!);
  await expect(page.locator("#reading")).toContainText(/mg\/L.*90 %/);

  await tab_to(page, "#compare-2");
  await page.keyboard.press("Space");
  await expect(page.locator("#compare-2")).toBeChecked();
  const label = (await page.locator(".candidate:has(#compare-2) h3").textContent())!;
  await expect(page.locator(".figure .legend").filter({ hasText: label })).toBeAttached({ timeout: 20_000 });

  for (let i = 0; i < 150 && !(await page.evaluate(() => document.activeElement?.textContent === "Print report")); i++)
    await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(page.locator("body")).toHaveAttribute("data-printed", "yes");
  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".report")).toBeVisible();
  await expect(page.locator(".report")).toContainText(label);
  await expect(page.locator(".report")).toContainText("the prescriber decides");
  await expect(page.locator(".report tbody tr")).not.toHaveCount(1);
});

test("Enter adds a row and goes there, a pasted table fills rows, and undo takes it back", async ({ page }) => {
  await load(page, by_double_click, "vancomycin");
  const rows = page.locator(".rows-doses tbody tr:not(.row-messages)");
  await page.locator("#dose-2-addl").press("Enter");
  await expect(rows).toHaveCount(3);
  await expect(page.locator(".rows-doses tbody tr").nth(2).locator("td.time input")).toBeFocused();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData("text/plain", "2026-03-03 20:00\t1000\t1\n+12h\t750\t1,5");
    document.activeElement!.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(rows).toHaveCount(4);
  await expect(rows.nth(3).locator("td.amt input")).toHaveValue("750");
  await expect(rows.nth(3).locator("td.dur input")).toHaveValue("1,5");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(rows).toHaveCount(3);
});

test("what was typed survives every error, the message stands at its field, and no old number passes for new", async ({
  page,
}) => {
  await load(page, by_double_click, "vancomycin");
  const weight = page.locator("#cov-WT");
  for (const [typed, says] of [
    ["eighty", /not a number/],
    ["", /missing/],
    ["1,000", /two ways/],
    ["9000", /400/],
  ] as const) {
    await weight.fill(typed);
    await expect(page.locator("#cov-WT-messages")).toContainText(says, { timeout: 20_000 });
    await expect(weight).toHaveValue(typed);
    await expect(weight).toHaveAttribute("aria-invalid", "true");
    await expect(page.locator(".candidate:visible")).toHaveCount(await page.locator(".stale .candidate").count());
  }
  await page.locator("#dose-1-time").fill("2026-03-01 24:00");
  await expect(page.locator("#dose-1-time-messages")).toContainText("00:00 of the next day");
  await expect(page.locator("#dose-1-time")).toHaveValue("2026-03-01 24:00");
  await page.locator(".messages a").first().click();
  await expect(page.locator("#dose-1-time, #cov-WT").and(page.locator(":focus"))).toHaveCount(1);

  await page.locator("#dose-1-time").fill("2026-03-01 20:00");
  await weight.fill("82");
  await expect(page.locator(".messages .error")).toHaveCount(0);
  await finished(page);
});

test("a level can be switched off with a reason; it stays on the figure as an open circle", async ({ page }) => {
  await load(page, by_double_click, "vancomycin");
  await page.locator("#level-10-used").uncheck();
  await expect(page.locator("#level-10-why-messages")).toContainText("Say why");
  await page.locator("#level-10-why").fill("drawn from the infusion line");
  await expect(page.locator("#figure .points .excluded")).toHaveCount(1, { timeout: 20_000 });
  await finished(page);
  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".report")).toContainText("drawn from the infusion line");
});

test("a level below the limit of the assay is typed as the laboratory writes it, fitted, and drawn as a triangle at the limit", async ({
  page,
}) => {
  await load(page, by_double_click, "vancomycin");
  await page.locator("#level-10-dv").fill("<14,0");
  await expect(page.locator("#figure .points title").first()).toContainText("below", { timeout: 20_000 });
  await finished(page);
  await expect(page.locator("#level-10-dv")).toHaveValue("<14,0");
  await expect(page.locator(".legend").first()).toContainText("below a limit");
  await expect(page.locator(".basis")).toContainText("below 14");
  await expect(page.locator(".basis")).toContainText("probability");
  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".report")).toContainText("<14,0");
});

test("a typed regimen is judged beside the ranked ones, and its steppers need no dragging", async ({ page }) => {
  await load(page, by_double_click, "vancomycin");
  await page.locator("#what_if-amt").fill("1250");
  await page.locator("#what_if-dur").fill("1.5");
  await page.locator("#what_if-ii").fill("12");
  await expect(page.locator(".what-if .answer .chance-numbers")).toBeVisible({ timeout: 20_000 });
  await page.getByRole("button", { name: "Larger: Amount" }).click();
  await expect(page.locator("#what_if-amt")).toHaveValue("1500");
  await expect(page.locator(".what-if .regimen-label")).toContainText("1500", { timeout: 20_000 });
});

test("a saved file opens as the same case, and an opened model joins the list", async ({ page }) => {
  await load(page, by_double_click, "tacrolimus");
  await page.locator("#cov-WT").fill("75,5");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save file" }).click()]);
  const path = await download.path();
  await page.getByRole("button", { name: "New" }).click();
  await expect(page.locator("#cov-WT")).toHaveValue("");
  await page.locator("#open-case").setInputFiles(path);
  await expect(page.locator("#cov-WT")).toHaveValue("75,5");
  await expect(page.locator("#level-12-dv")).toHaveValue("8.1");

  const model = await page.evaluate(() => document.querySelector('script[data-model="vancomycin_goti2018.json"]')!.textContent!);
  await page
    .locator("#open-model")
    .setInputFiles({ name: "mine.json", mimeType: "application/json", buffer: Buffer.from(model) });
  await expect(page.locator("#model")).toHaveValue(/opened file/);
  await expect(page.locator("#cov-SCR")).toBeVisible({ timeout: 20_000 });
});

test("the field of the time zone offers every zone that the browser knows, once it is entered", async ({ page }) => {
  await page.goto(by_double_click);
  await expect(page.locator("#zones option")).toHaveCount(0);
  await page.getByLabel("Time zone of all times").focus();
  const known = await page.evaluate(() => Intl.supportedValuesOf("timeZone").length);
  await expect(page.locator("#zones option")).toHaveCount(known);
});

test("the page computes below a sub-path of a server, and puts nothing of the patient into the address", async ({ page }) => {
  const place = await hosted();
  try {
    await load(page, place.url, "vancomycin");
    expect(page.url()).toBe(place.url);
    expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([0, 0, ""]);
    await expect(status(page)).toContainText("2 levels");
  } finally {
    place.close();
  }
});
