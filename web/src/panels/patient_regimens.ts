/**
 * The regimens of this patient that others can take over: the current one and those to compare with it, as ranked or, where nothing
 * is ranked, as forecast; before there is a result, what was typed.
 */

import { computed } from "@preact/signals";
import type { Regimen } from "../../../wasm/titrate";
import { built, fresh, results } from "../case/store";
import { to_compare } from "./compared";

/** In the words of a ranking. */
const label_of = ({ amt, dur, ii }: Regimen) => `${amt}${dur ? ` over ${dur}` : ""}${ii ? ` every ${ii}` : " once"}`;

function found(): (Regimen | undefined)[] {
  if (!fresh.value) return [built.value?.patient.current, built.value?.what_if];
  if (results.value?.recommendation) return to_compare().map((one) => one.regimen);
  return (results.value?.forecast?.regimens ?? []).map((one) => one.regimen);
}

/** By label: a regimen that is ranked twice, such as one with its next dose held, stands once; no dose at all is none. */
export const patient_regimens = computed<ReadonlyMap<string, Regimen>>(() => {
  const given = found().filter((regimen) => regimen !== undefined && Number.parseFloat(regimen.amt) > 0);
  return new Map(given.map((regimen) => [label_of(regimen!), regimen!]));
});
