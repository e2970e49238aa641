import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const file = (name: string) => readFileSync(fileURLToPath(new URL(`../../../web/src/style/${name}`, import.meta.url)), "utf8");

function tokens(block: string): Record<string, string> {
  return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map((m) => [m[1]!, m[2]!]));
}
const css = file("tokens.css");
const [light_block, dark_block] = css.split("@media (prefers-color-scheme: dark)") as [string, string];
const light = tokens(light_block);
const themes = { light, dark: { ...light, ...tokens(dark_block) }, print: { ...light, ...tokens(file("report.css")) } };

/** WCAG 2.2: relative luminance and contrast ratio. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
function contrast(a: string, b: string): number {
  const [dark, bright] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (bright + 0.05) / (dark + 0.05);
}

const text = [
  ...["text", "soft", "accent", "error", "warn", "fit", "current", "chosen-0", "chosen-1", "chosen-2", "what-if", "target"].map(
    (c) => [c, "panel"],
  ),
  ["text", "page"],
  ["soft", "page"],
  ["soft", "sunken"],
  ["text", "sunken"],
  ["current", "sunken"],
  ["accent", "page"],
  ["accent", "sunken"],
  ["on-accent", "accent"],
  ["error", "error-ground"],
  ["text", "error-ground"],
  ["warn", "warn-ground"],
  ["text", "warn-ground"],
  ["text", "note-ground"],
  ["accent", "error-ground"],
  ["accent", "warn-ground"],
  ["note", "note-ground"],
] as [string, string][];
const graphics = [
  ["control-edge", "panel"],
  ["control-edge", "page"],
  ["a-priori", "panel"],
  ["within", "panel"],
  ["below-mark", "below-ground"],
  ["above-mark", "above-ground"],
  ["focus", "panel"],
  ["focus", "page"],
] as [string, string][];

describe.each(Object.entries(themes))("colours, %s", (_, theme) => {
  test.each(text)("text %s on %s has at least 4.5:1", (front, ground) => {
    expect(contrast(theme[front]!, theme[ground]!)).toBeGreaterThanOrEqual(4.5);
  });
  test.each(graphics)("mark %s on %s has at least 3:1", (front, ground) => {
    expect(contrast(theme[front]!, theme[ground]!)).toBeGreaterThanOrEqual(3);
  });
});

test("black on white is 21:1, so the measure is right", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 6);
  expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
});
