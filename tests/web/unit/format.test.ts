import { describe, expect, test } from "vitest";
import { capital, full, interval, number, percent, plain, quantity, regimen_text, sentence, unit } from "../../../web/src/format";

describe("the one formatter", () => {
  test("three significant digits, without exponents at clinical sizes", () => {
    expect([14.2041, 0.0123456, 512.34, 1234.5, 99950, 7, 0].map((x) => number(x))).toEqual([
      "14.2",
      "0.0123",
      "512",
      "1230",
      "100000",
      "7.00",
      "0",
    ]);
    expect(number(-0.531)).toBe("−0.531");
    expect(number(999.6)).toBe("1000");
    expect(number(4.2e-7)).toBe("4.20·10⁻⁷");
  });

  test("what is not a number is a dash, never 0 or NaN", () => {
    for (const nothing of [undefined, null, Number.NaN, Infinity]) expect(number(nothing)).toBe("–");
    expect(quantity(undefined, "mg/L")).toBe("–");
    expect(full(undefined)).toBe("");
  });

  test("the head of a row begins with a capital; a symbol keeps its case", () => {
    expect(["peripheral volume (eta_V2)", "pH-trapped volume (eta_V)", "eta_Q", "kappa_CL, occasion 1"].map(capital)).toEqual([
      "Peripheral volume (eta_V2)",
      "pH-trapped volume (eta_V)",
      "eta_Q",
      "kappa_CL, occasion 1",
    ]);
  });

  test("the engine's units of areas are written as on the rest of the page", () => {
    expect(sentence("AUC24 settles at about 653 mg*h/L.")).toBe("AUC24 settles at about 653 mg·h/L.");
  });

  test("a unit stands at every number", () => {
    expect(quantity(14.204, "mg/L")).toBe("14.2\u00a0mg/L");
    expect(interval(412.2, 655.1, "mg·h/L")).toBe("412 to 655\u00a0mg·h/L");
    expect(plain(33, "kg")).toBe("33\u00a0kg");
    expect(plain(0.5)).toBe("0.5");
    expect([187.5, 1333.3333, 2750].map((x) => plain(x, "", 4))).toEqual(["187.5", "1333", "2750"]);
    expect([187.5, 1125, 25.25, 0.1 + 0.2, 442413, 2e6].map((x) => plain(x))).toEqual([
      "187.5",
      "1125",
      "25.25",
      "0.3",
      "442413",
      "2·10⁶",
    ]);
    expect([unit("mg*h/L"), unit("m^2"), unit("umol/L"), unit("1e9/L"), unit("1")]).toEqual([
      "mg·h/L",
      "m²",
      "µmol/L",
      "10⁹/L",
      "",
    ]);
  });

  test("a probability from draws is never 0 or 100 %", () => {
    expect([0, 0.004, 0.634, 0.996, 1].map((p) => percent(p))).toEqual([
      "<1\u00a0%",
      "<1\u00a0%",
      "63\u00a0%",
      ">99\u00a0%",
      ">99\u00a0%",
    ]);
  });

  test("full precision is kept where it is asked for", () => {
    expect(full(14.204123456789)).toBe("14.204123456789");
  });

  test("what the engine writes is set as on a page, and a regimen breaks only between its parts", () => {
    expect(sentence("below 1.5 x 10^9/L; 60 mg/m2; 26.5 umol/L..")).toBe("below 1.5 × 10⁹/L; 60 mg/m²; 26.5 µmol/L.");
    expect(regimen_text("60 mg/m2 (96 mg) over 1 h every 21 days")).toBe(
      "60\u00a0mg/m² (96\u00a0mg) over 1\u00a0h every 21\u00a0days",
    );
  });
});
