import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { server } from "../../../web/scripts/serve.mjs";

const folder = mkdtempSync(join(tmpdir(), "titrate-serve-"));
const listener = server(folder, "/ward/");
let origin = "";

beforeAll(async () => {
  for (const name of ["index.html", "sw.js", "secret.txt"]) writeFileSync(join(folder, name), name);
  await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
  origin = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
});

afterAll(() => {
  listener.close();
  rmSync(folder, { recursive: true });
});

test("the folder itself answers with the page", async () => {
  const response = await fetch(`${origin}/ward/`);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(await response.text()).toBe("index.html");
});

test("the service worker is served with a policy that lets it reach its own server alone", async () => {
  const response = await fetch(`${origin}/ward/sw.js`);
  expect(response.headers.get("content-security-policy")).toBe("default-src 'none'; connect-src 'self'");
});

test.each(["/", "/ward/secret.txt", "/ward/../secret.txt", "/ward/%2e%2e/secret.txt", "/ward/constructor", "/other/index.html"])(
  "nothing is answered at %s",
  async (path) => {
    expect((await fetch(origin + path)).status).toBe(404);
  },
);

test("every file that the service worker keeps is one that the server has a type for", () => {
  const worker = readFileSync(new URL("../../../web/static/sw.js", import.meta.url), "utf8");
  const [, list] = worker.match(/files = \[([^\]]*)\]/)!;
  const names = [...list!.matchAll(/"([^"]+)"/g)].map((match) => match[1]!).filter((name) => name !== "./");
  expect(names.sort()).toEqual(["icon.svg", "index.html", "manifest.webmanifest"]);
});
