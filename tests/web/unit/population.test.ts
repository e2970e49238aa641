import { expect, test } from "vitest";
import type { Card } from "../../../wasm/titrate";
import { problems_of } from "../../../web/src/case/diagnostics";
import { read_save } from "../../../web/src/case/file";
import {
  alleles_of,
  empty_population,
  empty_regimen,
  spread_of,
  stated_covariates,
  ways,
  type TypedDistribution,
  type TypedPopulation,
  type TypedSpread,
} from "../../../web/src/case/population";
import { patient_target, with_regimens } from "../../../web/src/case/population_plan";
import { subgroups_of, to_population } from "../../../web/src/case/population_request";
import { stated_words } from "../../../web/src/case/population_words";
import { hours_of, target_of, window_of } from "../../../web/src/case/population_target";
import { empty_case } from "../../../web/src/case/typed";

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
    covariate({ name: "sex", label: "Sex", unit: "1", choices: ["male", "female"], frequencies: [0.5, 0.5] }),
    covariate({ name: "class", label: "Class", unit: "1", choices: ["1", "2"], frequencies: [0.5, 0.5], hidden: true }),
  ],
  outputs: [{ name: "Cc", label: "Level", unit: "mg/L" }],
  routes: [{ name: "iv", unit: "mg", infusion: true, bolus: true }],
  genotypes: [
    {
      covariate: "GENE",
      gene: "CYP3A5",
      by: "diplotype",
      values: [
        { genotype: "*1/*3", value: "fast" },
        { genotype: "*3/*3", value: "slow" },
        { genotype: "*1/*1", value: "fast" },
      ],
      read: "r",
    },
  ],
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

const distribution = (more: Partial<TypedDistribution>): TypedDistribution => ({
  from: "",
  to: "",
  median: "",
  cv: "",
  mean: "",
  sd: "",
  shares: {},
  alleles: {},
  ...more,
});
const spread = (how: TypedSpread["how"], more: Partial<TypedSpread>): TypedSpread => ({
  how,
  value: "",
  by: "",
  of: {},
  ...more,
});
const fields_of = (typed: TypedPopulation) => to_population(typed, card).problems.map((p) => p.field);

const filled = (more: Partial<TypedPopulation> = {}): TypedPopulation => {
  const typed = empty_population(card);
  typed.covariates["SCR"] = spread("same", { value: "1,1" });
  typed.covariates["DIAL"] = spread("same", { value: "no" });
  typed.regimens = [{ ...empty_regimen(1), amount: "1000", over: "1", every: "12", doses: "4" }];
  return { ...typed, ...more };
};

test("a covariate begins as the model file has it, and is empty where that says nothing", () => {
  const typed = empty_population(card);
  const of = (name: string, from = card) =>
    spread_of(
      from,
      from.covariates.find((c) => c.name === name)!,
      typed,
    );
  expect(stated_covariates(card).map((c) => c.name)).toEqual(["WT", "SCR", "GENE", "DIAL", "sex"]);
  expect(of("WT").how).toBe("even");
  expect(to_population(filled(), card).request.sampled!["WT"]).toEqual({ even: [40, 120] });
  expect(of("GENE").how).toBe("model");
  expect(of("SCR")).toMatchObject({ how: "same", value: "" });
  expect(ways(card, card.covariates[3]!)).toEqual(["same", "shares"]);
  const own = { ...card, sampled: [{ name: "DIAL", words: "no 80 %, yes 20 %", read: "Table 1" }] };
  expect(ways(own, own.covariates[3]!)).toEqual(["same", "shares", "model"]);
  expect(of("DIAL", own).how).toBe("model");
  const missing = fields_of(typed);
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
    regimens: [{ regimen: ["1000 mg over 1 h every 12 h, 4 doses"] }],
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
  const with_yes = (yes: string) => spread("shares", { of: { "": distribution({ shares: { no: "80", yes } }) } });
  typed.covariates["DIAL"] = with_yes("20 %");
  expect(to_population(typed, card).request.sampled!["DIAL"]).toEqual({ no: 0.8, yes: 0.2 });
  typed.covariates["DIAL"] = with_yes("30");
  expect(fields_of(typed)).toEqual(["population-DIAL-0-share-0"]);
});

