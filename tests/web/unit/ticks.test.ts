import { expect, test } from "vitest";
import { make_scales } from "../../../web/src/plots/scales";
import { time_ticks } from "../../../web/src/plots/ticks";

const origin = Date.UTC(2026, 2, 1, 7); // 08:00 in Berlin

test("ticks stand at round clock hours, with the day at midnight", () => {
  const ticks = time_ticks(0, 48, origin, "Europe/Berlin", 6);
  expect(ticks.map((t) => t.clock)).toEqual(["08:00", "16:00", "00:00", "08:00", "16:00", "00:00", "08:00"]);
  expect(ticks.map((t) => t.hours)).toEqual([0, 8, 16, 24, 32, 40, 48]);
  expect(ticks.filter((t) => t.day !== "").map((t) => t.day)).toEqual(["1 Mar", "2 Mar", "3 Mar"]);
});

test("ticks stay at round clock hours when the clocks change", () => {
  const before = Date.UTC(2026, 2, 28, 11); // 12:00 in Berlin, a day before the change
  const ticks = time_ticks(0, 47, before, "Europe/Berlin", 5);
  expect(ticks.map((t) => t.clock)).toEqual(["12:00", "00:00", "12:00", "00:00", "12:00"]);
  expect(ticks.map((t) => t.hours)).toEqual([0, 12, 23, 35, 47]);
});

test("a course of weeks is labelled by days", () => {
  const ticks = time_ticks(0, 504, origin, "Europe/Berlin", 8);
  expect(ticks.every((t) => t.clock === "" && t.midnight)).toBe(true);
  expect(ticks.length).toBeLessThanOrEqual(9);
});

test("a logarithmic axis shows what is below its floor at its floor, and zero nowhere", () => {
  const scales = make_scales(100, 100, [0, 10], 50, 0.5, true);
  expect(scales.value(0)).toBeCloseTo(scales.value(1e-9), 9);
  expect(Number.isFinite(scales.value(0))).toBe(true);
  expect(scales.value_ticks).not.toContain(0);
  expect(make_scales(100, 100, [0, 10], 50, 0.5, false).value(0)).toBe(100);
});
