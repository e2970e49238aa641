/** Invented patients to start from. */

import { read_save } from "../case/file";
import type { TypedCase } from "../case/typed";
import { replace_case } from "../case/store";
import * as words from "../words";
import docetaxel from "./docetaxel.json";
import tacrolimus from "./tacrolimus.json";
import vancomycin from "./vancomycin.json";

interface WorkedPatient {
  id: string;
  title: string;
  model: string;
  /** When it is used: nothing of it is needed to open the page. */
  read(): TypedCase;
}

export const worked_patients: WorkedPatient[] = Object.entries({ vancomycin, tacrolimus, docetaxel }).map(([id, saved]) => ({
  id,
  title: saved.title,
  model: saved.model,
  read: () => read_save(JSON.stringify(saved)),
}));

export function load_worked(id: string): void {
  const found = worked_patients.find((w) => w.id === id);
  if (found) replace_case(found.read(), words.status.loaded(found.title));
}
