// For everyone: rules of accessibility by axe, a narrow screen, target sizes. Contrast is computed in unit/contrast.test.ts.

import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { by_double_click } from "./dist.ts";
import { load } from "./page.ts";

test.describe.configure({ timeout: 150_000 });

for (const colorScheme of ["light", "dark"] as const)
  test(`axe finds nothing, ${colorScheme}`, async ({ browser }) => {
    const context = await browser.newContext({ colorScheme });
    const page = await context.newPage();
    await load(page, by_double_click, "vancomycin");
    const found = await new AxeBuilder({ page })
      .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
      .analyze();
    expect(found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`)).toEqual([]);
    await context.close();
  });

for (const worked of ["vancomycin", "docetaxel"])
  test(`at 360 px the ${worked} page does not scroll sideways`, async ({ browser }) => {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
    const page = await context.newPage();
    await load(page, by_double_click, worked);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    const cut = await page.locator("#figure").evaluate((figure) => {
      const edge = figure.getBoundingClientRect();
      return [...figure.querySelectorAll("text.axis-label")]
        .filter((text) => text.getBoundingClientRect().right > edge.right || text.getBoundingClientRect().left < edge.left)
        .map((text) => text.textContent);
    });
    expect(cut).toEqual([]);
    await context.close();
  });

test("every control is at least 24 px high and wide, or its label is", async ({ page }) => {
  await load(page, by_double_click, "vancomycin");
  const small = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("button, input, select, summary, .button")]
      .filter((e) => e.checkVisibility() && !e.closest(".unseen, .report") && !e.classList.contains("unseen"))
      .map((e) => {
        const box = (
          e.matches("input[type=checkbox], input[type=radio]") ? (e.closest("label, td") ?? e) : e
        ).getBoundingClientRect();
        return { what: e.id || e.textContent, width: Math.round(box.width), height: Math.round(box.height) };
      })
      .filter((box) => box.width < 24 || box.height < 24),
  );
  expect(small).toEqual([]);
});

test("nothing moves for a person who asked for less motion, and the parts keep their places while computing", async ({
  browser,
}) => {
  const context = await browser.newContext({ reducedMotion: "reduce" });
  const page = await context.newPage();
  await load(page, by_double_click, "vancomycin");
  expect(await page.locator(".work").evaluate((e) => getComputedStyle(e).transitionDuration)).toBe("0s");
  const before = await page.locator("#figure").boundingBox();
  await page.locator("#cov-WT").fill("83");
  await page.waitForTimeout(300);
  const during = await page.locator("#figure").boundingBox();
  expect(during!.y).toBe(before!.y);
  await context.close();
});
