// No number on a card without its source: beside every number of a shipped model file that was read, estimated or chosen stand words
// that say where or why. Where these words belong, and which numbers need none, is in models/README.md, "Where a number comes from".

import { readFileSync, readdirSync } from "node:fs";
import { counter, root } from "./engine.mjs";

const entries = (section) => Object.entries(section ?? {});
const number = /(?<![\w.])\d+\.?\d*(?:[eE][-+]?\d+)?/g;

/** Whether words speak of a value: they name its number, or its word where it has none. */
function names(words, value) {
  const said = words ?? "";
  const [amount] = String(value).match(number) ?? [];
  if (amount === undefined) return said.toLowerCase().includes(String(value).toLowerCase());
  return [...said.matchAll(number)].some(([text]) => Number(text) === Number(amount));
}

// Each gives what it finds as [place, whether the words are there]. First what carries its own `read` or `source`.
function* read(model) {
  for (const section of ["parameters", "random_effects", "inter_occasion", "mixtures", "co_medication"])
    for (const [name, part] of entries(model[section])) yield [`/${section}/${name}`, part.read];
  for (const section of ["correlations", "residual_correlations"])
    for (const [i, part] of entries(model[section])) yield [`/${section}/${i}`, part.read];
  for (const [name, part] of entries(model.dialysis?.modalities)) yield [`/dialysis/modalities/${name}`, part.read];
  for (const section of ["targets", "products", "rules", "population_checks"])
    for (const [i, part] of entries(model[section])) yield [`/${section}/${i}`, part.source];
  if (model.population.sampled) yield ["/population/sampled", model.population.read];
}

function* covariates(model) {
  for (const [name, covariate] of entries(model.covariates)) {
    const at = `/covariates/${name}`;
    for (const key of ["when_unknown", "at_least", "at_most"])
      if (key in covariate) yield [`${at}/${key}`, names(covariate.note, covariate[key])];
    if (typeof covariate.continues === "object") yield [`${at}/continues`, covariate.note];
    if (String(covariate.from ?? "").match(number)) yield [`${at}/from`, covariate.note];
    for (const key of ["unknown", "measurement_error", "from_genotype"])
      if (key in covariate) yield [`${at}/${key}`, covariate[key].read];
  }
  for (const [name, { resting, note }] of entries(model.inputs))
    if (parseFloat(resting) !== 0) yield [`/inputs/${name}/resting`, names(note, resting)];
}

function* outputs(model) {
  for (const [name, { error, autocorrelation, lloq, uloq }] of entries(model.outputs)) {
    const at = `/outputs/${name}`;
    const errors = error === undefined ? [] : entries(error.by_assay ?? { "": error });
    for (const [assay, part] of errors) yield [`${at}/error/${assay}`, part.read];
    if (autocorrelation) yield [`${at}/autocorrelation`, autocorrelation.read];
    for (const limit of [lloq, uloq].filter((value) => value !== undefined))
      yield [`${at}/${limit}`, errors.some(([, part]) => names(part.read, limit))];
  }
}

// What bounds a dose or a level: its source (or the note of a target) names the number, or admits that it was recalled or chosen.
function* limits(model) {
  const doses = ["smallest", "largest", "fastest_rate", "largest_single", "largest_daily", "hold_below", "hold_above"];
  const levels = ["window", "at_least", "at_most", "limit"];
  for (const section of ["products", "rules", "targets"])
    for (const [i, part] of entries(model[section])) {
      const words = `${part.source} ${part.note ?? ""}`;
      const admitted = /recalled|choice|chosen/.test(words);
      for (const key of [...doses, ...levels].filter((bound) => bound in part))
        yield [`/${section}/${i}/${key}`, admitted || [part[key]].flat().every((value) => names(words, value))];
    }
}

function* choices(model) {
  for (const [i, { weight_low = 1, weight_high = 1, note }] of entries(model.targets))
    if (weight_low !== weight_high) yield [`/targets/${i}/weight`, note?.includes("weighs")];
  for (const [i, { who, when, note }] of entries(model.serves))
    if (when !== undefined || who.match(number)) yield [`/serves/${i}`, note];
}

// Numbers inside expressions that need no words: those with a unit that a quantity is divided by, compared with or centred on (they
// belong to the parameter beside them), whole numbers up to 10, and guards against zero.
const centred = /[-/<>=]\s*\d+\.?\d*(?:[eE][-+]?\d+)?\s*\[[^\]]*\]|==\s*\d+/g;
const small = (text) => Number(text) < 1e-5 || (Number.isInteger(Number(text)) && Number(text) <= 10);

