// Unit errors, planted one at a time into the shipped model files: each must be refused, at its place. What units cannot see, a
// wrong unit of the right dimension (mg for ug), must be found by the worked cases.

import { readFileSync } from "node:fs";
import { ask, counter, root } from "./engine.mjs";

// model, place, what stands there, what is planted; the place of the complaint where it is another one
const planted = [
  // the unit of a typical value
  ["vancomycin_goti2018", "/parameters/TVCL/value", "[L/h]", "[L]", "/individual/CL"],
  ["vancomycin_goti2018", "/parameters/TVCL/value", "[L/h]", "[mL/min/kg]", "/individual/CL"],
  ["vancomycin_goti2018", "/parameters/TVV1/value", "[L]", "[L/kg]", "/individual/V1"],
  ["vancomycin_goti2018", "/parameters/TVQ/value", "[L/h]", "[1/h]", "/individual/Q"],
  ["vancomycin_thomson2009", "/parameters/TVV1/value", "[L/kg]", "[L]", "/individual/V1"],
  ["vancomycin_thomson2009", "/parameters/CRCL_on_CL/value", "[1/(mL/min)]", "[mL/min]", "/individual/CL"],
  ["tacrolimus_andrews2019", "/parameters/TVka/value", "[1/h]", "[h]", "/individual/ka"],
  ["tacrolimus_andrews2019", "/parameters/TVtlag/value", "[h]", "[1/h]", "/individual/tlag"],
  ["docetaxel_neutropenia_kloft2006", "/parameters/molar_mass/value", "[mg/umol]", "[umol/mg]", "/individual/slope"],
  ["docetaxel_neutropenia_kloft2006", "/parameters/TVslope/value", "[L/umol]", "[umol/L]", "/individual/slope"],
  ["docetaxel_neutropenia_kloft2006", "/parameters/AAG_on_slope/value", "[L/g]", "[g/L]", "/individual/slope"],
  ["phenytoin_yukawa1990", "/parameters/TVVmax/value", "[mg/day]", "[mg]", "/parameters/TVVmax/uncertainty"],
  ["phenytoin_yukawa1990", "/parameters/TVKm/value", "[mg/L]", "[mg]", "/parameters/TVKm/uncertainty"],
  ["phenytoin_yukawa1990", "/parameters/TVV/value", "[L/kg]", "[L]", "/individual/V"],
  ["theophylline_yano1993", "/parameters/PaCO2_on_CL/value", "[1/mmHg]", "[mmHg]", "/parameters/PaCO2_on_CL/uncertainty"],
  ["tocilizumab_ra_das28_levi2013", "/parameters/TVVm/value", "[mg/day]", "[mg/L]", "/individual/Vm"],
  // a bare number where the others have a unit
  ["vancomycin_goti2018", "/parameters/TVCL/value", " [L/h]", "", "/individual/CL"],
  ["vancomycin_goti2018", "/individual/CL/value", "120 [mL/min]", "120"],
  ["vancomycin_goti2018", "/individual/V1/value", "70 [kg]", "70"],
  ["tacrolimus_andrews2019", "/individual/CL/value", "55.72 [year]", "55.72"],
  ["tacrolimus_andrews2019", "/individual/CL/value", "42 [g/L]", "42"],
  ["meropenem_li2006", "/individual/CL/value", "35 [year]", "35"],
  ["phenytoin_yukawa1990", "/individual/Km/value", "15 [year]", "15"],
  ["docetaxel_neutropenia_kloft2006", "/individual/slope/value", "1.34 [g/L]", "1.34"],
  // per kg forgotten, or once too often
  ["vancomycin_thomson2009", "/individual/V1/value", "TVV1 * WT", "TVV1"],
  ["vancomycin_thomson2009", "/individual/V2/value", "TVV2 * WT", "TVV2 * WT / 70 [kg]"],
  ["phenytoin_yukawa1990", "/individual/V/value", "TVV * WT", "TVV"],
  ["theophylline_yano1993", "/individual/CL/value", "[L/h/kg]", "[L/h]"],
  ["theophylline_yano1993", "/individual/V/value", "[L/kg]", "[L]"],
  // sums of different things
  ["vancomycin_goti2018", "/individual/CL/value", "TVCL *", "TVV1 + TVCL *"],
  ["vancomycin_thomson2009", "/individual/CL/value", "CRCL - 66 [mL/min]", "CRCL - 66 [L]"],
  ["docetaxel_neutropenia_kloft2006", "/equations/prol/derivative", "- ktr * prol", "- prol"],
  ["docetaxel_neutropenia_kloft2006", "/equations/circ/derivative", "ktr * circ", "circ"],
  ["docetaxel_neutropenia_kloft2006", "/equations/prol/derivative", "1 - slope * Cc", "1 - slope"],
  ["tocilizumab_ra_das28_levi2013", "/equations/central/derivative", "(Km + Cc)", "(Km + central)"],
  ["tocilizumab_ra_das28_levi2013", "/equations/peripheral/derivative", "Q / V2 * peripheral", "Q * peripheral"],
  // functions and powers of what has a unit
  ["vancomycin_goti2018", "/individual/CL/value", "exp(eta_CL)", "exp(eta_CL * TVCL)"],
  ["vancomycin_goti2018", "/individual/V1/value", "(WT / 70 [kg])", "log(WT)"],
  ["tacrolimus_andrews2019", "/individual/CL/value", "(HCT / 0.34)^HCT_on_CL", "(HCT / 0.34)^ALB"],
  ["meropenem_li2006", "/individual/V1/value", "(WT / 70 [kg])^WT_on_V1", "WT^WT_on_V1"],
  ["tocilizumab_ra_das28_levi2013", "/individual/IL6_factor/value", "IL6 / 0.001 [pg/mL]", "IL6"],
  [
    "meropenem_li2006",
    "/covariates/CRCL/from",
    "cockcroft_gault_ideal(age, HT, SCR, sex)",
    "cockcroft_gault_ideal(age, WT, SCR, sex)",
  ],
  ["vancomycin_thomson2009", "/covariates/CRCL/from", "creatinine_mass(60 [umol/L])", "60 [umol/L]"],
  // outputs, errors, targets, products
  ["vancomycin_goti2018", "/outputs/Cc/value", "central / V1", "central"],
  ["vancomycin_goti2018", "/outputs/Cc/unit", "mg/L", "umol/L", "/outputs/Cc"],
  ["vancomycin_goti2018", "/outputs/Cc/error/additive", "[mg/L]", "[mg]"],
  ["vancomycin_goti2018", "/targets/0/window/0", "[mg*h/L]", "[mg/L]"],
  ["meropenem_li2006", "/targets/1/limit", "[mg/L]", "[mg]"],
  ["vancomycin_goti2018", "/products/0/step", "mg", "mL"],
  ["vancomycin_goti2018", "/worked_cases/0/regimen", "1000 mg", "1000 IU"],
  ["vancomycin_goti2018", "/individual/CL/unit", "L/h", "L", "/individual/CL"],
  ["docetaxel_neutropenia_kloft2006", "/equations/circ/unit", "1e9/L", "mg/L", "/equations/circ"],
];

