/** The regimens of this patient that others can take over: those that the figure compares; without a ranking those that were typed. */

import { computed } from "@preact/signals";
import type { Regimen } from "../../../wasm/titrate";
import { built, fresh, results } from "../case/store";
import { to_compare } from "./compared";

interface PatientRegimen {
  label: string;
  regimen: Regimen;
}

/** In the words of a ranking. */
const label_of = ({ amt, dur, ii }: Regimen) => `${amt}${dur ? ` over ${dur}` : ""}${ii ? ` every ${ii}` : " once"}`;

export const patient_regimens = computed<PatientRegimen[]>(() => {
  const { patient, what_if } = built.value ?? {};
  const typed = [patient?.current, what_if].filter((regimen) => regimen !== undefined);
  const found = fresh.value && results.value?.recommendation ? to_compare().map((one) => one.regimen) : typed;
  return found.filter(({ amt }) => Number.parseFloat(amt) > 0).map((regimen) => ({ label: label_of(regimen), regimen }));
});