test("a spread around a typical value or a mean takes the studied range where no limits are typed", () => {
  const typed = filled();
  typed.covariates["WT"] = spread("around", { of: { "": distribution({ median: "79", cv: "25 %" }) } });
  expect(to_population(typed, card).request.sampled!["WT"]).toEqual({ median: 79, cv: "25 %" });
  typed.covariates["WT"] = spread("mean", { of: { "": distribution({ mean: "81,5", sd: "14", to: "110", from: "50" }) } });
  expect(to_population(typed, card).request.sampled!["WT"]).toEqual({ mean: 81.5, sd: 14, within: [50, 110] });
  typed.covariates["SCR"] = spread("around", { of: { "": distribution({ median: "1", cv: "30" }) } });
  expect(fields_of(typed)).toEqual(["population-SCR-0-from", "population-SCR-0-to"]);
});

test("what depends on the sex has a distribution for each of its words, and each is asked for", () => {
  const typed = filled();
  const male = distribution({ mean: "86", sd: "13" });
  typed.covariates["WT"] = spread("mean", { by: "sex", of: { male } });
  expect(fields_of(typed)).toEqual(["population-WT-1-mean", "population-WT-1-sd"]);
  expect(to_population(typed, card).problems[0]!.message).toBe("Weight, female: mean is missing.");
  typed.covariates["WT"].of["female"] = distribution({ mean: "72", sd: "14" });
  expect(to_population(typed, card).request.sampled!["WT"]).toEqual({
    by: "sex",
    male: { mean: 86, sd: 13 },
    female: { mean: 72, sd: 14 },
  });
});

test("allele frequencies are typed in per cent for the alleles that the model knows", () => {
  const gene = card.covariates[2]!;
  expect(alleles_of(card, gene)).toEqual(["*1", "*3"]);
  expect(ways(card, gene)).toEqual(["same", "shares", "alleles", "model"]);
  const typed = filled();
  typed.covariates["GENE"] = spread("alleles", { of: { "": distribution({ alleles: { "*1": "7,5", "*3": "92,5" } }) } });
  expect(to_population(typed, card).request.sampled!["GENE"]).toEqual({ alleles: { "*1": 0.075, "*3": 0.925 } });
  typed.covariates["GENE"].of[""]!.alleles["*3"] = "92";
  expect(fields_of(typed)).toEqual(["population-GENE-0-allele-0"]);
  typed.covariates["GENE"].of[""]!.alleles["*3"] = "";
  expect(fields_of(typed)).toEqual(["population-GENE-0-allele-1"]);
});

test("the result says how each covariate was stated to differ", () => {
  const typed = filled();
  typed.covariates["WT"] = spread("mean", {
    by: "sex",
    of: {
      male: distribution({ mean: "86", sd: "13" }),
      female: distribution({ mean: "72", sd: "14", from: "45", to: "110" }),
    },
  });
  typed.covariates["GENE"] = spread("alleles", { of: { "": distribution({ alleles: { "*1": "7.5", "*3": "92.5 %" } }) } });
  typed.covariates["DIAL"] = spread("shares", { of: { "": distribution({ shares: { no: "80", yes: "20" } }) } });
  expect(stated_words(card, typed)).toEqual({
    WT: "by Sex; male: mean 86 kg, SD 13 kg; female: mean 72 kg, SD 14 kg, 45 to 110 kg",
    GENE: "alleles *1 7.5 %, *3 92.5 %",
    DIAL: "no 80 %, yes 20 %",
  });
  typed.covariates["WT"] = spread("around", { of: { "": distribution({ median: "79", cv: "25" }) } });
  expect(stated_words(card, typed)["WT"]).toBe("median 79 kg, CV 25 %");
  expect(stated_words(card, filled())).toEqual({ WT: "evenly from 40 to 120 kg" });
});

