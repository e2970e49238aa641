import { describe, expect, test } from "vitest";
import { COLUMNS, is_table, read_table } from "../../../web/src/case/paste";

const order = ["time", "amt", "dur", "ii", "addl"] as const;
const names = {
  time: COLUMNS.doses.time,
  amt: COLUMNS.doses.amt,
  dur: COLUMNS.doses.dur,
  ii: COLUMNS.doses.ii,
  addl: COLUMNS.doses.addl,
};

describe("a pasted table", () => {
  test("cells of a spreadsheet come by tabs and keep decimal commas", () => {
    const pasted = read_table("2026-03-01 08:00\t1000\t1,5\n+12h\t1000\t1,5\n", order, names);
    expect(pasted).toMatchObject({ ok: true, headed: false });
    expect(pasted.ok && pasted.rows).toEqual([
      { time: "2026-03-01 08:00", amt: "1000", dur: "1,5" },
      { time: "+12h", amt: "1000", dur: "1,5" },
    ]);
  });

  test("a semicolon wins over a comma, and commas separate where nothing else does", () => {
    const semicolons = read_table("2026-03-01 08:00;12,5", ["time", "dv"], { time: COLUMNS.levels.time, dv: COLUMNS.levels.dv });
    expect(semicolons.ok && semicolons.rows).toEqual([{ time: "2026-03-01 08:00", dv: "12,5" }]);
    const commas = read_table("2026-03-01 08:00,1000,1\r\n2026-03-01 20:00,1000,1\r\n", order, names);
    expect(commas.ok && commas.rows).toHaveLength(2);
  });

  test("a header may put the columns in another order", () => {
    const pasted = read_table("Dose (mg)\tGiven\tOver\n1000\t2026-03-01 08:00\t1", order, names);
    expect(pasted.ok && pasted.rows).toEqual([{ amt: "1000", time: "2026-03-01 08:00", dur: "1" }]);
  });

  test("an unknown column or too many columns are refused rather than dropped", () => {
    const unknown = read_table("Time\tDose\tNurse\n2026-03-01 08:00\t1000\tx", order, names);
    expect(!unknown.ok && unknown.message).toContain("Nurse");
    expect(read_table("a\tb\tc\td\te\tf1", order, names).ok).toBe(false);
  });

  test("one cell is not a table", () => {
    expect(is_table("2026-03-01 08:00")).toBe(false);
    expect(is_table("12,5")).toBe(false);
    expect(is_table("1\t2")).toBe(true);
    expect(is_table("08:00\n09:00")).toBe(true);
    expect(is_table("2026-03-01 08:00,1000,1")).toBe(true);
  });
});
