// What the shipped file contains. That nothing is sent is shown by the policy and by these absences together; the browser alone
// does not promise it (a page may still navigate, and WebRTC is under no policy).

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { dist } from "../web/dist.ts";

const html = readFileSync(`${dist}/index.html`, "utf8");
const glue = html.match(/<script type="text\/plain" id="engine-glue">([^]*?)<\/script>/)![1]!;
const scripts = [...html.matchAll(/<script>([^]*?)<\/script>/g)].map((match) => match[1]!);
const policy = html.match(/http-equiv="Content-Security-Policy" content="([^"]*)"/)![1]!;
const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const sending = [
  /\bfetch\s*\(/,
  /XMLHttpRequest/,
  /WebSocket/,
  /EventSource/,
  /sendBeacon/,
  /RTCPeerConnection/,
  /WebTransport/,
  /\bimportScripts\s*\(/,
  /window\.open|\bopen\s*\(\s*["'`]http/,
  /location\.(href|assign|replace)\s*[=(]/,
];

for (const call of sending)
  test(`the page's code holds no ${call.source}`, () => {
    expect(scripts).toHaveLength(3);
    expect([...scripts, glue].join("\n")).not.toMatch(call);
  });

test("the page's code is neither evaluated from text nor loaded from elsewhere", () => {
  expect([...scripts, glue].join("\n")).not.toMatch(/\beval\s*\(|new Function\b/);
  expect(html).not.toMatch(/<(script|img|iframe|link|source|video|audio)\b[^>]*\b(src|href)="(?!data:)/);
});

test("the policy allows these scripts and this one style, by their hashes, and no connection", () => {
  const style = html.match(/<style>([^]*?)<\/style>/)![1]!;
  expect(policy).toContain(`script-src ${scripts.map(hash).join(" ")} 'wasm-unsafe-eval'`);
  expect(policy).toContain(`style-src ${hash(style)}`);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("connect-src 'none'");
  expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
});