function* expressions(model) {
  const words = model.notes?.find(({ title }) => title === "Numbers in the equations")?.text ?? "";
  for (const section of ["individual", "structure", "equations", "derived", "scores", "routes", "outputs", "events"])
    for (const [name, part] of entries(model[section]))
      if (
        texts(section === "outputs" ? part.value : part).some((text) =>
          (text.replace(centred, "").match(number) ?? []).some((found) => !small(found)),
        )
      )
        yield [`/${section}/${name}`, RegExp(`(?<!\\w)${part.name ?? name}(?!\\w)`).test(words)];
}

/** The expressions of a part of a model: every text and number of it but labels, units and names. */
function texts(part) {
  if (typeof part !== "object") return [String(part)];
  const others = ["label", "name", "unit", "state"];
  return entries(part).flatMap(([key, value]) => (others.includes(key) ? [] : texts(value)));
}

const kinds = [read, covariates, outputs, limits, choices, expressions];
const bare = (model) => kinds.flatMap((kind) => [...kind(model)]).flatMap(([place, said]) => (said ? [] : [place]));

const { expect, sum } = counter();
const load = (name) => JSON.parse(readFileSync(`${root}models/${name}.json`, "utf8"));
const served = (model, group) => model.serves.find(({ who }) => who === group);
const files = readdirSync(`${root}models`).filter((file) => file.endsWith(".json") && file !== "schema.json");
for (const id of files.map((file) => file.replace(".json", ""))) {
  const found = bare(load(id));
  expect(`${id} says where its numbers come from`, found.length > 0 ? `nothing is said at ${found.join(", ")}` : "");
}

// The check itself: one change to a file that passes, and the place that it must then name.
for (const [id, change, place] of [
  ["vancomycin_goti2018", (m) => delete m.parameters.TVCL.read, "/parameters/TVCL"],
  ["vancomycin_goti2018", (m) => delete m.random_effects.eta_CL.read, "/random_effects/eta_CL"],
  ["vancomycin_goti2018", (m) => delete m.outputs.Cc.error.read, "/outputs/Cc/error/"],
  ["vancomycin_goti2018", (m) => delete m.targets[0].source, "/targets/0"],
  ["tacrolimus_andrews2019", (m) => (m.targets[2].window[1] = "12 [ng/mL]"), "/targets/2/window"],
  ["warfarin_inr_hamberg2007", (m) => (m.rules[1].largest_daily = "20 mg"), "/rules/1/largest_daily"],
  ["vedolizumab_rosario2015", (m) => (m.rules[0].source = "large studies"), "/rules/0/largest_single"],
  ["vancomycin_goti2018", (m) => delete m.population.read, "/population/sampled"],
  ["vancomycin_goti2018", (m) => (m.covariates.CRCL.at_most = "140 [mL/min]"), "/covariates/CRCL/at_most"],
  ["vancomycin_goti2018", (m) => (m.targets[0].weight_high = 2), "/targets/0/weight"],
  ["vancomycin_goti2018", (m) => (served(m, "child").note = ""), ""],
  ["vancomycin_goti2018", (m) => (m.serves = [{ ...served(m, "BMI over 40"), note: "" }]), "/serves/0"],
  ["vancomycin_goti2018", (m) => (m.individual.Q.value = "TVQ * (WT / 70 [kg])^0.75"), "/individual/Q"],
  ["vancomycin_goti2018", (m) => (m.individual.Q.value = "TVQ * (WT / 70 [kg])^2"), ""],
  ["vancomycin_roberts2011", (m) => (m.outputs.Cc.lloq = "0.5 [mg/L]"), "/outputs/Cc/0.5 [mg/L]"],
  ["tacrolimus_andrews2019", (m) => delete m.covariates.ALB.note, "/covariates/ALB/when_unknown"],
  ["tacrolimus_andrews2019", (m) => delete m.covariates.CYP3A5.unknown.read, "/covariates/CYP3A5/unknown"],
  ["tisagenlecleucel_kinetics_stein2019", (m) => delete m.co_medication.tocilizumab.read, "/co_medication/tocilizumab"],
  ["t1d_glucose_insulin_uvapadova", (m) => delete m.inputs.basal_factor.note, "/inputs/basal_factor/resting"],
  ["cefepime_jonckheere2020", (m) => (m.notes = []), "/individual/CLr,/individual/CLnr,/individual/Q"],
]) {
  const model = load(id);
  change(model);
  const found = bare(model).join();
  expect(`${id}: ${change} is found at ${place || "no place"}`, found === place ? "" : `found at ${found || "no place"}`);
}
sum();
