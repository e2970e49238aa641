/** The list of models as a clinician looks through it: by class, by the words that were typed, and apart what is not for dosing. */

import { sort } from "d3-array";
import * as words from "../words";
import type { LoadedModel } from "./models";

const say = words.model_menu;

export interface ModelGroup {
  heading: string;
  /** Teaching only, or on hold. */
  apart: boolean;
  models: LoadedModel[];
}

const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Every word typed must occur: drug, author, year, class, title or patients. */
export function matches(model: LoadedModel, query: string): boolean {
  const text = plain([model.id, model.drug, model.title, model.citation, model.about, model.grade, ...model.classes].join(" "));
  return plain(query)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export const is_apart = (model: LoadedModel) => model.grade === "teaching only";

function place_of(model: LoadedModel): { order: string; heading: string } {
  if (model.file !== "") return { order: "0", heading: say.opened };
  if (is_apart(model)) return { order: "3", heading: say.apart };
  if (model.classes.length === 0) return { order: "2", heading: say.unclassed };
  return { order: `1 ${model.classes.join(" ")}`, heading: model.classes.join(": ") };
}

/** Opened files first, then class by class, at last what is not for dosing a patient. */
export function model_groups(models: LoadedModel[], query: string): ModelGroup[] {
  const placed = sort(
    models.filter((model) => matches(model, query)).map((model) => ({ model, ...place_of(model) })),
    (one) => one.order,
    (one) => one.model.title,
  );
  const groups: ModelGroup[] = [];
  for (const { model, heading } of placed) {
    if (groups.at(-1)?.heading !== heading) groups.push({ heading, apart: is_apart(model), models: [] });
    groups.at(-1)!.models.push(model);
  }
  return groups;
}

/** "Goti 2018": what a clinician calls a model by. */
export function author_and_year(citation: string): string {
  const author = /^(?:Parameters: )?((?:[a-z]+ )?\p{Lu}[\p{L}'-]+(?: \p{Lu}\p{Ll}+)*)(?= \p{Lu}{1,3}\b| et al)/u.exec(
    citation,
  )?.[1];
  const year = /\b(?:19|20)\d\d\b/.exec(citation)?.[0];
  return [author, year].filter(Boolean).join(" ");
}
