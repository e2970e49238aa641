import { describe, expect, test } from "vitest";
import type { Card } from "../../../wasm/titrate";
import { field_of, problems_of } from "../../../web/src/case/diagnostics";
import { read_save, save_text } from "../../../web/src/case/file";
import { to_request } from "../../../web/src/case/to_request";
import { empty_case, next_id, type TypedCase } from "../../../web/src/case/typed";
import { keep_units } from "../../../web/src/case/keep_units";
import { worked_patients } from "../../../web/src/worked/worked";

const card = {
  covariates: [
    { name: "WT", label: "Body weight", unit: "kg" },
    { name: "CRCL", label: "Creatinine clearance", unit: "mL/min", from: "cockcroft_gault(age, WT, SCR, sex)", needs: ["WT"] },
    { name: "DIAL", label: "Dialysis", unit: "1", choices: ["no", "yes"] },
    { name: "ALB", label: "Albumin", unit: "g/L", when_unknown: 42 },
    { name: "GENE", label: "Genotype", unit: "1", choices: ["no", "yes"], frequencies: [0.8, 0.2] },
    { name: "group", label: "Group", unit: "1", choices: ["a", "b"], frequencies: [0.5, 0.5], hidden: true },
  ],
  outputs: [
    { name: "Cc", unit: "mg/L", residuals: [{ assay: "LC-MS/MS" }, { assay: "immunoassay" }] },
    { name: "ANC", unit: "1e9/L", residuals: [{ assay: "" }] },
  ],
  routes: [{ name: "iv", unit: "mg" }],
  genotypes: [],
  inputs: [],
  co_medication: [],
  interactions: [],
  random_effects: [],
  equations: [],
  targets: [
    {
      id: "auc",
      metric: "auc24",
      of: "Cc",
      during: "24 to 48 h",
      unit: "mg*h/L",
      low: 400,
      high: 600,
      weight_low: 1,
      weight_high: 2,
    },
  ],
} as unknown as Card;

function typed(change: Partial<TypedCase> = {}): TypedCase {
  return {
    ...empty_case("m"),
    zone: "Europe/Berlin",
    covariates: { WT: { value: "82", later: [] }, DIAL: { value: "no", later: [] } },
    doses: [{ id: 1, time: "2026-03-01 08:00", amt: "1000", dur: "1", ii: "12", addl: "2", route: "" }],
    levels: [{ id: 2, time: "2026-03-02 07:30", dv: "12,5", output: "Cc", assay: "immunoassay", used: true, why: "" }],
    ...change,
  };
}

