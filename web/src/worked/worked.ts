/** Invented patients to start from. */

import { read_save } from "../case/file";
import type { TypedCase } from "../case/typed";
import { replace_case } from "../case/store";
import { words } from "../words";
import docetaxel from "./docetaxel.json";
import tacrolimus from "./tacrolimus.json";
import vancomycin from "./vancomycin.json";

export const worked_patients: { id: string; case: TypedCase }[] = Object.entries({ vancomycin, tacrolimus, docetaxel }).map(
  ([id, saved]) => ({ id, case: read_save(JSON.stringify(saved)) }),
);

export function load_worked(id: string): void {
  const found = worked_patients.find((w) => w.id === id);
  if (found) replace_case(found.case, words.status.loaded(found.case.title));
}
