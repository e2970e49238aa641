/** The models: data blocks of the page, and files that the user opens. */

import { sort } from "d3-array";

export interface LoadedModel {
  id: string;
  title: string;
  drug: string;
  /** Where a clinician looks for it, from wide to narrow, as the file says. */
  classes: string[];
  citation: string;
  /** Whom it was estimated in. */
  about: string;
  /** As the engine derived it when the page was built; empty for a file that the user opened. */
  grade: string;
  definition: object;
  /** Name of the file the user opened; empty for a model of the page. */
  file: string;
}

interface Described {
  id?: unknown;
  title?: unknown;
  drug?: { name?: unknown };
  class?: unknown;
  source?: { citation?: unknown };
  population?: { n?: unknown; about?: unknown };
}

export function describe_model(definition: unknown, file: string, grade = ""): LoadedModel {
  if (typeof definition !== "object" || definition === null || Array.isArray(definition)) throw new Error("not a model file");
  const d = definition as Described;
  if (typeof d.id !== "string") throw new Error("the file has no id");
  const n = d.population?.n;
  return {
    id: file === "" ? d.id : `${d.id} (${file})`,
    title: String(d.title ?? d.id),
    drug: String(d.drug?.name ?? ""),
    classes: Array.isArray(d.class) ? d.class.map(String) : [],
    citation: String(d.source?.citation ?? ""),
    about: `${n === undefined ? "" : `n = ${String(n)}. `}${String(d.population?.about ?? "")}`,
    grade,
    definition,
    file,
  };
}

/** The data blocks of the page, one for each model. */
export const model_blocks = (page: Document) => [...page.querySelectorAll<HTMLElement>("script[data-model]")];

export const read_block = (block: HTMLElement) => describe_model(JSON.parse(block.textContent), "", block.dataset.grade ?? "");

export function in_their_order(models: LoadedModel[]): LoadedModel[] {
  return sort(
    models,
    (m) => m.drug,
    (m) => m.id,
  );
}
