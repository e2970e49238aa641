import { describe, expect, test } from "vitest";
import { floor_of, type Course } from "../../../web/src/plots/course";
import { heading } from "../../../web/src/plots/heading";
import { area, line, steps, type Point } from "../../../web/src/plots/path";
import { make_scales } from "../../../web/src/plots/scales";
import { problems_of } from "../../../web/src/case/diagnostics";

const flat = (value: number) => ({
  median: [value],
  p5: [value],
  p25: [value],
  p75: [value],
  p95: [value],
  with_residual: { p5: [value], p25: [value], p75: [value], p95: [value] },
});
const course = (values: number[], levels: number[]): Course => ({
  output: "C",
  label: "C",
  unit: "mg/L",
  time: values,
  now: 0,
  population: values,
  a_priori: flat(1),
  history: { time: values, bands: { ...flat(1), p5: values } },
  regimens: [],
  points: levels.map((value) => ({ time: 0, value, used: true })),
});

describe("headings", () => {
  test("a heading loses its last parts before it is cut, and never its unit", () => {
    expect(heading("Vancomycin, serum or plasma, total", "(mg/L)", 400)).toBe("Vancomycin, serum or plasma, total (mg/L)");
    expect(heading("Enzyme activity", "", 400)).toBe("Enzyme activity");
    expect(heading("Vancomycin, serum or plasma, total", "(mg/L)", 260)).toBe("Vancomycin, serum or plasma (mg/L)");
    expect(heading("Absoluteneutrophilcountinblood", "(10⁹/L)", 180)).toMatch(/^Absolute.*… \(10⁹\/L\)$/);
  });
});

describe("the logarithmic axis", () => {
  test("ends three decades below the top, or at the deepest level", () => {
    expect(floor_of(course([100, 1, 1e-9, 0], []), 100)).toBeCloseTo(0.8);
    expect(floor_of(course([100, 1], [0.02]), 100)).toBeCloseTo(0.016);
  });

  test("puts 0 below the chart at a finite place, so that a band that reaches 0 is drawn and clipped", () => {
    const scales = make_scales(500, 200, [0, 10], 50, 0.1, true);
    expect(scales.value(50)).toBeCloseTo(0);
    expect(scales.value(0.1)).toBeCloseTo(200);
    for (const small of [0, 1e-12, -1]) {
      expect(Number.isFinite(scales.value(small))).toBe(true);
      expect(scales.value(small)).toBeGreaterThan(200);
    }
    for (const value of scales.value_ticks) expect(scales.value(value)).toBeLessThanOrEqual(200);
  });
});

test("that a verb leaves a part of the request unread is no message for the person who typed it", () => {
  const note = { severity: "note" as const, path: "/target", message: "", hint: "" };
  const places = new Map([["/target", "target-id"]]);
  expect(problems_of([{ ...note, code: "request.unused_key" }], places)).toEqual([]);
  expect(problems_of([{ ...note, code: "target.far" }], places)).toHaveLength(1);
});

describe("paths", () => {
  const points: Point[] = [
    [0, 10],
    [1, 2.00049],
    [3, 4],
  ];

  test("a line goes straight from point to point, a step holds until the next one", () => {
    expect(line(points)).toBe("M0,10L1,2L3,4");
    expect(steps(points)).toBe("M0,10H1V2H3V4");
  });

  test("a surface goes along its upper line and back along its lower one", () => {
    const lower: Point[] = [
      [0, 12],
      [3, 9],
    ];
    expect(area(points, lower)).toBe("M0,10L1,2L3,4L3,9L0,12Z");
  });

  test("without points there is no path", () => {
    expect([line([]), steps([]), area([], [])]).toEqual(["", "", ""]);
  });
});
