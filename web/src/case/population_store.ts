/** What was typed of the virtual population of each model, and what was drawn from it. */

import { computed, signal } from "@preact/signals";
import type { Diagnostic, VirtualPopulation } from "../../../wasm/titrate";
import { empty_population, to_population, type TypedPopulation } from "./population";
import { card } from "./store";

const typed_populations = signal<Record<string, TypedPopulation>>({});

export const population = computed<TypedPopulation | undefined>(() => {
  const found = card.value;
  return found ? (typed_populations.value[found.id] ?? empty_population(found)) : undefined;
});

export function change_population(update: (before: TypedPopulation) => Partial<TypedPopulation>): void {
  const before = population.value;
  if (!before || !card.value) return;
  typed_populations.value = { ...typed_populations.value, [card.value.id]: { ...before, ...update(before) } };
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
  seed: number;
  found?: VirtualPopulation | undefined;
  diagnostics: Diagnostic[];
}
export const drawn_population = signal<Drawn | undefined>(undefined);
/** Gaps are shown from the first attempt on. */
export const tried = signal(false);

export const next_id = (rows: { id: number }[]) => Math.max(0, ...rows.map((row) => row.id)) + 1;
