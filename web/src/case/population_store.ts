/** What was typed of the virtual population of the chosen model, and what was drawn from it. */

import { computed, signal } from "@preact/signals";
import type { Diagnostic, VirtualPopulation } from "../../../wasm/titrate";
import type { Problem } from "./builder";
import { problems_of } from "./diagnostics";
import { empty_population, type TypedPopulation } from "./population";
import { to_population } from "./population_request";
import { card, change, typed } from "./store";

export const population = computed<TypedPopulation | undefined>(() => {
  const found = card.value;
  return found ? (typed.value.populations[found.id] ?? empty_population(found)) : undefined;
});

/** `field`: where it was typed; empty for rows that come and go. */
export function change_population(update: (before: TypedPopulation) => Partial<TypedPopulation>, field = ""): void {
  const before = population.value;
  const id = card.value?.id;
  if (!before || id === undefined) return;
  change((all) => ({ ...all, populations: { ...all.populations, [id]: { ...before, ...update(before) } } }), field);
}

export const built_population = computed(() =>
  card.value && population.value ? to_population(population.value, card.value) : undefined,
);
/** Equal keys, equal numbers. */
export const population_key = computed(() =>
  JSON.stringify([card.value?.id, built_population.value?.request, built_population.value?.seed]),
);

export interface Drawn {
  key: string;
  title: string;
  model: { id: string; version: string; hash: string };
  /** Of the target, in words. */
  target: string;
  /** How covariates were stated to differ, by name. */
  stated: Record<string, string>;
  seed: number;
  found?: VirtualPopulation | undefined;
  diagnostics: Diagnostic[];
}
export const drawn_population = signal<Drawn | undefined>(undefined);
/** Gaps are shown from the first attempt on. */
export const tried = signal(false);

/** What is wrong with a field, by the page and by the engine's last answer to the same request. */
export const population_problems = computed<Problem[]>(() => {
  const built = built_population.value;
  if (!tried.value || !built) return [];
  const drawn = drawn_population.value;
  const answered = drawn?.key === population_key.value ? problems_of(drawn.diagnostics, built.places) : [];
  return [...built.problems, ...answered.filter((problem) => problem.severity === "error" && problem.field !== "")];
});
