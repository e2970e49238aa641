/** Which regimens the figure draws, and in which colour and dash: the current one, up to three chosen, the what-if. */

import type { Forecast, Regimen } from "../../../wasm/titrate";
import { built, results, selected, type Compared, type Results } from "../case/store";
import * as words from "../words";

const none: Regimen = { amt: "0 mg", doses: 1 };

export function to_compare(): Compared[] {
  const recommendation = results.value?.recommendation;
  const list: Compared[] = [];
  if (recommendation?.current?.regimen)
    list.push({ kind: "current", label: words.figure.current, regimen: recommendation.current.regimen });
  selected.value.forEach((label, i) => {
    const candidate = recommendation?.ranked.find((c) => c.label === label && c.kind !== "current");
    if (candidate) list.push({ kind: `chosen-${i}`, label, regimen: candidate.regimen ?? none });
  });
  if (built.value?.what_if) list.push({ kind: "what-if", label: words.regimens.what_if, regimen: built.value.what_if });
  return list;
}

/** Kinds in the order of a forecast; before the first comparison it holds the current regimen alone. */
export function compared_kinds(forecast: Forecast, shown: Results): { kind: string; label: string; quiet?: boolean }[] {
  const sent = shown.compared;
  const scenarios = shown.recommendation?.scenarios ?? [];
  return forecast.regimens.map((regimen, i) => {
    if (regimen.scenario === undefined)
      return sent[i] ?? { kind: "current", label: i === 0 ? words.figure.current : regimen.label };
    const label = scenarios.find((s) => s.id === regimen.scenario)?.label ?? regimen.scenario;
    return { kind: `scenario ${regimen.scenario}`, label: words.figure.scenario(label), quiet: true };
  });
}

/** Regimens that were chosen, and that the figure cannot show yet. */
export function undrawn(): string[] {
  if (!results.value?.recommendation) return [];
  const drawn = new Set(results.value.compared.map((c) => c.kind + JSON.stringify(c.regimen)));
  return to_compare()
    .filter((c) => c.kind !== "current" && !drawn.has(c.kind + JSON.stringify(c.regimen)))
    .map((c) => c.label);
}
