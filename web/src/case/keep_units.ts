/**
 * A bare number was typed in the unit of the model that asked for it. Another model may ask for the same thing in another unit
 * (mL/min and mL/min/1.73m^2, mg/dL and umol/L): there the number gets the unit that it was typed in, so that the engine converts
 * it or refuses it, and nobody's 120 mL/min becomes 120 mL/min/1.73m^2.
 */

import type { Card } from "../../../wasm/titrate";
import { is_bare_number } from "./quantity";
import { chosen_output, chosen_route } from "./chosen";
import type { RegimenTyped, TypedCase } from "./typed";

const has_none = (unit: string) => unit === "" || unit === "1";

function kept(text: string, before: string | undefined, after: string | undefined): string {
  if (before === undefined || after === undefined || before === after || !is_bare_number(text)) return text;
  if (!has_none(before)) return `${text.trim()} ${before}`;
  // A fraction has no unit to write behind it.
  return after === "%" ? `${Number((100 * Number(text.trim().replace(",", "."))).toPrecision(12))} %` : text;
}

export function keep_units(typed: TypedCase, from: Card, to: Card): TypedCase {
  const covariates = { ...typed.covariates };
  for (const asked of to.covariates) {
    const before = from.covariates.find((c) => c.name === asked.name);
    const entry = covariates[asked.name];
    if (!entry || !before || asked.choices || before.choices) continue;
    const keep = (text: string) => kept(text, before.unit, asked.unit);
    covariates[asked.name] = { value: keep(entry.value), later: entry.later.map((row) => ({ ...row, value: keep(row.value) })) };
  }
  const amount = (text: string, route: string) => kept(text, chosen_route(from, route)?.unit, chosen_route(to, route)?.unit);
  const planned = (regimen: RegimenTyped) => ({ ...regimen, amt: amount(regimen.amt, regimen.route ?? "") });
  return {
    ...typed,
    covariates,
    doses: typed.doses.map((row) => ({ ...row, amt: amount(row.amt, row.route) })),
    levels: typed.levels.map((row) => ({
      ...row,
      dv: kept(row.dv, chosen_output(from, row.output)?.unit, chosen_output(to, row.output)?.unit),
    })),
    planned: planned(typed.planned),
    what_if: planned(typed.what_if),
  };
}
