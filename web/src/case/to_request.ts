/**
 * From typed strings to the door's request. Text stays text: the engine reads units and checks ranges. What only the page can
 * know (an unreadable clock time, an empty cell, a decimal that could be a thousand) is a problem beside its field.
 *
 * `places` says which field a JSON pointer of the request belongs to, so that the engine's diagnostics find their way back.
 */

import type { Card, CustomTarget, Dose, Observation, Patient, Regimen, Settings } from "../../../wasm/titrate";
import * as words from "../words";
import { Builder, type Problem } from "./builder";
import { chosen_output, chosen_route, route_of } from "./chosen";
import { GENES } from "./import_genotypes";
import { zone_exists, type Instant } from "./clock";
import { read_amount, read_bound, read_count, split_error } from "./quantity";
import { read_situation, settings_of } from "./situation";
import { filled_rows, type DoseRow, type LevelRow, type RegimenTyped, type TypedCase } from "./typed";

const HOUR = 3_600_000; // ms

export interface Built {
  patient: Patient;
  horizon?: string | undefined;
  target?: string | CustomTarget | undefined;
  what_if?: Regimen | undefined;
  accepted: string[];
  settings?: Settings | undefined;
  /** Milliseconds since 1970 of time 0. */
  origin: number;
  problems: Problem[];
  places: Map<string, string>;
}

const blank_regimen = (r: RegimenTyped) => (r.amt + r.dur + r.ii).trim() === "";

export function to_request(typed: TypedCase, card: Card): Built {
  const zone = zone_exists(typed.zone) ? typed.zone : "UTC";
  const b = new Builder(zone);
  if (zone !== typed.zone) b.error("zone", words.patient.zone_bad(typed.zone), words.patient.zone_hint);

  const doses = filled_rows("doses", typed);
  const levels = filled_rows("levels", typed);
  const dose_times = b.times(doses, "dose");
  const level_times = b.times(
    levels.map((row) => ({ ...row, time: split_error(row.time).value })),
    "level",
  );
  const situation = read_situation(typed, card, b);
  const last = [...dose_times, ...level_times].filter((t) => t !== undefined).at(-1);
  const now = typed.now.trim() === "" ? undefined : b.clock("now", typed.now, last);
  const known = [...dose_times, ...level_times, ...situation.times, now].filter((t): t is Instant => t !== undefined);
  const origin = known.length > 0 ? Math.min(...known.map((t) => t.epoch)) : Date.UTC(2026, 0, 1);
  const after = (instant: Instant | undefined) => (instant ? `${(instant.epoch - origin) / HOUR} h` : "0 h");

  const genotypes = genotypes_of(typed, b);
  const patient: Patient = {
    covariates: covariates_of(typed, card, b, origin, after),
    ...(Object.keys(genotypes).length > 0 ? { genotypes } : {}),
    doses: doses.map((row, i) => dose_of(row, i, after(dose_times[i]), card, b)),
    observations: levels.map((row, i) => level_of(row, i, after(level_times[i]), card, b)),
    ...situation.patient(after),
  };
  if (doses.length === 0 && typed.doses[0]) {
    b.error(`dose-${typed.doses[0].id}-time`, words.doses.missing, words.clock.example, true);
    b.places.set("/patient/doses", `dose-${typed.doses[0].id}-time`);
  }
  if (now) patient.now = after(now);
  b.places.set("/patient/now", "now");
  if (!blank_regimen(typed.planned)) {
    patient.current = regimen_of(typed.planned, "planned", typed, card, b);
    place_regimen("/patient/current", "planned", b);
  }

  b.places.set("/horizon", "horizon");
  const what_if_complete = typed.what_if.amt.trim() !== "" && typed.what_if.ii.trim() !== "";
  return {
    patient,
    horizon: b.optional("horizon", typed.horizon, "h", words.patient.horizon),
    target: target_of(typed, card, b),
    what_if: what_if_complete ? regimen_of(typed.what_if, "what_if", typed, card, b) : undefined,
    accepted: [...typed.accepted].sort(),
    settings: settings_of(typed, card, b),
    origin,
    problems: b.problems,
    places: b.places,
  };
}

/**
 * Is this covariate asked for only to compute others that were typed themselves? Then it is the engine that says whether the
 * model needs it besides.
 */
