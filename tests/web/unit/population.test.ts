import { expect, test } from "vitest";
import type { Card } from "../../../wasm/titrate";
import {
  empty_population,
  hours_of,
  stated_covariates,
  subgroups_of,
  target_of,
  to_population,
  ways,
  window_of,
  type TypedPopulation,
} from "../../../web/src/case/population";

const covariate = (more: Partial<Card["covariates"][number]>): Card["covariates"][number] => ({
  name: "WT",
  label: "Weight",
  unit: "kg",
  over_time: "last",
  continues: "hold",
  note: "",
  ...more,
});

const card = {
  covariates: [
    covariate({ studied: [40, 120] }),
    covariate({ name: "SCR", label: "Creatinine", unit: "mg/dL" }),
    covariate({ name: "GENE", label: "Genotype", unit: "1", choices: ["slow", "fast"], frequencies: [0.3, 0.7] }),
    covariate({ name: "DIAL", label: "Dialysis", unit: "1", choices: ["no", "yes"] }),
    covariate({ name: "CRCL", label: "Clearance", unit: "mL/min", from: "f(WT, SCR)", needs: ["WT", "SCR"] }),
    covariate({ name: "class", label: "Class", unit: "1", choices: ["1", "2"], frequencies: [0.5, 0.5], hidden: true }),
  ],
  outputs: [{ name: "Cc", label: "Level", unit: "mg/L" }],
  routes: [{ name: "iv", unit: "mg", infusion: true, bolus: true }],
  targets: [
    {
      id: "auc",
      metric: "auc24",
      of: "Cc",
      during: "24 to 48 h",
      unit: "mg*h/L",
      low: 400,
      high: 600,
      label: "AUC",
      source: "s",
    },
    { id: "trough", metric: "cmin", of: "Cc", during: "steady state", unit: "mg/L", low: 10, label: "trough", source: "s" },
  ],
} as unknown as Card;

const filled = (more: Partial<TypedPopulation> = {}): TypedPopulation => {
  const typed = empty_population(card);
  typed.covariates["SCR"]!.value = "1,1";
  typed.covariates["DIAL"]!.value = "no";
  typed.regimens = [{ id: 1, amount: "1000", per: "", over: "1", every: "12", doses: "4" }];
  return { ...typed, ...more };
};

test("a covariate begins as the model file has it, and is empty where that says nothing", () => {
  const typed = empty_population(card);
  expect(stated_covariates(card).map((c) => c.name)).toEqual(["WT", "SCR", "GENE", "DIAL"]);
  expect(typed.covariates["WT"]).toMatchObject({ how: "even", from: "40", to: "120" });
  expect(typed.covariates["GENE"]!.how).toBe("model");
  expect(typed.covariates["SCR"]).toMatchObject({ how: "same", value: "" });
  expect(ways(card, card.covariates[3]!)).toEqual(["same", "shares"]);
  const own = { ...card, sampled: [{ name: "DIAL", words: "no 80 %, yes 20 %", read: "Table 1" }] };
  expect(ways(own, own.covariates[3]!)).toEqual(["same", "shares", "model"]);
  expect(empty_population(own).covariates["DIAL"]!.how).toBe("model");
  const missing = to_population(typed, card).problems.map((p) => p.field);
  expect(missing).toContain("population-SCR-value");
  expect(missing).toContain("population-DIAL-value");
  expect(missing).toContain("population-regimen-1-amount");
  expect(missing).not.toContain("population-GENE-value");
});

test("a filled form becomes a request with units, without what is left to the model or computed", () => {
  const { request, seed, problems } = to_population(filled(), card);
  expect(problems).toEqual([]);
  expect(seed).toBe(1);
  expect(request).toMatchObject({
    covariates: { SCR: "1.1 mg/dL", DIAL: "no" },
    sampled: { WT: { even: [40, 120] } },
    regimens: [{ regimen: "1000 mg over 1 h every 12 h, 4 doses" }],
    patients: 500,
    of: "Cc",
    each: "auc 24 to 48 h",
    at_least: "400 mg*h/L",
    at_most: "600 mg*h/L",
    times: { from: "0 h", to: "48 h", every: "0.5 h" },
  });
  expect(request.covariates).not.toHaveProperty("CRCL");
  expect(request.sampled).not.toHaveProperty("GENE");
});

test("shares are typed in per cent and must sum to 100", () => {
  const typed = filled();
  typed.covariates["DIAL"] = { ...typed.covariates["DIAL"]!, how: "shares", shares: { no: "80", yes: "20 %" } };
  expect(to_population(typed, card).request.sampled!["DIAL"]).toEqual({ no: 0.8, yes: 0.2 });
  typed.covariates["DIAL"].shares["yes"] = "30";
  expect(to_population(typed, card).problems.map((p) => p.field)).toEqual(["population-DIAL-share-no"]);
});

test("a spread around a typical value takes the studied range where no limits are typed", () => {
  const typed = filled();
  typed.covariates["WT"] = { ...typed.covariates["WT"]!, how: "around", median: "79", cv: "25 %", from: "", to: "" };
  expect(to_population(typed, card).request.sampled!["WT"]).toEqual({ median: 79, cv: "25 %" });
  typed.covariates["SCR"] = { ...typed.covariates["SCR"]!, how: "around", median: "1", cv: "30", from: "", to: "" };
  expect(to_population(typed, card).problems.map((p) => p.field)).toEqual(["population-SCR-from", "population-SCR-to"]);
});

test("cuts make bands without gap or overlap, a word makes one subgroup for each choice", () => {
  expect(subgroups_of(card.covariates[4]!, [60, 30, 60]).map((g) => g.where)).toEqual([
    { CRCL: { below: 30 } },
    { CRCL: { at_least: 30, below: 60 } },
    { CRCL: { at_least: 60 } },
  ]);
  expect(subgroups_of(card.covariates[2]!, []).map((g) => g.where)).toEqual([{ GENE: "slow" }, { GENE: "fast" }]);
  const { request } = to_population(filled({ groups: [{ id: 1, covariate: "CRCL", cuts: "30, 60" }] }), card);
  expect(request.subgroups!.length).toBe(3);
});

test("a dose per kilogram names its covariate, a single dose needs no interval", () => {
  const regimens = [
    { id: 1, amount: "15", per: "WT", over: "", every: "12", doses: "2" },
    { id: 2, amount: "2 g", per: "", over: "90 min", every: "", doses: "" },
  ];
  expect(to_population(filled({ regimens }), card).request.regimens).toEqual([
    { label: "15 mg every 12 h, 2 doses, per kg", regimen: "15 mg every 12 h, 2 doses", per: "WT" },
    { label: "2 g over 90 min once", regimen: "2 g over 90 min once" },
  ]);
});

test("a target whose time depends on the regimen leaves its window to be stated", () => {
  expect(target_of(card, "auc")).toMatchObject({ read: "auc", from: "24", to: "48", at_least: "400 mg*h/L" });
  expect(target_of(card, "trough")).toMatchObject({ read: "value", to: "", at_least: "10 mg/L", at_most: "" });
  expect(to_population(filled({ target: target_of(card, "trough") }), card).problems.map((p) => p.field)).toEqual([
    "population-to",
  ]);
});

test("windows and times are read in hours", () => {
  expect(window_of("first 24 h")).toEqual({ from: 0, to: 24 });
  expect(window_of("3 to 7 days")).toEqual({ from: 72, to: 168 });
  expect(window_of("steady state")).toBeUndefined();
  expect(hours_of("2 days")).toBe(48);
  expect(hours_of("0,5")).toBe(0.5);
  expect(hours_of("soon")).toBeUndefined();
});