test("what the engine refuses is shown at the field that was typed", () => {
  const typed = filled({ correlations: [{ id: 4, a: "WT", b: "SCR", value: "2" }] });
  typed.covariates["WT"] = spread("around", {
    by: "sex",
    of: { male: distribution({ median: "30", cv: "10" }), female: distribution({ median: "60", cv: "10" }) },
  });
  const { places } = to_population(typed, card);
  const field = (path: string) =>
    problems_of([{ code: "c", severity: "error", path, message: "m", hint: "h" }], places).map((problem) => problem.field)[0];
  expect(field("/population/sampled/WT/male")).toBe("population-WT-0-median");
  expect(field("/population/sampled/WT/female/within")).toBe("population-WT-1-from");
  expect(field("/population/sampled/WT")).toBe("population-WT-by");
  expect(field("/population/correlations/0/correlation")).toBe("population-correlation-4-value");
  expect(field("/population/regimens/0/regimen")).toBe("population-regimen-1-amount");
  expect(field("/population")).toBe("");
});

test("cuts make bands without gap or overlap, a word makes one subgroup for each choice", () => {
  expect(subgroups_of(card.covariates[4]!, [60, 30, 60]).map((g) => g.where)).toEqual([
    { CRCL: { below: 30 } },
    { CRCL: { at_least: 30, below: 60 } },
    { CRCL: { at_least: 60 } },
  ]);
  expect(subgroups_of(card.covariates[2]!, []).map((g) => g.where)).toEqual([{ GENE: "slow" }, { GENE: "fast" }]);
  const { request } = to_population(filled({ groups: [{ id: 1, covariate: "CRCL", cuts: "30, 60" }] }), card);
  const bands = (cuts: string) => to_population(filled({ groups: [{ id: 1, covariate: "CRCL", cuts }] }), card).request.subgroups;
  expect(bands("30,5; 60 90")).toHaveLength(4);
  expect(bands("30,5; 60 90")?.[0]?.where).toEqual({ CRCL: { below: 30.5 } });
  expect(request.subgroups!.length).toBe(3);
});

test("a dose per kilogram names its covariate, a single dose needs no interval", () => {
  const regimens = [
    { ...empty_regimen(1), amount: "15", per: "WT", every: "12", doses: "2" },
    { ...empty_regimen(2), amount: "2 g", over: "90 min" },
  ];
  expect(to_population(filled({ regimens }), card).request.regimens).toEqual([
    { label: "15 mg every 12 h, 2 doses, per kg", regimen: ["15 mg every 12 h, 2 doses"], per: "WT" },
    { label: "2 g over 90 min once", regimen: ["2 g over 90 min once"] },
  ]);
});

test("a target whose time depends on the regimen leaves its window to be stated", () => {
  expect(target_of(card, "auc")).toMatchObject({ read: "auc", from: "24", to: "48", at_least: "400 mg*h/L" });
  expect(target_of(card, "trough")).toMatchObject({ read: "value", to: "", at_least: "10", at_most: "" });
  expect(to_population(filled({ target: target_of(card, "trough") }), card).problems.map((p) => p.field)).toEqual([
    "population-to",
  ]);
});

test("a dose that can only be infused asks for how long", () => {
  const infused = { ...card, routes: [{ ...card.routes[0]!, bolus: false }] };
  const regimens = [{ ...empty_regimen(1), amount: "400" }];
  expect(to_population(filled({ regimens }), card).problems).toEqual([]);
  expect(to_population(filled({ regimens }), infused).problems.map((p) => p.field)).toEqual(["population-regimen-1-over"]);
});

test("a loading dose is the first of the doses, per kilogram like the others", () => {
  const row = { ...empty_regimen(1), amount: "15", loading: "25", per: "WT", over: "1", every: "12", doses: "4" };
  expect(to_population(filled({ regimens: [row] }), card).request.regimens).toEqual([
    {
      label: "25 mg over 1 h once, then 15 mg over 1 h every 12 h, 3 doses, per kg",
      regimen: ["25 mg over 1 h once", "15 mg over 1 h every 12 h, 3 doses from 12 h"],
      per: "WT",
    },
  ]);
  expect(fields_of(filled({ regimens: [{ ...row, doses: "1" }] }))).toEqual(["population-regimen-1-doses"]);
  expect(fields_of(filled({ regimens: [{ ...row, every: "" }] }))).toEqual(["population-regimen-1-every"]);
});