function spared(name: string, typed: TypedCase, card: Card): boolean {
  const computed = card.covariates.filter((c) => c.needs?.includes(name));
  return computed.length > 0 && computed.every((c) => (typed.covariates[c.name]?.value ?? "").trim() !== "");
}

function genotypes_of(typed: TypedCase, b: Builder): NonNullable<Patient["genotypes"]> {
  const genotypes: NonNullable<Patient["genotypes"]> = {};
  for (const gene of GENES) {
    const text = (typed.genotypes[gene] ?? "").trim();
    b.places.set(`/patient/genotypes/${gene}`, `gene-${gene}`);
    if (text !== "") genotypes[gene] = text;
  }
  const inhibitors = (typed.genotypes.inhibitors ?? "")
    .split(",")
    .map((drug) => drug.trim().toLowerCase())
    .filter(Boolean);
  const diplotype = genotypes.CYP2D6;
  if (typeof diplotype === "string" && inhibitors.length > 0) {
    genotypes.CYP2D6 = { diplotype, inhibitors };
    b.places.set("/patient/genotypes/CYP2D6/diplotype", "gene-CYP2D6");
    inhibitors.forEach((_, i) => b.places.set(`/patient/genotypes/CYP2D6/inhibitors/${i}`, "gene-inhibitors"));
  }
  return genotypes;
}

function covariates_of(
  typed: TypedCase,
  card: Card,
  b: Builder,
  origin: number,
  after: (i: Instant) => string,
): Patient["covariates"] {
  const result: Patient["covariates"] = {};
  for (const covariate of card.covariates) {
    if (covariate.hidden) continue;
    const field = `cov-${covariate.name}`;
    const pointer = `/patient/covariates/${covariate.name}`;
    b.places.set(pointer, field);
    const entry = typed.covariates[covariate.name] ?? { value: "", later: [] };
    const later = entry.later.filter((row) => (row.time + row.value).trim() !== "");
    if (entry.value.trim() === "") {
      const may_lack = covariate.from ?? covariate.when_unknown ?? covariate.frequencies;
      const by_gene = card.genotypes.some((g) => g.covariate === covariate.name && (typed.genotypes[g.gene] ?? "").trim() !== "");
      const needed = may_lack === undefined && !by_gene && !spared(covariate.name, typed, card);
      if (needed || later.length > 0)
        b.error(field, words.quantity.missing(covariate.label), words.quantity.example(covariate.unit), true);
      continue;
    }
    const read = (id: string, text: string) =>
      covariate.choices ? text.trim() : b.quantity(id, text, covariate.unit, covariate.label);
    const first = read(field, entry.value);
    if (later.length === 0) {
      result[covariate.name] = first;
      continue;
    }
    let above: Instant | undefined = { epoch: origin };
    let start = origin;
    const rows = later.map((row, i) => {
      const instant: Instant | undefined = b.clock(`${field}-${row.id}-time`, row.time, above);
      above = instant ?? above;
      // The value without a time was there before every other, for how long nobody says: a day counts as slow.
      if (instant && instant.epoch <= start) start = instant.epoch - 24 * HOUR;
      b.places.set(`${pointer}/${i + 1}/time`, `${field}-${row.id}-time`);
      b.places.set(`${pointer}/${i + 1}`, `${field}-${row.id}-value`);
      return { time: instant ? after(instant) : "0 h", value: read(`${field}-${row.id}-value`, row.value) };
    });
    result[covariate.name] = [{ time: after({ epoch: start }), value: first }, ...rows];
  }
  return result;
}

function place_regimen(pointer: string, field: string, b: Builder): void {
  b.places.set(pointer, `${field}-amt`);
  for (const part of ["amt", "dur", "ii", "route"]) b.places.set(`${pointer}/${part}`, `${field}-${part}`);
}

