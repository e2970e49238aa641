// What the end-to-end tests share: how to open the page and how to wait for what it says.

import { expect, type Page } from "@playwright/test";

/** Everything the browser complains about, a violated policy included. */
export function complaints(page: Page): string[] {
  const lines: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) lines.push(message.text());
  });
  page.on("pageerror", (error) => lines.push(error.message));
  return lines;
}

export const status = (page: Page) => page.locator('[role="status"]');

export async function finished(page: Page): Promise<void> {
  await expect(status(page)).toContainText(/finished/i, { timeout: 90_000 });
  await expect(page.locator(".work.hidden")).toBeAttached({ timeout: 90_000 });
  await expect(page.locator(".stale-note")).toHaveCount(0);
}

export async function load(page: Page, url: string, worked: string): Promise<void> {
  await page.goto(url);
  await page.locator("#worked").selectOption(worked);
  await finished(page);
}

/** Opens a model as a person opens a file. */
export async function open_model(page: Page, definition: object): Promise<void> {
  const buffer = Buffer.from(JSON.stringify(definition));
  await page.locator("#open-model").setInputFiles({ name: "model.json", mimeType: "application/json", buffer });
  await finished(page);
}

/** The number of pages of a PDF, from its page objects. */
export const pages_of = (pdf: Buffer) => pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
