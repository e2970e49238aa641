// A whole case, typed, computed, compared, saved and printed, leaves no request. One proxy plays the whole network: it answers as
// the server that gave the page, and writes down everything that is asked of anybody.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium, expect, test } from "@playwright/test";
import { dist } from "../web/dist.ts";
import { finished } from "../web/page.ts";

test.describe.configure({ timeout: 150_000 });

const address = "http://127.0.0.1:49151/"; // nobody listens there; the proxy answers for it
const types: Record<string, string> = { html: "text/html", js: "text/javascript", svg: "image/svg+xml" };
const browsers_own = /\b(google|googleapis|gvt1)\.com\b/;

test("a case from first letter to printed page sends nothing", async () => {
  const asked: string[] = [];
  const network = createServer((request, response) => {
    if (!browsers_own.test(request.url!)) asked.push(`${request.method} ${request.url}`);
    if (!request.url!.startsWith(address)) return void response.writeHead(204).end();
    const name = request.url!.slice(address.length) || "index.html";
    response.setHeader("content-type", types[name.split(".").at(-1)!] ?? "application/json");
    response.end(readFileSync(join(dist, name)));
  });
  network.on("connect", (request, socket) => {
    if (!browsers_own.test(request.url!)) asked.push(`CONNECT ${request.url}`);
    socket.end();
  });
  await new Promise<void>((done) => network.listen(0, "127.0.0.1", done));
  const { executablePath, args = [] } = test.info().project.use.launchOptions ?? {};
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [...args, "--disable-background-networking", "--disable-component-update"],
    proxy: { server: `http://127.0.0.1:${(network.address() as AddressInfo).port}`, bypass: "<-loopback>" },
  });
  try {
    const page = await browser.newPage();
    await page.goto(address);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await page.waitForTimeout(500);
    const loaded = asked.length;
    expect(asked).toContain(`GET ${address}`);

    await page.locator("#worked").selectOption("vancomycin");
    await finished(page);
    await page.locator("#cov-WT").fill("79,5");
    await expect(page.locator(".stale-note")).toHaveCount(1);
    await finished(page);
    await page.locator("#compare-2").check();
    await page.locator("#figure").press("ArrowRight");
    await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save file" }).click()]);
    await page.pdf();
    await page.waitForTimeout(1000);

    expect(asked.slice(loaded)).toEqual([]);
    expect(page.url()).toBe(address);
  } finally {
    await browser.close();
    network.close();
  }
});
