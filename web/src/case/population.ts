/**
 * A virtual population as typed. As elsewhere everything stays text until the engine reads it. No share and no number is made up:
 * a covariate begins as the model file has it (a studied range, frequencies, a value for the unknown), else it is empty.
 */

import type { Card } from "../../../wasm/titrate";
import { target_of } from "./population_target";

export const HOWS = ["same", "even", "around", "mean", "shares", "alleles", "model"] as const;
export type How = (typeof HOWS)[number];

/** What is drawn; parts of another way stay as they were typed. */
export interface TypedDistribution {
  from: string;
  to: string;
  median: string;
  cv: string;
  mean: string;
  sd: string;
  /** By word, in per cent. */
  shares: Record<string, string>;
  /** By allele, in per cent. */
  alleles: Record<string, string>;
}
export interface TypedSpread {
  how: How;
  /** Of all. */
  value: string;
  /** The covariate on which it depends, such as the sex; empty: on none. */
  by: string;
  /** One for each word of that covariate, or a single one by the name "". */
  of: Record<string, TypedDistribution>;
}
export interface TypedRegimen {
  id: number;
  /** Empty: the model's first. */
  route: string;
  amount: string;
  /** In the place of the first dose, where it differs. */
  loading: string;
  per: string;
  over: string;
  every: string;
  doses: string;
}
export interface TypedPopulation {
  patients: string;
  seed: string;
  covariates: Record<string, TypedSpread>;
  correlations: { id: number; a: string; b: string; value: string }[];
  groups: { id: number; covariate: string; cuts: string }[];
  regimens: TypedRegimen[];
  target: { id: string; of: string; read: string; from: string; to: string; at_least: string; at_most: string };
}

export type CardCovariate = Card["covariates"][number];

/** Those that a person states: not hidden, not computed from others. */
export const stated_covariates = (card: Card) => card.covariates.filter((c) => !c.hidden && c.from === undefined);
export const computed_covariates = (card: Card) => card.covariates.filter((c) => !c.hidden && c.from !== undefined);

/** What the model file says of its own population. */
export const own_of = (card: Card, c: CardCovariate) => card.sampled?.find((s) => s.name === c.name);

const may_be_left = (card: Card, c: CardCovariate) =>
  c.frequencies !== undefined || c.when_unknown !== undefined || own_of(card, c) !== undefined;

/** Alleles of which the model knows what they make; none where it takes the covariate from no genotype. */
export function alleles_of(card: Card, c: CardCovariate): string[] {
  const source = card.genotypes?.find((g) => g.covariate === c.name);
  if (!source || !c.choices) return [];
  if (source.alleles) return source.alleles;
  return source.by === "diplotype" ? [...new Set(source.values.flatMap((v) => v.genotype.split("/")))].sort() : [];
}

export function ways(card: Card, c: CardCovariate): How[] {
  const all: How[] = c.choices ? ["same", "shares"] : ["same", "even", "around", "mean"];
  if (alleles_of(card, c).length > 0) all.push("alleles");
  return may_be_left(card, c) ? [...all, "model"] : all;
}

/** Is it drawn as this form says, from one patient to the next? */
export const is_drawn = (spread: TypedSpread) => spread.how !== "same" && spread.how !== "model";

/** On whose words it can depend. */
export const categories = (card: Card, c: CardCovariate) =>
  stated_covariates(card).filter((other) => other.choices && other.name !== c.name);

/** The words that have a distribution each; the word "" stands for all patients. */
export function words_of(card: Card, spread: TypedSpread): string[] {
  return stated_covariates(card).find((c) => c.name === spread.by)?.choices ?? [""];
}

export function distribution_of(c: CardCovariate, spread: TypedSpread, word: string): TypedDistribution {
  const [from = "", to = ""] = (c.studied ?? []).map(String);
  return spread.of[word] ?? { from, to, median: "", cv: "", mean: "", sd: "", shares: {}, alleles: {} };
}

export function spread_of(card: Card, c: CardCovariate, typed: TypedPopulation): TypedSpread {
  const found = typed.covariates[c.name];
  if (found && ways(card, c).includes(found.how)) return found;
  return { how: may_be_left(card, c) ? "model" : c.studied && !c.choices ? "even" : "same", value: "", by: "", of: {} };
}

/** Of a new row. */
export const next_id = (rows: { id: number }[]) => Math.max(0, ...rows.map((row) => row.id)) + 1;

export const empty_regimen = (id: number): TypedRegimen => ({
  id,
  route: "",
  amount: "",
  loading: "",
  per: "",
  over: "",
  every: "",
  doses: "",
});

export function empty_population(card: Card): TypedPopulation {
  return {
    patients: "500",
    seed: "1",
    covariates: {},
    correlations: [],
    groups: [],
    regimens: [empty_regimen(1)],
    target: target_of(card, card.targets[0]?.id ?? "own"),
  };
}

export const route_of = (card: Card, typed: TypedRegimen) => card.routes.find((r) => r.name === typed.route) ?? card.routes[0];
