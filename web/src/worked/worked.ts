/** Invented patients to start from. */

import type { TypedCase } from "../case/typed";
import { replace_case } from "../case/store";
import { words } from "../words";
import docetaxel from "./docetaxel.json";
import tacrolimus from "./tacrolimus.json";
import vancomycin from "./vancomycin.json";

export const worked_patients: { id: string; case: TypedCase }[] = [
  { id: "vancomycin", case: vancomycin as TypedCase },
  { id: "tacrolimus", case: tacrolimus as TypedCase },
  { id: "docetaxel", case: docetaxel as TypedCase },
];

export function load_worked(id: string): void {
  const found = worked_patients.find((w) => w.id === id);
  if (found) replace_case(found.case, words.status.loaded(found.case.title));
}
