import { describe, expect, test } from "vitest";
import { read_amount, read_count, read_quantity, step_choice, step_text } from "../../../web/src/case/quantity";

const text = (typed: string, unit = "mg") => {
  const reading = read_quantity(typed, unit, "Amount");
  return reading.ok ? reading.text : `refused: ${reading.message}`;
};

describe("numbers as typed", () => {
  test("a number gets the unit of its field, a typed unit is kept for the engine to judge", () => {
    expect(text("1000")).toBe("1000 mg");
    expect(text(" 1.5 g ")).toBe("1.5 g");
    expect(text("90umol/L", "mg/dL")).toBe("90 umol/L");
    expect(text("0.34", "1")).toBe("0.34");
    expect(text("34 %", "1")).toBe("34 %");
    expect(text("1e3")).toBe("1e3 mg");
  });

  test("a decimal comma is a decimal point", () => {
    expect(text("12,5")).toBe("12.5 mg");
    expect(text("0,125")).toBe("0.125 mg");
  });

  test("empty is not zero, and what can be read in two ways is refused", () => {
    expect(text("")).toMatch(/^refused: .*not 0/);
    expect(text("0")).toBe("0 mg");
    for (const typed of ["1,000", "12,500", "1.000,5", "1,2,3", "abc", "<0.5", "--1", "1 000"])
      expect(text(typed), typed).toMatch(/^refused/);
  });

  test("an amount that may be in thousands is refused, elsewhere three decimals are three decimals", () => {
    for (const typed of ["1.000", "12.500 IU", "1.000.000"]) expect(read_amount(typed, "mg", "Amount").ok, typed).toBe(false);
    for (const typed of ["0.125", "1.5", "1000", "187.5", "1.0625"])
      expect(read_amount(typed, "mg", "Amount").ok, typed).toBe(true);
    expect(text("1.125", "mg/L")).toBe("1.125 mg/L");
  });

  test("a count of doses is a whole number", () => {
    expect(read_count("5", "More")).toEqual({ ok: true, value: 5 });
    for (const typed of ["", "2.5", "-1", "two"]) expect(read_count(typed, "More").ok, typed).toBe(false);
  });

  test("steppers land on multiples of the product's step and stop at the smallest dose", () => {
    expect(step_text("1000", 250, 1, 250)).toBe("1250");
    expect(step_text("1100 mg", 250, 1, 250)).toBe("1250 mg");
    expect(step_text("1100", 250, -1, 250)).toBe("1000");
    expect(step_text("250", 250, -1, 250)).toBe("250");
    expect(step_text("0.3", 0.1, 1, 0.1)).toBe("0.4");
    expect(step_choice("12", [6, 8, 12, 24], 1)).toBe("24");
    expect(step_choice("12 h", [6, 8, 12, 24], -1)).toBe("8");
    expect(step_choice("24", [6, 8, 12, 24], 1)).toBe("24");
  });
});