function dose_of(row: DoseRow, index: number, time: string, card: Card, b: Builder): Dose {
  const field = `dose-${row.id}`;
  const route = chosen_route(card, row.route);
  const pointer = `/patient/doses/${index}`;
  b.places.set(pointer, `${field}-amt`);
  for (const part of ["time", "amt", "dur", "ii", "addl", "route", "taken"])
    b.places.set(`${pointer}/${part}`, `${field}-${part}`);
  const dose: Dose = { time, amt: b.quantity(`${field}-amt`, row.amt, route?.unit ?? "mg", words.doses.long.amt, read_amount) };
  const dur = b.optional(`${field}-dur`, row.dur, "h", words.doses.long.dur);
  const ii = b.optional(`${field}-ii`, row.ii, "h", words.doses.long.ii);
  if (dur !== undefined) dose.dur = dur;
  if (ii !== undefined) dose.ii = ii;
  if (row.addl.trim() !== "") {
    const count = read_count(row.addl, words.doses.long.addl);
    if (count.ok) dose.addl = count.value;
    else b.error(`${field}-addl`, count.message, count.hint);
    if (ii === undefined && row.ii.trim() === "")
      b.error(`${field}-ii`, words.quantity.missing(words.doses.long.ii), words.quantity.example("h"));
  }
  if (route && (row.route !== "" || card.routes.length > 1)) dose.route = route.name;
  if (row.taken !== undefined) dose.taken = b.quantity(`${field}-taken`, row.taken, "%", words.doses.chance);
  return dose;
}

function level_of(row: LevelRow, index: number, time: string, card: Card, b: Builder): Observation {
  const field = `level-${row.id}`;
  const output = chosen_output(card, row.output);
  const pointer = `/patient/observations/${index}`;
  b.places.set(pointer, `${field}-dv`);
  for (const part of ["time", "dv", "output", "assay"]) b.places.set(`${pointer}/${part}`, `${field}-${part}`);
  b.places.set(`${pointer}/time_error`, `${field}-time`);
  for (const side of ["below", "above"]) b.places.set(`${pointer}/${side}`, `${field}-dv`);
  b.places.set(`${pointer}/excluded`, `${field}-why`);
  const bound = read_bound(row.dv);
  const result = b.quantity(`${field}-dv`, bound?.limit ?? row.dv, output?.unit ?? "", words.levels.long.dv);
  const level: Observation = { time, [bound?.side ?? "dv"]: result };
  if (output) level.output = output.name;
  const { error } = split_error(row.time);
  if (error !== undefined) level.time_error = b.quantity(`${field}-time`, error, "min", words.levels.time_error);
  const assays = output?.residuals.map((r) => r.assay).filter((a) => a !== "") ?? [];
  const assay = assays.includes(row.assay) ? row.assay : assays[0];
  if (assay !== undefined) level.assay = assay;
  if (!row.used) {
    if (row.why.trim() === "") b.error(`${field}-why`, words.levels.why_missing, words.levels.why_hint);
    level.excluded = row.why.trim() || words.levels.used;
  }
  return level;
}

function regimen_of(wanted: RegimenTyped, field: string, typed: TypedCase, card: Card, b: Builder): Regimen {
  const route = route_of(wanted, typed, card);
  const regimen: Regimen = {
    amt: b.quantity(`${field}-amt`, wanted.amt, route?.unit ?? "mg", words.doses.long.amt, read_amount),
    ii: b.quantity(`${field}-ii`, wanted.ii, "h", words.doses.long.ii),
  };
  const dur = b.optional(`${field}-dur`, wanted.dur, "h", words.doses.long.dur);
  if (dur !== undefined) regimen.dur = dur;
  if (route && card.routes.length > 1) regimen.route = route.name;
  return regimen;
}

function target_of(typed: TypedCase, card: Card, b: Builder): string | CustomTarget | undefined {
  const target = card.targets.find((t) => t.id === typed.target.id) ?? card.targets[0];
  b.places.set("/target", "target-id");
  b.places.set("/target/low", "target-low");
  b.places.set("/target/high", "target-high");
  if (!target) return undefined;
  if ((typed.target.low + typed.target.high).trim() === "") return target.id;
  const unit = (name: string) => card.outputs.find((o) => o.name === name)?.unit ?? "";
  const own: CustomTarget = {
    metric: target.metric,
    of: target.of,
    during: target.during,
    weight_low: target.weight_low,
    weight_high: target.weight_high,
  };
  // A side that is left empty keeps the model's limit, which its field shows.
  const side = (field: string, text: string, stated: number | undefined, long: string) =>
    text.trim() !== "" || stated !== undefined ? b.quantity(field, text.trim() || String(stated), target.unit, long) : undefined;
  const low = side("target-low", typed.target.low, target.low, words.regimens.own_low);
  const high = side("target-high", typed.target.high, target.high, words.regimens.own_high);
  if (low !== undefined) own.low = low;
  if (high !== undefined) own.high = high;
  if (target.limit !== undefined) own.limit = b.quantity("target-id", String(target.limit), unit(target.of), target.label);
  return own;
}
