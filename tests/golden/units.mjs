// Every unit of engine/base/unit_table.cpp against an independent library of conversions (js-quantities): a covariate is declared in one
// unit and given in another, and the engine says what it makes of it.

import { readFileSync } from "node:fs";
import Qty from "js-quantities";
import { ask, counter, root } from "./engine.mjs";

// Per dimension: the unit that everything is converted to, and the units.
const families = {
  g: ["mg", "g", "kg", "ug", "ng", "pg", "lb"],
  L: ["L", "dL", "mL", "uL", "nL", "pL", "fL"],
  h: ["h", "min", "s", "day", "d", "week", "year", "yr"],
  cm: ["m", "dm", "cm", "mm", "ft", "in"],
  "m^2": ["m2", "cm^2"],
  mmol: ["umol", "mol", "mmol", "nmol", "pmol"],
  kPa: ["kPa", "mmHg"],
  IU: ["IU", "kIU", "MIU", "mIU", "uIU", "U", "mU"],
  1: ["%", "cells", "copies"],
  // compounds as clinicians write them
  "mg/L": ["ug/mL", "ng/mL", "mg/dL", "g/L", "pg/mL"],
  "L/h": ["mL/min", "L/day", "mL/h"],
  "mL/min/kg": ["L/h/kg"],
  "mg/m^2": ["g/m^2"],
  "mmol/L": ["umol/L", "nmol/L"],
  "kg/m^2": ["g/cm^2"],
  "mg*h/L": ["ug*min/mL"],
};

// What the library does not know, or knows as something else, written in its words. International units and counts have no
// physical unit: their prefixes are checked with grams, and a count is a number.
const words = {
  d: "day",
  yr: "year",
  m2: "m^2",
  U: "g",
  mU: "mg",
  IU: "g",
  kIU: "kg",
  MIU: "Mg",
  mIU: "mg",
  uIU: "ug",
  cells: "1",
  copies: "1",
};
// Its denominators are one product: mL/min*kg for our mL/min/kg.
const in_words = (unit) => words[unit] ?? unit.replace(/^([^/]*\/)(.*)$/, (_, top, rest) => top + rest.replaceAll("/", "*"));

// A year is 365.25 days here, the tropical year there; a millimetre of mercury has six digits there.
const tolerance = { year: 3e-5, yr: 3e-5, mmHg: 1e-6 };

const cases = Object.entries(families).flatMap(([base, units]) => units.map((unit) => ({ base, unit })));

const model = JSON.parse(readFileSync(`${root}models/vancomycin_goti2018.json`, "utf8"));
const patient = { covariates: { WT: "70 kg", CRCL: "90 mL/min", DIAL: "no" }, doses: [], observations: [] };
const covariate = (base) => ({ x: { label: "x", unit: base } });
const requests = cases.map(({ base, unit }) => ({
  verb: "validate",
  // The covariate enters the model as a factor of 1, so that it is needed.
  model: {
    ...model,
    covariates: { ...model.covariates, ...covariate(base) },
    individual: { ...model.individual, V2: `TVV2 * exp(eta_V2) * (x / x)` },
    worked_cases: [],
  },
  patient: { ...patient, covariates: { ...patient.covariates, x: base === "1" && unit === "%" ? "1 %" : `1 [${unit}]` } },
}));

const { expect, sum } = counter();
const table = readFileSync(`${root}engine/base/unit_table.cpp`, "utf8");
const names = [...table.matchAll(/^ {4}\{"([^"]+)", [^"]*\{[-\d, ]+\}\},/gm)].map((match) => match[1]);
expect("the table of units was read", names.length > 40 ? "" : `${names.length} names`);
for (const name of names) expect(`${name} is tested`, cases.some(({ unit }) => unit === name) ? "" : "no case");

const answers = await ask(requests);
cases.forEach(({ base, unit }, i) => {
  const { ok, diagnostics, result } = answers[i];
  const got = result?.covariates?.find(({ name }) => name === "x")?.value;
  const expected = Qty(1, in_words(unit)).to(in_words(base)).scalar;
  const right = ok && Math.abs(got / expected - 1) <= (tolerance[unit] ?? 1e-12);
  expect(`1 ${unit} in ${base}`, right ? "" : `${got}, expected ${expected}; ${JSON.stringify(diagnostics)}`);
});
sum();