// Of the right dimension: the numbers no longer agree.
const scaled = [
  ["vancomycin_goti2018", "/parameters/TVCL/value", "[L/h]", "[L/min]"],
  ["vancomycin_goti2018", "/parameters/TVV1/value", "[L]", "[mL]"],
  ["vancomycin_goti2018", "/outputs/Cc/unit", "mg/L", "ug/L"],
  ["tacrolimus_andrews2019", "/parameters/TVka/value", "[1/h]", "[1/min]"],
  ["tacrolimus_andrews2019", "/outputs/Cc/unit", "ng/mL", "ug/mL"],
  ["docetaxel_neutropenia_kloft2006", "/parameters/molar_mass/value", "[mg/umol]", "[ug/umol]"],
  ["docetaxel_neutropenia_kloft2006", "/parameters/TVMTT/value", "[h]", "[day]"],
  ["phenytoin_yukawa1990", "/parameters/TVVmax/value", "[mg/day]", "[mg/h]"],
  ["meropenem_li2006", "/individual/CL/value", "83 [mL/min]", "83 [L/h]"],
  ["tocilizumab_ra_das28_levi2013", "/parameters/Km/value", "[mg/L]", "[ug/L]"],
];

/** The model with one piece of one text changed; the piece must stand there once. */
function plant([id, place, from, to]) {
  const model = JSON.parse(readFileSync(`${root}models/${id}.json`, "utf8"));
  const keys = place.slice(1).split("/");
  const last = keys.pop();
  const parent = keys.reduce((value, key) => value[key], model);
  const whole = typeof parent[last] === "string";
  const text = whole ? parent[last] : parent[last].value;
  if (text.split(from).length !== 2) throw new Error(`${id} ${place}: "${from}" does not stand once in "${text}"`);
  parent[last] = text.replace(from, to);
  return { verb: "validate", model };
}

const { expect, sum } = counter();
expect("at least 40 errors are planted", planted.length >= 40 ? "" : String(planted.length));

const refusals = await ask(planted.map(plant));
planted.forEach(([id, place, from, to, elsewhere], i) => {
  const wrong = refusals[i].diagnostics.filter(({ severity }) => severity === "error");
  const expected = elsewhere ?? place.replace(/\/value$/, "");
  const right = wrong.some(({ path }) => path.replace(/^\/model/, "").startsWith(expected));
  const units = wrong.some(({ code }) => /^(unit\..+|expr\.(unit_mismatch|dimension|exponent)|model\.missing_unit)$/.test(code));
  const found = wrong.map(({ code, path, message }) => `${code} ${path}: ${message}`).join("; ") || "it was accepted";
  expect(`${id} ${place}: ${from} -> ${to}`, right && units ? "" : found);
});

const answers = await ask(scaled.map(plant));
scaled.forEach(([id, place, from, to], i) => {
  const { ok, diagnostics, result } = answers[i];
  const seen = !ok || result.worked_cases.some((check) => !check.ok);
  expect(`${id} ${place}: ${from} -> ${to} is found by the worked cases`, seen ? "" : JSON.stringify(diagnostics));
});
sum();
