/** Invented patients to start from. */

import type { TypedCase } from "../case/typed";
import docetaxel from "./docetaxel.json";
import tacrolimus from "./tacrolimus.json";
import vancomycin from "./vancomycin.json";

export const worked_patients: { id: string; case: TypedCase }[] = [
  { id: "vancomycin", case: vancomycin as TypedCase },
  { id: "tacrolimus", case: tacrolimus as TypedCase },
  { id: "docetaxel", case: docetaxel as TypedCase },
];
