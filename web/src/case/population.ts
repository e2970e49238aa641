/**
 * A virtual population as typed, and the request that it becomes. As elsewhere everything stays text until the engine reads it;
 * what the page cannot send (a share that is no number, a gap) is a problem at its field. No share and no number is made up: a
 * covariate begins as the model file has it (a studied range, frequencies, a value for the unknown), else it is empty.
 */

import type { Card, Conditions, PopulationRequest } from "../../../wasm/titrate";
import { plain } from "../format";
import { words } from "../words";

const say = words.population;

export type How = "same" | "even" | "around" | "shares" | "model";

export interface TypedSpread {
  how: How;
  value: string;
  from: string;
  to: string;
  median: string;
  cv: string;
  shares: Record<string, string>;
}
export interface TypedRegimen {
  id: number;
  amount: string;
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
export interface PopulationProblem {
  field: string;
  message: string;
}

type CardCovariate = Card["covariates"][number];

/** Those that a person states: not hidden, not computed from others. */
export const stated_covariates = (card: Card) => card.covariates.filter((c) => !c.hidden && c.from === undefined);
export const computed_covariates = (card: Card) => card.covariates.filter((c) => !c.hidden && c.from !== undefined);

/** What the model file says of its own population. */
export const own_of = (card: Card, c: CardCovariate) => card.sampled?.find((s) => s.name === c.name);

const may_be_left = (card: Card, c: CardCovariate) =>
  c.frequencies !== undefined || c.when_unknown !== undefined || own_of(card, c) !== undefined;

export function ways(card: Card, c: CardCovariate): How[] {
  const all: How[] = c.choices ? ["same", "shares"] : ["same", "even", "around"];
  return may_be_left(card, c) ? [...all, "model"] : all;
}

function empty_spread(card: Card, c: CardCovariate): TypedSpread {
  const [from = "", to = ""] = (c.studied ?? []).map(String);
  const how: How = may_be_left(card, c) ? "model" : c.studied && !c.choices ? "even" : "same";
  return { how, value: "", from, to, median: "", cv: "", shares: {} };
}

export const empty_regimen = (id: number): TypedRegimen => ({ id, amount: "", per: "", over: "", every: "", doses: "" });

export function empty_population(card: Card): TypedPopulation {
  return {
    patients: "500",
    seed: "1",
    covariates: Object.fromEntries(stated_covariates(card).map((c) => [c.name, empty_spread(card, c)])),
    correlations: [],
    groups: [],
    regimens: [empty_regimen(1)],
    target: target_of(card, card.targets[0]?.id ?? "own"),
  };
}

/** What a target of the model reads, where its words name a window of hours; else the window stays to be stated. */
export function target_of(card: Card, id: string): TypedPopulation["target"] {
  const target = card.targets.find((t) => t.id === id);
  const limits = { at_least: "", at_most: "" };
  const of = target?.of ?? card.outputs[0]?.name ?? "";
  if (!target) return { id: "own", of, read: "value", from: "", to: "", ...limits };
  const reads: Record<string, string> = { auc24: "auc", auc: "auc", cmin: "value", cmax: "max", nadir: "min", value_at: "value" };
  const window = window_of(target.during);
  const read = reads[target.metric];
  const day_long = target.metric !== "auc24" || !window || window.to - window.from === 24;
  if (read === undefined || !day_long) return { id, of, read: "value", from: "", to: "", ...limits };
  const text = (x: number | undefined) => (x === undefined ? "" : plain_quantity(x, target.unit));
  return {
    id,
    of,
    read,
    from: window && read !== "value" ? String(window.from) : "",
    to: window ? String(window.to) : "",
    at_least: text(target.low),
    at_most: text(target.high),
  };
}

const plain_quantity = (x: number, unit: string) => (unit === "1" ? String(x) : `${x} ${unit}`);

/** "24 to 48 h", "first 24 h", "at 48 h", "3 to 7 days", in hours after the first dose. */
export function window_of(during: string): { from: number; to: number } | undefined {
  const match = /^(?:first (\S+)|at (\S+)|(\S+) to (\S+)) (h|days?)$/.exec(during);
  if (!match) return undefined;
  const [, first, at, from, to, unit] = match;
  const hours = (text: string | undefined) => Number(text) * (unit === "h" ? 1 : 24);
  const window = { from: hours(from ?? at ?? "0"), to: hours(first ?? at ?? to) };
  return Number.isFinite(window.from) && Number.isFinite(window.to) ? window : undefined;
}

const HOURS: Record<string, number> = { min: 1 / 60, h: 1, day: 24, days: 24, week: 168, weeks: 168 };

/** "12", "12 h", "7 days" in hours; nothing when it is no time. */
export function hours_of(text: string): number | undefined {
  const match = /^\s*(\d+(?:[.,]\d+)?)\s*([a-z]*)\s*$/.exec(text);
  const factor = match ? HOURS[match[2] === "" ? "h" : match[2]!] : undefined;
  return match && factor !== undefined ? Number(match[1]!.replace(",", ".")) * factor : undefined;
}

const number_of = (text: string) => (text.trim() === "" ? Number.NaN : Number(text.trim().replace(",", ".").replace("−", "-")));
const with_unit = (text: string, unit: string) => {
  const typed = text.trim().replace(/(\d),(\d)/, "$1.$2");
  return /^[+-]?[\d.]+(e[+-]?\d+)?$/i.test(typed) && unit !== "1" && unit !== "" ? `${typed} ${unit}` : typed;
};

class Reading {
  problems: PopulationProblem[] = [];
  missing(field: string, what: string): void {
    this.problems.push({ field, message: say.missing(what) });
  }
  text(field: string, typed: string, what: string): string {
    if (typed.trim() === "") this.missing(field, what);
    return typed.trim();
  }
  number(field: string, typed: string, what: string): number {
    const value = number_of(typed);
    if (typed.trim() === "") this.missing(field, what);
    else if (!Number.isFinite(value)) this.problems.push({ field, message: say.no_number(what) });
    return Number.isFinite(value) ? value : 0;
  }
  /** As text with a unit: "12 h". */
  time(field: string, typed: string, what: string): string {
    const text = this.text(field, typed, what);
    if (text !== "" && hours_of(text) === undefined) this.problems.push({ field, message: say.no_number(what) });
    return with_unit(text, "h");
  }
}

export const field_of_covariate = (name: string, part: string) => `population-${name}-${part}`;

/** What one covariate becomes: a constant, a distribution, or nothing. */
function read_spread(c: CardCovariate, typed: TypedSpread, reading: Reading, to: PopulationRequest): void {
  const field = (part: string) => field_of_covariate(c.name, part);
  if (typed.how === "model") return;
  if (typed.how === "same") {
    (to.covariates ??= {})[c.name] = with_unit(reading.text(field("value"), typed.value, c.label), c.choices ? "" : c.unit);
  } else if (typed.how === "even") {
    const from = reading.number(field("from"), typed.from, say.from(c.label));
    (to.sampled ??= {})[c.name] = { even: [from, reading.number(field("to"), typed.to, say.to(c.label))] };
  } else if (typed.how === "around") {
    const median = reading.number(field("median"), typed.median, say.median(c.label));
    const cv = `${reading.number(field("cv"), typed.cv.replace("%", ""), say.cv(c.label))} %`;
    const limited = typed.from.trim() !== "" || typed.to.trim() !== "" || c.studied === undefined;
    const within: [number, number] | undefined = limited
      ? [reading.number(field("from"), typed.from, say.from(c.label)), reading.number(field("to"), typed.to, say.to(c.label))]
      : undefined;
    (to.sampled ??= {})[c.name] = within ? { median, cv, within } : { median, cv };
  } else {
    const choices = c.choices ?? [];
    const parts = choices.map((word) =>
      reading.number(field(`share-${word}`), (typed.shares[word] ?? "").replace("%", ""), say.share(c.label, word)),
    );
    const sum = parts.reduce((a, b) => a + b, 0);
    if (Math.abs(sum - 100) > 1e-6)
      reading.problems.push({ field: field(`share-${choices[0]}`), message: say.shares_sum(c.label) });
    (to.sampled ??= {})[c.name] = Object.fromEntries(choices.map((word, i) => [word, parts[i]! / 100]));
  }
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

export function regimen_line(typed: TypedRegimen, unit: string, reading: Reading): string {
  const field = (part: string) => `population-regimen-${typed.id}-${part}`;
  const amount = with_unit(reading.text(field("amount"), typed.amount, say.amount), unit);
  const over = typed.over.trim() === "" ? "" : ` over ${reading.time(field("over"), typed.over, say.over)}`;
  const doses = typed.doses.trim() === "" ? 0 : reading.number(field("doses"), typed.doses, say.doses);
  if (typed.every.trim() === "" && doses <= 1) return `${amount}${over} once`;
  const every = reading.time(field("every"), typed.every, say.every);
  if (typed.doses.trim() === "") reading.missing(field("doses"), say.doses);
  return `${amount}${over} every ${every}, ${doses} doses`;
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
}

const POINTS = 96;

/** To the end of what is read and of the last dosing interval, in steps of equal length. */
function times_of(typed: TypedPopulation): PopulationRequest["times"] {
  const ends = typed.regimens.map((r) => (hours_of(r.every) ?? 24) * Math.max(1, number_of(r.doses) || 1));
  const last = Math.max(hours_of(typed.target.to) ?? 0, ...ends, 1);
  return { from: "0 h", to: `${last} h`, every: `${last / POINTS} h` };
}

export interface BuiltPopulation {
  request: PopulationRequest;
  seed: number;
  problems: PopulationProblem[];
}

export function to_population(typed: TypedPopulation, card: Card): BuiltPopulation {
  const reading = new Reading();
  const request: PopulationRequest = { of: typed.target.of };
  request.patients = reading.number("population-patients", typed.patients, say.size);
  const seed = reading.number("population-seed", typed.seed, say.seed);
  for (const c of stated_covariates(card)) read_spread(c, typed.covariates[c.name] ?? empty_spread(card, c), reading, request);
  if (typed.correlations.length > 0)
    request.correlations = typed.correlations.map((row) => ({
      between: [
        reading.text(`population-correlation-${row.id}-a`, row.a, say.between),
        reading.text(`population-correlation-${row.id}-b`, row.b, say.and),
      ],
      correlation: reading.number(`population-correlation-${row.id}-value`, row.value, say.correlation),
    }));
  const groups = typed.groups.flatMap((row) => {
    const c = card.covariates.find((found) => found.name === row.covariate);
    if (!c) return [];
    const field = `population-group-${row.id}-cuts`;
    const cuts = c.choices ? [] : row.cuts.split(/[;,\s]+/).filter((text) => text !== "");
    if (!c.choices && cuts.length === 0) reading.missing(field, say.cuts);
    return c.choices || cuts.length > 0
      ? subgroups_of(
          c,
          cuts.map((text) => reading.number(field, text, say.cuts)),
        )
      : [];
  });
  if (groups.length > 0) request.subgroups = groups;
  const unit = card.routes[0]?.unit ?? "";
  request.regimens = typed.regimens.map((regimen) => {
    const line = regimen_line(regimen, unit, reading);
    const found = card.covariates.find((c) => c.name === regimen.per);
    return found
      ? { label: `${line}, ${say.per.toLowerCase()} ${found.unit}`, regimen: line, per: found.name }
      : { label: line, regimen: line };
  });
  read_target(card, typed, reading, request);
  if (reading.problems.length === 0) request.times = times_of(typed)!;
  return { request, seed, problems: reading.problems };
}
