/**
 * The request that a typed virtual population becomes. What the page cannot send (a share that is no number, a gap) is a problem at
 * its field; `places` says which field a JSON pointer of the request belongs to, so that what the engine refuses finds its way back.
 */

import type { Card, Conditions, Distribution, PopulationRequest } from "../../../wasm/titrate";
import { plain } from "../format";
import * as words from "../words";
import type { Problem } from "./builder";
import {
  alleles_of,
  distribution_of,
  route_of,
  spread_of,
  stated_covariates,
  words_of,
  type CardCovariate,
  type TypedDistribution,
  type TypedPopulation,
  type TypedRegimen,
  type TypedSpread,
} from "./population";
import { hours_of } from "./population_target";

const say = words.population;

const number_of = (text: string) => (text.trim() === "" ? Number.NaN : Number(text.trim().replace(",", ".").replace("−", "-")));
const with_unit = (text: string, unit: string) => {
  const typed = text.trim().replace(/(\d),(\d)/, "$1.$2");
  return /^[+-]?[\d.]+(e[+-]?\d+)?$/i.test(typed) && unit !== "1" && unit !== "" ? `${typed} ${unit}` : typed;
};
/** A name inside a JSON pointer. */
const part_of = (name: string) => name.replaceAll("~", "~0").replaceAll("/", "~1");

class Reading {
  problems: Problem[] = [];
  places = new Map<string, string>();
  problem(field: string, message: string): void {
    this.problems.push({ field, severity: "error", message, hint: "" });
  }
  missing(field: string, what: string): void {
    this.problem(field, say.missing(what));
  }
  text(field: string, typed: string, what: string): string {
    if (typed.trim() === "") this.missing(field, what);
    return typed.trim();
  }
  number(field: string, typed: string, what: string): number {
    const value = number_of(typed);
    if (typed.trim() === "") this.missing(field, what);
    else if (!Number.isFinite(value)) this.problem(field, say.no_number(what));
    return Number.isFinite(value) ? value : 0;
  }
  percent(field: string, typed: string, what: string): number {
    return this.number(field, typed.replace("%", ""), what);
  }
  /** As text with a unit: "12 h". */
  time(field: string, typed: string, what: string): string {
    const text = this.text(field, typed, what);
    if (text !== "" && hours_of(text) === undefined) this.problem(field, say.no_number(what));
    return with_unit(text, "h");
  }
  /** Fractions of each of `names`, typed in per cent. */
  shares(fields: string[], names: string[], typed: Record<string, string>, what: (name: string) => string, of: string) {
    const parts = names.map((name, i) => this.percent(fields[i]!, typed[name] ?? "", what(name)));
    const sum = parts.reduce((a, b) => a + b, 0);
    const whole = !this.problems.some((problem) => fields.includes(problem.field));
    if (whole && Math.abs(sum - 100) > 1e-6) this.problem(fields[0]!, say.shares_sum(of));
    return Object.fromEntries(names.map((name, i) => [name, parts[i]! / 100]));
  }
}

export const field_of_covariate = (name: string, part: string) => `population-${name}-${part}`;
/** Field of a part of the distribution that holds for the nth word; words have spaces, which an id may not. */
export const field_of_distribution = (name: string, nth: number, part: string) => field_of_covariate(name, `${nth}-${part}`);
/** "Body weight, male": what a distribution is of. */
export const name_of = (c: CardCovariate, word: string) => (word === "" ? c.label : `${c.label}, ${word}`);

/** One distribution; `pointer`: where it stands in the request. */
function read_distribution(
  card: Card,
  c: CardCovariate,
  { how }: TypedSpread,
  typed: TypedDistribution,
  { nth, word, pointer }: { nth: number; word: string; pointer: string },
  reading: Reading,
): Distribution {
  const field = (part: string) => field_of_distribution(c.name, nth, part);
  const name = name_of(c, word);
  const place = (key: string, part: string) => reading.places.set(`${pointer}/${key}`, field(part));
  const number = (part: "from" | "to" | "median" | "cv" | "mean" | "sd", what: string) =>
    part === "cv" ? reading.percent(field(part), typed[part], what) : reading.number(field(part), typed[part], what);
  const limits = (): [number, number] => [number("from", say.from(name)), number("to", say.to(name))];
  if (how === "even") {
    reading.places.set(pointer, field("from"));
    return { even: limits() };
  }
  if (how === "shares") {
    const choices = c.choices ?? [];
    const fields = choices.map((_, i) => field(`share-${i}`));
    reading.places.set(pointer, fields[0]!);
    return reading.shares(fields, choices, typed.shares, (one) => say.share(name, one), name);
  }
  if (how === "alleles") {
    const alleles = alleles_of(card, c);
    const fields = alleles.map((_, i) => field(`allele-${i}`));
    reading.places.set(pointer, fields[0]!);
    return { alleles: reading.shares(fields, alleles, typed.alleles, (one) => say.allele(name, one), name) };
  }
  place("within", "from");
  const limited = typed.from.trim() !== "" || typed.to.trim() !== "" || c.studied === undefined;
  if (how === "mean") {
    reading.places.set(pointer, field("mean"));
    place("sd", "sd");
    const moments = { mean: number("mean", say.mean(name)), sd: number("sd", say.sd(name)) };
    return limited ? { ...moments, within: limits() } : moments;
  }
  reading.places.set(pointer, field("median"));
  place("cv", "cv");
  const around = { median: number("median", say.median(name)), cv: `${number("cv", say.cv(name))} %` };
  return limited ? { ...around, within: limits() } : around;
}

