// The shipped model files against models/schema.json, and the schema against files that it must refuse.

import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Ajv from "ajv/dist/2020.js";

const models = fileURLToPath(new URL("../../models/", import.meta.url));
const read = (name) => JSON.parse(readFileSync(models + name, "utf8"));

// strictRequired is off: "oneOf" names keys that are described one level up.
const check = new Ajv({ allErrors: true, strict: true, strictRequired: false, strictTypes: false }).compile(read("schema.json"));

let passed = 0;
let failed = 0;

function expect(what, right, why = "") {
  if (right) passed += 1;
  else {
    failed += 1;
    console.error(`FAILED ${what}${why && `: ${why}`}`);
  }
}

const names = readdirSync(models).filter((name) => name.endsWith(".json") && name !== "schema.json");
expect("there are models", names.length > 0);
for (const name of names) {
  const valid = check(read(name));
  expect(`${name} follows the schema`, valid, JSON.stringify(check.errors?.slice(0, 5)));
  expect(`${name} carries its id as its name`, read(name).id === name.replace(/\.json$/, ""));
}

/** A model that the schema must refuse, because of one change, at a place. */
function refuses(what, change, place) {
  const model = read("vancomycin_goti2018.json");
  change(model);
  const valid = check(model);
  expect(
    `the schema refuses ${what}`,
    !valid && check.errors.some((error) => error.instancePath.startsWith(place)),
    JSON.stringify(check.errors),
  );
}

refuses("another format", (m) => (m.format = "titrate-model/2"), "/format");
refuses("an unknown key", (m) => (m.remarks = []), "");
refuses("a model without states", (m) => delete m.structure, "");
refuses("a bare cv", (m) => delete m.random_effects.eta_CL.convert, "/random_effects/eta_CL");
refuses("variability stated twice", (m) => (m.random_effects.eta_CL.sd = 0.4), "/random_effects/eta_CL");
refuses(
  "a residual with both parts that does not say how they combine",
  (m) => delete m.outputs.Cc.error.combined,
  "/outputs/Cc/error",
);
refuses("a covariate without unit or choices", (m) => delete m.covariates.WT.unit, "/covariates/WT");
refuses("a covariate with unit and choices", (m) => (m.covariates.DIAL.unit = "1"), "/covariates/DIAL");
refuses("a name that is none", (m) => (m.parameters["2x"] = { value: 1 }), "/parameters");
refuses("a quantity with a comma", (m) => (m.products[0].step = "2,5 mg,"), "/products/0/step");
refuses("a window in other words", (m) => (m.targets[0].during = "tomorrow"), "/targets/0/during");
refuses("a target without limits", (m) => delete m.targets[0].window, "/targets/0");
refuses("a rule that says two things", (m) => (m.rules[0].largest_daily = "1 g"), "/rules/0");
refuses("a product per area without rounding", (m) => (m.products[0].per_area = "WT"), "/products/0");
refuses("a status of its own", (m) => (m.serves[0].status = "probably"), "/serves/0/status");
refuses("an expected value at no time", (m) => (m.worked_cases[0].expect.Cc = { later: 1 }), "/worked_cases/0/expect/Cc");

refuses(
  "frequencies without words",
  (m) => (m.covariates.DIAL.unknown = { frequencies: [0.8, 0.2] }),
  "/covariates/DIAL/unknown",
);
refuses(
  "a mixture of one class",
  (m) => (m.mixtures = { responder: { label: "Responder", classes: { yes: 1 } } }),
  "/mixtures/responder",
);
const averaged = read("vancomycin_goti2018.json");
averaged.mixtures = { responder: { label: "Responder", classes: { yes: 0.3, no: "70 %" }, read: "Table 3" } };
averaged.covariates.WT.continues = { trend: "line", for: "48 h" };
averaged.covariates.DIAL.unknown = { frequencies: { no: 0.8, yes: 0.2 }, read: "Table 1" };
expect("the schema takes mixtures, unknown covariates and trends", check(averaged), JSON.stringify(check.errors));

// What the engine refuses as not done yet is part of the format already.
const later = read("vancomycin_goti2018.json");
Object.assign(later, {
  initial_uncertainty: { central: { median: "0", sd: "100 mg" } },
  events: [{ name: "relapse", when: "central > 100 [mg]", set: { central: "0" } }],
});
expect("the schema carries what later versions do", check(later), JSON.stringify(check.errors));

console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exitCode = failed > 0 ? 1 : 0;
