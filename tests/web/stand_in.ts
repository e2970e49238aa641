// The page's own sources with a stand-in engine, for what the real engine would have to fail or wait for on purpose.

import { execFileSync } from "node:child_process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { test, type Page } from "@playwright/test";
import { load } from "./page.ts";

/** Builds that page once for a spec file, into a folder of its own; the tests of the file run one after another. */
export function stand_in(name: string): { open: (page: Page) => Promise<void>; vancomycin: (page: Page) => Promise<void> } {
  const folder = fileURLToPath(new URL(`../../build/fake-page-${name}`, import.meta.url));
  const url = pathToFileURL(`${folder}/index.html`).href;
  test.describe.configure({ mode: "serial" });
  test.beforeAll(() => {
    execFileSync("node", [fileURLToPath(new URL("support/fake_page.mjs", import.meta.url)), folder]);
  });
  return {
    open: async (page) => void (await page.goto(url)),
    vancomycin: (page) => load(page, url, "vancomycin"),
  };
}