describe("from typed text to a request", () => {
  test("a later value from before the first dose comes after the value without a time", () => {
    const covariates = {
      WT: { value: "82", later: [{ id: 9, time: "2026-03-01 06:00", value: "84" }] },
      DIAL: { value: "no", later: [] },
    };
    const built = to_request(typed({ covariates }), card);
    expect(built.problems).toEqual([]);
    expect(built.patient.covariates.WT).toEqual([
      { time: "-26 h", value: "82 kg" },
      { time: "-2 h", value: "84 kg" },
    ]);
  });

  test("a planned regimen and a what-if go by the route that was chosen, else by that of the last dose", () => {
    const routes = [
      { name: "iv", unit: "mg" },
      { name: "oral", unit: "ug" },
    ];
    const two = { ...card, routes } as unknown as Card;
    const by_mouth = { id: 1, time: "2026-03-01 08:00", amt: "600", dur: "", ii: "12", addl: "2", route: "oral" };
    const planned = { amt: "300", dur: "", ii: "12" };
    const built = to_request(typed({ doses: [by_mouth], planned, what_if: { ...planned, route: "iv" } }), two);
    expect(built.patient.current).toEqual({ amt: "300 ug", ii: "12 h", route: "oral" });
    expect(built.what_if).toEqual({ amt: "300 mg", ii: "12 h", route: "iv" });
    expect(to_request(typed({ planned }), card).patient.current).toEqual({ amt: "300 mg", ii: "12 h" });
  });

  test("a number typed for one model keeps its unit with another that asks for it in a different one", () => {
    const other = {
      ...card,
      covariates: [
        { name: "WT", label: "Body weight", unit: "kg" },
        { name: "CRCL", label: "Creatinine clearance", unit: "mL/min/1.73m^2" },
        { name: "ALB", label: "Albumin", unit: "g/dL" },
      ],
      outputs: [{ name: "Cc", unit: "ng/mL", residuals: [] }],
      routes: [{ name: "oral", unit: "ug" }],
    } as unknown as Card;
    const value = (text: string) => ({ value: text, later: [{ id: 9, time: "+1d", value: text }] });
    const before = typed({ covariates: { WT: value("82"), CRCL: value("120"), ALB: value("41 g/L") } });
    const levels = [{ ...before.levels[0]!, dv: "<0,5" }];
    const after = keep_units({ ...before, levels }, card, other);
    expect(after.covariates).toEqual({ WT: value("82"), CRCL: value("120 mL/min"), ALB: value("41 g/L") });
    expect(after.doses[0]!.amt).toBe("1000 mg");
    expect(after.levels[0]!.dv).toBe("<0,5 mg/L");
    expect(keep_units(after, other, card)).toEqual(after);
    expect(keep_units(before, card, card)).toEqual(before);
  });

  test("quantities travel as text with units, times as hours from the first record", () => {
    const built = to_request(typed({ now: "2026-03-02 09:00" }), card);
    expect(built.problems).toEqual([]);
    expect(built.patient).toEqual({
      covariates: { WT: "82 kg", DIAL: "no" },
      doses: [{ time: "0 h", amt: "1000 mg", dur: "1 h", ii: "12 h", addl: 2 }],
      observations: [{ time: "23.5 h", dv: "12.5 mg/L", output: "Cc", assay: "immunoassay" }],
      now: "25 h",
    });
    expect(built.target).toBe("auc");
  });

  test("a missing covariate is a problem unless the model computes it or states a value for unknown", () => {
    const built = to_request(typed({ covariates: { DIAL: { value: "no", later: [] } } }), card);
    expect(built.problems.map((p) => p.field)).toEqual(["cov-WT"]);
    expect(built.patient.covariates).not.toHaveProperty("WT");
    expect(built.patient.covariates).not.toHaveProperty("CRCL");
  });

  test("a typed diplotype goes along, and a covariate that the model takes from it is not asked for", () => {
    const by_gene: Card = { ...card, genotypes: [{ covariate: "WT", gene: "CYP3A5", by: "diplotype", values: [], read: "" }] };
    const nothing = { covariates: { DIAL: { value: "no", later: [] } } };
    const built = to_request(typed({ ...nothing, genotypes: { CYP3A5: " *1/*3 ", TPMT: "" } }), by_gene);
    expect(built.problems).toEqual([]);
    expect(built.patient.genotypes).toEqual({ CYP3A5: "*1/*3" });
    expect(built.places.get("/patient/genotypes/CYP3A5")).toBe("gene-CYP3A5");
    const inhibited = to_request(typed({ genotypes: { CYP2D6: "*1/*4", inhibitors: "Paroxetine, moderate" } }), by_gene);
    expect(inhibited.patient.genotypes).toEqual({ CYP2D6: { diplotype: "*1/*4", inhibitors: ["paroxetine", "moderate"] } });
    expect(inhibited.places.get("/patient/genotypes/CYP2D6/inhibitors/1")).toBe("gene-inhibitors");
    expect(to_request(typed(nothing), by_gene).problems.map((p) => p.field)).toEqual(["cov-WT"]);
    expect(to_request(typed(), by_gene).patient).not.toHaveProperty("genotypes");
  });

  test("a choice with frequencies may stay unknown, and nobody is asked for a hidden class", () => {
    const built = to_request(typed(), card);
    expect(built.problems).toEqual([]);
    expect(built.patient.covariates).toEqual({ WT: "82 kg", DIAL: "no" });
    expect(built.places.has("/patient/covariates/group")).toBe(false);
    const known = to_request(typed({ covariates: { ...typed().covariates, GENE: { value: "yes", later: [] } } }), card);
    expect(known.patient.covariates.GENE).toBe("yes");
  });

  test("a missed dose is one of 0 %, a doubtful one carries its probability, and an empty one is asked for", () => {
    const dose = { id: 1, time: "2026-03-01 08:00", amt: "1000", dur: "1", ii: "", addl: "", route: "" };
    const taken = (value: string) => to_request(typed({ doses: [{ ...dose, taken: value }] }), card);
    expect(taken("0").patient.doses[0]!.taken).toBe("0 %");
    expect(taken("70").patient.doses[0]!.taken).toBe("70 %");
    expect(taken("70").places.get("/patient/doses/0/taken")).toBe("dose-1-taken");
    expect(taken("").problems.map((p) => p.field)).toEqual(["dose-1-taken"]);
    expect(to_request(typed({ doses: [dose] }), card).patient.doses[0]).not.toHaveProperty("taken");
  });

  test("what only serves to compute a covariate is not asked for when that one is typed", () => {
    const covariates = { CRCL: { value: "62", later: [] }, DIAL: { value: "no", later: [] } };
    const built = to_request(typed({ covariates }), card);
    expect(built.problems).toEqual([]);
    expect(built.patient.covariates).toEqual({ CRCL: "62 mL/min", DIAL: "no" });
  });

  test("later values make a covariate a list over time, the first one from the start", () => {
    const later = [{ id: 7, time: "2026-03-02 08:00", value: "80" }];
    const built = to_request(typed({ covariates: { WT: { value: "82", later }, DIAL: { value: "no", later: [] } } }), card);
    expect(built.patient.covariates.WT).toEqual([
      { time: "0 h", value: "82 kg" },
      { time: "24 h", value: "80 kg" },
    ]);
    expect(field_of("/patient/covariates/WT/1/value", built.places)).toBe("cov-WT-7-value");
  });

  test("over the night of the clock change elapsed hours are right", () => {
    const built = to_request(
      typed({
        doses: [{ id: 1, time: "2026-03-28 22:00", amt: "1000", dur: "", ii: "", addl: "", route: "" }],
        levels: [{ id: 2, time: "2026-03-29 08:00", dv: "9", output: "Cc", assay: "", used: true, why: "" }],
      }),
      card,
    );
    expect(built.patient.observations[0]!.time).toBe("9 h");
  });

  test("a level that is not used needs a reason and keeps it", () => {
    const level = { id: 2, time: "2026-03-02 07:30", dv: "9", output: "Cc", assay: "", used: false, why: "" };
    expect(to_request(typed({ levels: [level] }), card).problems[0]).toMatchObject({ field: "level-2-why", severity: "error" });
    const said = to_request(typed({ levels: [{ ...level, why: "line draw" }] }), card);
    expect(said.problems).toEqual([]);
    expect(said.patient.observations[0]!.excluded).toBe("line draw");
  });

  test("a level below or above a limit is typed as the laboratory writes it", () => {
    const level = { id: 2, time: "2026-03-02 07:30", dv: "<0,5", output: "Cc", assay: "", used: true, why: "" };
    const result = (dv: string) => to_request(typed({ levels: [{ ...level, dv }] }), card);
    expect(result("<0,5").patient.observations[0]).toMatchObject({ below: "0.5 mg/L" });
    expect(result("<0,5").patient.observations[0]).not.toHaveProperty("dv");
    expect(result(" > 80 mg/L").patient.observations[0]).toMatchObject({ above: "80 mg/L" });
    expect(result("<=0.5").patient.observations[0]).toMatchObject({ below: "0.5 mg/L" });
    expect(result("≥ 80").patient.observations[0]).toMatchObject({ above: "80 mg/L" });
    expect(result("<").problems[0]).toMatchObject({ field: "level-2-dv", severity: "error" });
    expect(field_of("/patient/observations/0/below", result("<0.5").places)).toBe("level-2-dv");
  });

  test("blank rows are ignored, half-filled rows are not", () => {
    const blank = { id: 5, time: "", amt: "", dur: "", ii: "", addl: "", route: "" };
    expect(to_request(typed({ doses: [...typed().doses, blank] }), card).problems).toEqual([]);
    const half = to_request(typed({ doses: [...typed().doses, { ...blank, amt: "500" }] }), card);
    expect(half.problems.map((p) => p.field)).toEqual(["dose-5-time"]);
  });

  test("own limits make a target of the user's own with the model's metric and weights", () => {
    const built = to_request(typed({ target: { id: "auc", low: "450", high: "" } }), card);
    expect(built.target).toEqual({
      metric: "auc24",
      of: "Cc",
      during: "24 to 48 h",
      weight_low: 1,
      weight_high: 2,
      low: "450 mg*h/L",
      high: "600 mg*h/L", // the model's own, as the empty field shows
    });
    const above = { id: "t", metric: "time_above", of: "Cc", during: "next 24 h", unit: "1", low: 0.6, limit: 8, label: "Above" };
    const timed = { ...card, targets: [above] } as unknown as Card;
    expect(to_request(typed({ target: { id: "t", low: "", high: "0,9" } }), timed).target).toMatchObject({
      limit: "8 mg/L",
      low: "0.6",
      high: "0.9",
    });
  });

  test("a level that names no output is one of the first output whose levels can be fitted", () => {
    const outputs = [{ name: "plasma", unit: "mg/L", residuals: [] }, card.outputs[1]!];
    const second = { ...card, outputs } as unknown as Card;
    const level = { id: 2, time: "2026-03-02 07:30", dv: "3,1", output: "", assay: "", used: true, why: "" };
    expect(to_request(typed({ levels: [level] }), second).patient.observations[0]).toMatchObject({
      output: "ANC",
      dv: "3.1 1e9/L",
    });
  });

  test("a message of the engine finds the field that was typed, however deep its pointer", () => {
    const { places } = to_request(typed(), card);
    expect(field_of("/patient/doses/0/amt", places)).toBe("dose-1-amt");
    expect(field_of("/patient/doses/0/amt/unit", places)).toBe("dose-1-amt");
    expect(field_of("/patient/observations/0", places)).toBe("level-2-dv");
    expect(field_of("/patient/covariates/CRCL", places)).toBe("cov-CRCL");
    expect(field_of("/settings/seed", places)).toBe("");
    const [problem] = problems_of(
      [{ code: "x", severity: "error", path: "/patient/observations/0/dv", message: "m", hint: "h" }],
      places,
    );
    expect(problem).toMatchObject({ field: "level-2-dv", message: "m", hint: "h", severity: "error" });
  });
});

describe("the save file", () => {
  test("what is saved is read back as it was typed, errors and all", () => {
    const bad = typed({ now: "24:00", title: "x" });
    expect(read_save(save_text({ case: bad, made_with: { engine: "1", model: "m", version: "1", hash: "h" } }))).toEqual(bad);
  });

  test("a file of another shape is refused", () => {
    expect(() => read_save("{}")).toThrow();
    expect(() => read_save(JSON.stringify({ case: { ...typed(), doses: "none" } }))).toThrow(/doses/);
    expect(() => read_save(JSON.stringify({ case: { ...typed(), extra: 1 } }))).toThrow(/extra/);
    expect(() => read_save("no json")).toThrow();
  });

  test("the worked patients are readable cases, and say that they are invented", () => {
    for (const { read } of worked_patients) {
      const worked = read();
      expect(read_save(JSON.stringify(worked))).toEqual(worked);
      expect(worked.title).toMatch(/^Invented patient/);
      expect(next_id(worked)).toBeGreaterThan(Math.max(...worked.doses.map((d) => d.id)));
    }
  });
});
