// Unit tests of the page's pure functions: tests/web/unit/**/*.test.ts. Nothing of the browser is there.

import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("../..", import.meta.url));

export default defineConfig({
  root,
  cacheDir: "build/vitest",
  test: {
    include: ["tests/web/unit/**/*.test.ts"],
    reporters: ["default", "json"],
    outputFile: { json: "build/vitest.json" },
  },
});
