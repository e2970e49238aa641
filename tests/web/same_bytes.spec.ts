// The page and the Node package answer the same request with the same bytes: every conformance request is sent to the page's own worker.

import { expect, test } from "@playwright/test";
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { load } from "titrate";
import { by_double_click } from "./dist.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = `${root}tests/conformance/requests/`;

function request(file: string): string {
  const content = JSON.parse(readFileSync(folder + file, "utf8"));
  if (typeof content.model === "string") content.model = JSON.parse(readFileSync(root + content.model, "utf8"));
  return JSON.stringify(content);
}

interface Scope {
  postMessage: (message: { kind: string; response?: string; message?: string }) => void;
  onmessage: (event: { data: object }) => Promise<void>;
}

test("the page's worker and the Node package answer every conformance request with the same bytes", async ({ page }) => {
  test.setTimeout(240_000);
  await page.goto(by_double_click);
  await expect.poll(() => page.workers().length).toBeGreaterThan(0);
  await page.waitForTimeout(1000);
  const worker = page.workers()[0]!;
  const { call } = await load();
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  expect(files.length).toBeGreaterThan(15);
  for (const file of files) {
    const text = request(file);
    const in_page = await worker.evaluate(async (sent) => {
      const scope = self as unknown as Scope;
      const really = scope.postMessage;
      let answer = "";
      scope.postMessage = (message) => {
        if (message.kind !== "progress") answer = message.response ?? `failed: ${message.message}`;
      };
      try {
        await scope.onmessage({ data: { kind: "call", id: -1, request: sent } });
      } finally {
        scope.postMessage = really;
      }
      return answer;
    }, text);
    const in_node: string = call(text);
    expect(in_page.length, file).toBeGreaterThan(100);
    expect(in_page === in_node, `${file}: the same bytes`).toBe(true);
  }
});
