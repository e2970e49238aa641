// Hours of the engine as clock times: of the record only, never those of a model's own rule.

import { expect, test } from "vitest";
import { on_the_clock } from "../../../web/src/case/on_the_clock";

const patient = {
  covariates: {},
  doses: [],
  observations: [{ time: "0.5 h" }, { time: "1234.3333333333333 h" }],
};
const origin = Date.UTC(2026, 2, 1, 7); // 08:00 in Berlin
const read = (message: string, path: string) => on_the_clock(message, path, patient, origin, "Europe/Berlin");

test("a level's time is that of the record, not what the message rounded", () => {
  expect(read("The level at 0.5 h was drawn 1.5 h after the end of an infusion.", "/patient/observations/0")).toBe(
    "The level at 2026-03-01 08:30 was drawn 1.5 h after the end of an infusion.",
  );
  // 51 days and 10 h 20 min later the clocks have gone forward.
  expect(read("The level of 3 mg/L at 1234 h does not fit.", "/patient/observations/1")).toBe(
    "The level of 3 mg/L at 2026-04-21 19:20 does not fit.",
  );
});

test("now, and two values of a covariate at one time, are told by the clock", () => {
  expect(read("This level lies after now (12 h).", "/patient/observations/0/time")).toBe(
    "This level lies after now (2026-03-01 20:00).",
  );
  expect(read("WT has two values at 24 h.", "/patient/covariates/WT/1")).toBe("WT has two values at 2026-03-02 08:00.");
});

test("hours of a rule, of an infusion or of a forecast are left as they are", () => {
  for (const text of ["Measure the level at 42 h after the start.", "The forecast reaches 48 h beyond the last level."])
    expect(read(text, "")).toBe(text);
});