/** What one covariate becomes: a constant, a distribution, one for each word of another covariate, or nothing. */
function read_spread(card: Card, c: CardCovariate, typed: TypedSpread, reading: Reading, to: PopulationRequest): void {
  const field = (part: string) => field_of_covariate(c.name, part);
  reading.places.set(`/population/covariates/${part_of(c.name)}`, field("value"));
  const pointer = `/population/sampled/${part_of(c.name)}`;
  if (typed.how === "model") return;
  if (typed.how === "same") {
    (to.covariates ??= {})[c.name] = with_unit(reading.text(field("value"), typed.value, c.label), c.choices ? "" : c.unit);
    return;
  }
  const all = words_of(card, typed).map((word, nth) => {
    const at = { nth, word, pointer: word === "" ? pointer : `${pointer}/${part_of(word)}` };
    return [word, read_distribution(card, c, typed, distribution_of(c, typed, word), at, reading)] as const;
  });
  const [first] = all;
  if (first![0] !== "") reading.places.set(pointer, field("by"));
  (to.sampled ??= {})[c.name] = first![0] === "" ? first![1] : { by: typed.by, ...Object.fromEntries(all) };
}

/** Bands of a number between its cuts, or one subgroup for each word. */
export function subgroups_of(c: CardCovariate, cuts: number[]): { label: string; where: Conditions }[] {
  if (c.choices) return c.choices.map((word) => ({ label: `${c.label}: ${word}`, where: { [c.name]: word } }));
  const sorted = [...new Set(cuts)].sort((a, b) => a - b);
  const text = (x: number) => plain(x, c.unit);
  return [undefined, ...sorted].map((low, i) => {
    const high = sorted[i];
    if (low === undefined) return { label: say.band.below(c.label, text(high!)), where: { [c.name]: { below: high! } } };
    if (high === undefined) return { label: say.band.above(c.label, text(low)), where: { [c.name]: { at_least: low } } };
    return { label: say.band.between(c.label, plain(low), text(high)), where: { [c.name]: { at_least: low, below: high } } };
  });
}

function read_groups(card: Card, typed: TypedPopulation, reading: Reading): NonNullable<PopulationRequest["subgroups"]> {
  return typed.groups.flatMap((row) => {
    const c = card.covariates.find((found) => found.name === row.covariate);
    if (!c) return [];
    const field = `population-group-${row.id}-cuts`;
    // "30, 60" are two cuts, "1,2" is one with a decimal comma, as everywhere on the page.
    const cuts = c.choices ? [] : row.cuts.split(/[;\s]+|,\s+/).filter((text) => text !== "");
    if (!c.choices && cuts.length === 0) {
      reading.missing(field, say.cuts);
      return [];
    }
    return subgroups_of(
      c,
      cuts.map((text) => reading.number(field, text, say.cuts)),
    );
  });
}

const course = (line: string) => ({ label: line, lines: [line] });

