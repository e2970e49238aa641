// End-to-end tests run on dist/ as it is committed, in Debian's Chromium: tests/web/*.spec.ts and tests/privacy/*.spec.ts.

import { fileURLToPath } from "node:url";
import { defineConfig } from "@playwright/test";

const root = fileURLToPath(new URL("../..", import.meta.url));

export default defineConfig({
  testDir: `${root}/tests`,
  testMatch: ["web/**/*.spec.ts", "privacy/**/*.spec.ts"],
  outputDir: `${root}/build/playwright`,
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  reporter: [["list"], ["json", { outputFile: `${root}/build/playwright.json` }]],
  use: {
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    viewport: { width: 1280, height: 900 },
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    },
  },
});
