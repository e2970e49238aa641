/** What the virtual patients take over from this patient: the regimens of the plan, and the target. As text that stays to be changed. */

import type { Card, Regimen } from "../../../wasm/titrate";
import { empty_regimen, next_id, type TypedPopulation, type TypedRegimen } from "./population";
import { hours_of, target_of } from "./population_target";
import { read_quantity } from "./quantity";
import type { TargetTyped } from "./typed";

/** As many as the engine compares. */
const MOST = 12;

/** "1000 mg" is typed "1000" where the unit stands beside the field. */
const without_unit = (quantity: string | undefined, unit: string) => {
  const [number = "", ...rest] = (quantity ?? "").trim().split(/\s+/);
  return rest.join(" ") === unit ? number : (quantity ?? "").trim();
};

/** Enough doses to reach the end of what is read; nothing where that is not known. */
function doses_until(end: number | undefined, every: number | undefined): string {
  return end === undefined || every === undefined || every <= 0 ? "" : String(Math.max(1, Math.ceil(end / every - 1e-9)));
}

function row_of(id: number, regimen: Regimen, card: Card, end: number | undefined): TypedRegimen {
  const route = card.routes.find((r) => r.name === regimen.route) ?? card.routes[0];
  return {
    ...empty_regimen(id),
    route: route === card.routes[0] ? "" : (route?.name ?? ""),
    amount: without_unit(regimen.amt, route?.unit ?? ""),
    over: without_unit(regimen.dur, "h"),
    every: without_unit(regimen.ii, "h"),
    doses: regimen.ii === undefined ? "1" : (regimen.doses?.toString() ?? doses_until(end, hours_of(regimen.ii))),
  };
}

const same = (a: TypedRegimen, b: TypedRegimen) =>
  (["route", "amount", "loading", "per", "over", "every"] as const).every((part) => a[part].trim() === b[part].trim());
const is_blank = (row: TypedRegimen) => (row.amount + row.loading + row.over + row.every + row.doses).trim() === "";

/** The rows with the patient's regimens after them: an empty row gives way, none is repeated, and no dose at all is no regimen. */
export function with_regimens(typed: TypedPopulation, regimens: Regimen[], card: Card): TypedRegimen[] {
  const kept = typed.regimens.filter((row) => !is_blank(row));
  const end = hours_of(typed.target.to);
  for (const regimen of regimens) {
    const row = row_of(next_id([...typed.regimens, ...kept]), regimen, card, end);
    if (Number.parseFloat(regimen.amt) > 0 && kept.length < MOST && !kept.some((other) => same(row, other))) kept.push(row);
  }
  return kept.length > 0 ? kept : typed.regimens;
}

/** The patient's target, with the limits that were typed in the place of the model's. */
export function patient_target(typed: TargetTyped, card: Card): TypedPopulation["target"] {
  const target = card.targets.find((t) => t.id === typed.id) ?? card.targets[0];
  const found = target_of(card, target?.id ?? "own");
  if (!target || (typed.low + typed.high).trim() === "") return found;
  const beside = found.read !== "auc" && card.outputs.some((o) => o.name === found.of && o.unit === target.unit);
  const limit = (text: string) => {
    const read = read_quantity(text, beside ? "" : target.unit, "");
    return read.ok ? read.text : text;
  };
  return { ...found, at_least: limit(typed.low), at_most: limit(typed.high) };
}