test("a route that is not the model's first is named, and what cannot be infused is not", () => {
  const oral = { name: "oral", label: "by mouth", unit: "ug", infusion: false, bolus: true };
  const both = { ...card, routes: [...card.routes, oral] } as unknown as Card;
  const regimens = [{ ...empty_regimen(1), route: "oral", amount: "500", over: "1", every: "12", doses: "4" }];
  expect(to_population(filled({ regimens }), both).request.regimens![0]!.regimen).toEqual(["oral: 500 ug every 12 h, 4 doses"]);
});

test("the patient's regimens follow what was typed, reach the end of what is read, and none is repeated", () => {
  const plan = [
    { amt: "1000 mg", dur: "1 h", ii: "12 h" },
    { amt: "0 mg", doses: 1 },
    { amt: "1.5 g", dur: "90 min", ii: "36 h" },
    { amt: "2000 mg" },
  ];
  const rows = with_regimens(empty_population(card), plan, card); // AUC from 24 to 48 h
  expect(rows.map(({ id, ...row }) => Object.values(row).join("|") + `|${id}`)).toEqual([
    "|1000|||1|12|4|2",
    "|1.5 g|||90 min|36|2|3",
    "|2000|||||1|4",
  ]);
  const typed = filled();
  expect(with_regimens(typed, plan.slice(0, 1), card)).toEqual(typed.regimens);
  expect(with_regimens(typed, plan, card).length).toBe(3);
  const open = { ...empty_population(card), target: target_of(card, "trough") };
  expect(with_regimens(open, plan.slice(0, 1), card)[0]!.doses).toBe(""); // asked for, as nothing says how many
  expect(with_regimens(empty_population(card), [], card)).toEqual([empty_regimen(1)]);
});

test("the patient's target comes with the limits that were typed for him", () => {
  expect(patient_target({ id: "", low: "", high: "" }, card)).toEqual(target_of(card, "auc"));
  expect(patient_target({ id: "auc", low: "450", high: "" }, card)).toMatchObject({ at_least: "450 mg*h/L", at_most: "" });
  expect(patient_target({ id: "trough", low: "12,5", high: "" }, card)).toMatchObject({ at_least: "12.5", at_most: "" });
  expect(patient_target({ id: "trough", low: "", high: "0,02 g/L" }, card)).toMatchObject({ at_most: "0.02 g/L", id: "trough" });
});

test("a save file holds the virtual patients of each model, and one of another form is refused", () => {
  const typed = filled({ correlations: [{ id: 1, a: "WT", b: "SCR", value: "x" }] });
  typed.covariates["WT"] = spread("mean", { by: "sex", of: { male: distribution({ mean: "86 kg?" }) } });
  const saved = { ...empty_case("m", "UTC"), populations: { m: typed } };
  expect(read_save(JSON.stringify(saved))).toEqual(saved);
  const older = JSON.stringify({ ...saved, populations: undefined }); // written before there were any
  expect(read_save(older).populations).toEqual({});
  const broken = (part: object) => () => read_save(JSON.stringify({ ...saved, populations: { m: { ...typed, ...part } } }));
  expect(broken({ seed: 1 })).toThrow(/seed/);
  expect(broken({ regimens: [{ id: 1, amount: "1" }] })).toThrow(/wrong form/);
  expect(broken({ extra: "" })).toThrow(/extra/);
  expect(broken({ covariates: { WT: { ...typed.covariates["WT"], how: "often" } } })).toThrow(/how/);
});

test("windows and times are read in hours", () => {
  expect(window_of("first 24 h")).toEqual({ from: 0, to: 24 });
  expect(window_of("3 to 7 days")).toEqual({ from: 72, to: 168 });
  expect(window_of("steady state")).toBeUndefined();
  expect(hours_of("2 days")).toBe(48);
  expect(hours_of("0,5")).toBe(0.5);
  expect(hours_of("soon")).toBeUndefined();
});
