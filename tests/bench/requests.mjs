// The requests that are timed at the door: those of tests/conformance with a user's number of draws, and some larger ones.

import { readFileSync } from "node:fs";

const read = (path) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8"));

/** A request of tests/conformance, with the draws that a user gets by default, not the few of a quick check. */
function recorded(name) {
  const { settings: _, ...request } = read(`tests/conformance/requests/${name}.json`);
  return { ...request, model: read(request.model) };
}

const vancomycin = read("models/vancomycin_goti2018.json");
const covariates = { WT: "79 kg", CRCL: "62 mL/min", DIAL: "no" };
const ten_doses = { time: "0 h", amt: "1000 mg", dur: "1 h", ii: "12 h", addl: 9 };
const levels = [
  { time: "83.5 h", dv: "12.1 mg/L" },
  { time: "86 h", dv: "27.3 mg/L" },
  { time: "95.5 h", dv: "14.8 mg/L" },
];
export const patient = { covariates, doses: [ten_doses], observations: levels, now: "120 h" };
const paclitaxel = { CL: "285 L/h", V1: "290 L", V2: "995 L", BSA: "1.8 m^2" };
const amounts = Array.from({ length: 12 }, (_, i) => `${250 * (i + 1)} mg`);

/** Each job: a request, and where no error can be seen in its answer the simulation of one of its courses. */
export const jobs = {
  "MAP + Laplace, 3 levels, 10 doses": {
    request: { verb: "fit", model: vancomycin, patient, settings: { method: "laplace", starts: 1 } },
  },
  "forecast with 10,000 draws": { request: { verb: "forecast", model: vancomycin, patient, settings: { draws: 10000 } } },
  "fit + 2000 draws + 60 regimens ranked": {
    request: {
      verb: "recommend",
      model: vancomycin,
      patient,
      candidates: { doses: amounts, intervals: ["6 h", "8 h", "12 h", "18 h", "24 h"], durations: ["1 h"] },
      settings: { draws: 2000 },
    },
  },
  "1000 patients x 481 points": {
    request: {
      verb: "population",
      model: vancomycin,
      population: {
        covariates,
        regimen: "1000 mg over 1 h every 12 h, 10 doses",
        patients: 1000,
        of: "Cc",
        each: "168 h",
        times: { from: "0 h", to: "168 h", every: "0.35 h" },
      },
    },
    course: {
      model: vancomycin,
      patient: { ...patient, observations: [] },
      times: { from: "0 h", to: "168 h", every: "0.35 h" },
    },
  },
  "1000 patients x 63 days, Friberg": {
    request: {
      verb: "population",
      model: read("models/paclitaxel_myelosuppression_friberg2002.json"),
      population: {
        covariates: paclitaxel,
        regimen: "315 mg over 3 h every 504 h, 3 doses",
        patients: 1000,
        of: "WBC",
        each: "1512 h",
        times: { from: "0 h", to: "1512 h", every: "24 h" },
      },
    },
    course: {
      model: read("models/paclitaxel_myelosuppression_friberg2002.json"),
      patient: {
        covariates: paclitaxel,
        doses: [{ time: "0 h", amt: "315 mg", dur: "3 h", ii: "504 h", addl: 2 }],
        observations: [],
      },
      times: { from: "0 h", to: "1512 h", every: "24 h" },
    },
  },
  "bone, 37 states, 24 months": {
    request: {
      verb: "simulate",
      model: read("models/bone_mineral.json"),
      patient: {
        covariates: {},
        doses: [{ time: "0 h", amt: "60 mg", route: "denosumab", ii: "4368 h", addl: 3 }],
        observations: [],
      },
      times: { from: "0 h", to: "17520 h", every: "24 h" },
      settings: { rtol: 3e-6 },
    },
  },
};
for (const name of [
  "simulate_vancomycin",
  "simulate_docetaxel",
  "fit_vancomycin_two_levels",
  "fit_tacrolimus",
  "fit_docetaxel",
  "forecast_vancomycin",
  "forecast_docetaxel",
  "recommend_vancomycin",
  "recommend_vancomycin_unstable_creatinine",
  "recommend_tacrolimus",
  "recommend_docetaxel",
])
  jobs[name] = { request: recorded(name) };