/** A line for each course of doses: a loading dose is the first of them, and the others follow it after an interval. */
function read_regimen(typed: TypedRegimen, card: Card, reading: Reading): { label: string; lines: string[] } {
  const field = (part: string) => `population-regimen-${typed.id}-${part}`;
  const route = route_of(card, typed);
  const by = route && route !== card.routes[0] ? `${route.name}: ` : "";
  const amount = with_unit(reading.text(field("amount"), typed.amount, say.amount), route?.unit ?? "");
  const loading = typed.loading.trim() === "" ? undefined : with_unit(typed.loading, route?.unit ?? "");
  const infused = route?.infusion && (typed.over.trim() !== "" || !route.bolus);
  const over = infused ? ` over ${reading.time(field("over"), typed.over, say.over)}` : "";
  const doses = typed.doses.trim() === "" ? 0 : reading.number(field("doses"), typed.doses, say.doses);
  if (loading === undefined && typed.every.trim() === "" && doses <= 1) return course(`${by}${amount}${over} once`);
  const every = reading.time(field("every"), typed.every, say.every);
  if (typed.doses.trim() === "") reading.missing(field("doses"), say.doses);
  const going_on = (n: number) => `${by}${amount}${over} every ${every}, ${n} doses`;
  if (loading === undefined) return course(going_on(doses));
  if (typed.doses.trim() !== "" && doses < 2) reading.problem(field("doses"), say.loading_alone);
  const [first, others] = [`${by}${loading}${over} once`, going_on(doses - 1)];
  return { label: say.first_then(first, others), lines: [first, `${others} from ${every}`] };
}

function read_target(card: Card, typed: TypedPopulation, reading: Reading, to: PopulationRequest): void {
  const { read, from, to: until, at_least, at_most } = typed.target;
  const end = reading.time("population-to", until, read === "value" ? say.at : say.window_to);
  if (read === "value") to.each = end;
  else to.each = `${read} ${hours_of(reading.time("population-from", from, say.window_from)) ?? 0} to ${hours_of(end) ?? 0} h`;
  const output = card.outputs.find((o) => o.name === typed.target.of);
  const unit = output && read !== "auc" ? output.unit : "";
  if (at_least.trim() !== "") to.at_least = with_unit(at_least, unit);
  if (at_most.trim() !== "") to.at_most = with_unit(at_most, unit);
  if (at_least.trim() === "" && at_most.trim() === "") reading.missing("population-at-least", say.target);
  const places = { of: "of", each: "to", at_least: "at-least", at_most: "at-most", times: "to" };
  for (const [key, part] of Object.entries(places)) reading.places.set(`/population/${key}`, `population-${part}`);
}

const POINTS = 96;

/** To the end of what is read and of the last dosing interval, in steps of equal length. */
function times_of(typed: TypedPopulation): NonNullable<PopulationRequest["times"]> {
  const ends = typed.regimens.map((r) => (hours_of(r.every) ?? 24) * Math.max(1, number_of(r.doses) || 1));
  const last = Math.max(hours_of(typed.target.to) ?? 0, ...ends, 1);
  return { from: "0 h", to: `${last} h`, every: `${last / POINTS} h` };
}

export interface BuiltPopulation {
  request: PopulationRequest;
  seed: number;
  problems: Problem[];
  places: Map<string, string>;
}

export function to_population(typed: TypedPopulation, card: Card): BuiltPopulation {
  const reading = new Reading();
  const request: PopulationRequest = { of: typed.target.of };
  reading.places.set("/population/patients", "population-patients").set("/settings/seed", "population-seed");
  request.patients = reading.number("population-patients", typed.patients, say.size);
  const seed = reading.number("population-seed", typed.seed, say.seed);
  for (const c of stated_covariates(card)) read_spread(card, c, spread_of(card, c, typed), reading, request);
  if (typed.correlations.length > 0)
    request.correlations = typed.correlations.map((row, i) => {
      const field = (part: string) => `population-correlation-${row.id}-${part}`;
      const pointer = `/population/correlations/${i}`;
      reading.places.set(pointer, field("value")).set(`${pointer}/between/0`, field("a")).set(`${pointer}/between/1`, field("b"));
      return {
        between: [reading.text(field("a"), row.a, say.between), reading.text(field("b"), row.b, say.and)],
        correlation: reading.number(field("value"), row.value, say.correlation),
      };
    });
  const groups = read_groups(card, typed, reading);
  reading.places.set("/population/regimen", `population-regimen-${typed.regimens[0]?.id}-amount`); // of whichever regimen
  if (groups.length > 0) request.subgroups = groups;
  request.regimens = typed.regimens.map((regimen, i) => {
    reading.places.set(`/population/regimens/${i}`, `population-regimen-${regimen.id}-amount`);
    const { label, lines } = read_regimen(regimen, card, reading);
    const per = card.covariates.find((c) => c.name === regimen.per);
    return per
      ? { label: `${label}, ${say.per.toLowerCase()} ${per.unit}`, regimen: lines, per: per.name }
      : { label, regimen: lines };
  });
  read_target(card, typed, reading, request);
  if (reading.problems.length === 0) request.times = times_of(typed);
  return { request, seed, problems: reading.problems, places: reading.places };
}
