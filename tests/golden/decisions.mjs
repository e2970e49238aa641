// Every model that claims a decision (it has a target, a product and a residual error) answers `recommend` for the patient of its first
// worked case, before any dose: a ranking, or a refusal that says why. A request that costs too much is a refusal too, but not an
// answer: nothing here may end so.

import { readFileSync, readdirSync } from "node:fs";
import { ask, counter, root } from "./engine.mjs";

const models = readdirSync(`${root}models`)
  .filter((name) => name.endsWith(".json") && name !== "schema.json")
  .map((name) => JSON.parse(readFileSync(`${root}models/${name}`, "utf8")))
  .filter(({ targets, products }) => targets?.length > 0 && products?.length > 0);

const named = ({ unit }, value) => (typeof value === "number" && unit && unit !== "1" ? `${value} [${unit}]` : value);

/** The covariates as a request writes them; of one that changes, its first value. */
function patient(model) {
  const given = Object.entries(model.worked_cases[0].covariates ?? {}).map(([name, value]) => {
    const first = Array.isArray(value) ? value[0].value : value;
    return [name, named(model.covariates[name], first)];
  });
  return { covariates: Object.fromEntries(given), doses: [], observations: [], now: "0 h" };
}

const { expect, sum } = counter();
const requests = models.map((model) => ({ verb: "recommend", model, patient: patient(model), settings: { draws: 60 } }));
const answers = await ask(requests);
models.forEach(({ id }, i) => {
  const { ok, result, diagnostics, cautions } = answers[i];
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const refused = errors.every(
    ({ code, message, hint }) => code !== "request.too_much_work" && !code.startsWith("internal.") && message && hint,
  );
  const stopped = cautions.filter(({ grade }) => grade === "stop").every(({ why }) => why);
  const answered = ok ? result.ranked.length > 0 || result.removed.length > 0 || result.message : errors.length > 0 && refused;
  if (!ok || result.ranked.length === 0)
    console.log(
      `${id}: ${errors.map(({ message }) => message).join(" ") || result.message || cautions.map(({ message }) => message).join(" ")}`,
    );
  expect(`${id} recommends, or says why not`, answered && stopped ? "" : JSON.stringify(errors));
});
sum();
