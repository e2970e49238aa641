// Every request of the browser goes through a proxy that writes down what it sees: the only witness that counts, since a
// browser's own events name requests that its policy blocked, too.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { chromium, expect, test } from "@playwright/test";
import { by_double_click } from "../web/dist.ts";

/** What this browser asks its maker about on its own, whatever page is open, and about: pages too. */
const browsers_own = /^(CONNECT |POST https?:\/\/|GET https?:\/\/)[\w.-]*\b(google|googleapis|gvt1)\.com[:/]/;

async function witness() {
  const seen: string[] = [];
  const note = (line: string) => {
    if (!browsers_own.test(line)) seen.push(line);
  };
  const proxy = createServer((request, response) => {
    note(`${request.method} ${request.url}`);
    response.writeHead(204).end();
  });
  proxy.on("connect", (request, socket) => {
    note(`CONNECT ${request.url}`);
    socket.end();
  });
  await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
  return { seen, server: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, close: () => proxy.close() };
}

test("the page sends nothing, and a planted request is stopped, while the witness sees an ordinary page's", async () => {
  const proxy = await witness();
  const { executablePath, args = [] } = test.info().project.use.launchOptions ?? {};
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [...args, "--disable-background-networking", "--disable-component-update"],
    proxy: { server: proxy.server, bypass: "<-loopback>" },
  });
  const names = () => proxy.seen.filter((line) => line.includes("example.invalid"));
  try {
    const page = await browser.newPage();

    await page.goto(by_double_click);
    await expect(page.locator("#app")).not.toBeEmpty();
    await page.evaluate(() => {
      void fetch("http://planted.example.invalid/fetch").catch(() => {});
      navigator.sendBeacon("http://planted.example.invalid/beacon", "x");
      new Image().src = "http://planted.example.invalid/image";
    });
    await page.waitForTimeout(1500);
    expect(proxy.seen).toEqual([]);

    await page.goto("about:blank");
    await page.evaluate(() => {
      new Image().src = "http://seen.example.invalid/image";
    });
    await expect.poll(names).toEqual(["GET http://seen.example.invalid/image"]);
  } finally {
    await browser.close();
    proxy.close();
  }
});
