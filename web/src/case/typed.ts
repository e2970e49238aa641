/**
 * A case as it was typed: strings only, nothing interpreted. This is what the save file holds, what undo restores and what
 * every error leaves untouched. `case/to_request.ts` turns it into a request.
 */

import type { TypedPopulation } from "./population";

export interface TypedCase {
  format: "titrate-case/1";
  /** Label of a worked patient; empty for a typed one. No name, no number of a person is asked for. */
  title: string;
  /** id of the model. */
  model: string;
  /** IANA time zone in which the clock times were read. */
  zone: string;
  covariates: Record<string, CovariateTyped>;
  /** Diplotypes by gene; `inhibitors`: of CYP2D6, separated by commas. */
  genotypes: Record<string, string>;
  doses: DoseRow[];
  levels: LevelRow[];
  /** Dialysis. */
  sessions: SessionRow[];
  co_medication: DrugRow[];
  /** What else the model lets change over time: meals, light ... */
  inputs: InputRow[];
  /** What may be left at the first record of doses that nobody knows. */
  earlier: EarlierRow[];
  /** lambda; empty: 1. */
  prior_weight: string;
  now: string;
  horizon: string;
  /** What is planned from now on, where it is not the last dose repeated. */
  planned: RegimenTyped;
  target: TargetTyped;
  what_if: RegimenTyped;
  /** Ids of the cautions that a person accepted. */
  accepted: string[];
  /** Virtual patients by model, where some were set up. */
  populations: Record<string, TypedPopulation>;
}

export interface CovariateTyped {
  value: string;
  /** Later values, each with its time. */
  later: { id: number; time: string; value: string }[];
}

export interface DoseRow {
  id: number;
  time: string;
  amt: string;
  dur: string;
  ii: string;
  addl: string;
  route: string;
  /** Absent: taken for certain. Else the probability in per cent, "0" for a missed dose. */
  taken?: string;
}

export interface LevelRow {
  id: number;
  time: string;
  dv: string;
  output: string;
  assay: string;
  used: boolean;
  why: string;
}

export interface SessionRow {
  id: number;
  time: string;
  length: string;
  modality: string;
  /** The session's own clearance; of a continuous modality the effluent. */
  flow: string;
}

export interface DrugRow {
  id: number;
  drug: string;
  time: string;
  stop: string;
}

export interface InputRow {
  id: number;
  input: string;
  time: string;
  stop: string;
  value: string;
}

export interface EarlierRow {
  id: number;
  state: string;
  amount: string;
  cv: string;
}

/** The tables of a case. */
export interface Rows {
  doses: DoseRow;
  levels: LevelRow;
  sessions: SessionRow;
  co_medication: DrugRow;
  inputs: InputRow;
  earlier: EarlierRow;
}
export type Kind = keyof Rows;

export interface RegimenTyped {
  amt: string;
  dur: string;
  ii: string;
  /** Absent: that of the last dose, else the model's first. */
  route?: string;
}

export interface TargetTyped {
  /** id of one of the model's targets; empty: its first. */
  id: string;
  /** The user's own limits, in the unit of that target; both empty: the model's. */
  low: string;
  high: string;
}

export function local_zone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

const BLANK: { [K in Kind]: Omit<Rows[K], "id"> } = {
  doses: { time: "", amt: "", dur: "", ii: "", addl: "", route: "" },
  levels: { time: "", dv: "", output: "", assay: "", used: true, why: "" },
  sessions: { time: "", length: "", modality: "", flow: "" },
  co_medication: { drug: "", time: "", stop: "" },
  inputs: { input: "", time: "", stop: "", value: "" },
  earlier: { state: "", amount: "", cv: "" },
};
/** With which the ids of a table's fields begin: dose-1-time. */
export const PREFIX: Record<Kind, string> = {
  doses: "dose",
  levels: "level",
  sessions: "session",
  co_medication: "drug",
  inputs: "input",
  earlier: "earlier",
};
export const KINDS = Object.keys(BLANK) as Kind[];

/** Cells that a person fills; what is chosen from a list has a value anyhow. */
const FILLED: Record<Kind, readonly string[]> = {
  doses: ["time", "amt", "dur", "ii", "addl"],
  levels: ["time", "dv"],
  sessions: ["time", "length", "flow"],
  co_medication: ["time", "stop"],
  inputs: ["time", "stop", "value"],
  earlier: ["amount", "cv"],
};

export function empty_row<K extends Kind>(kind: K, id: number): Rows[K] {
  return { id, ...BLANK[kind] } as Rows[K];
}

export function rows_of<K extends Kind>(kind: K, from: TypedCase): Rows[K][] {
  return from[kind] as Rows[K][];
}

/** Nothing was typed into it: it is no row yet. */
export function is_blank<K extends Kind>(kind: K, row: Rows[K]): boolean {
  const cells = row as unknown as Record<string, string>;
  return FILLED[kind].every((part) => (cells[part] ?? "").trim() === "");
}

export function filled_rows<K extends Kind>(kind: K, from: TypedCase): Rows[K][] {
  return rows_of(kind, from).filter((row) => !is_blank(kind, row));
}

export function empty_case(model: string, zone = local_zone()): TypedCase {
  return {
    format: "titrate-case/1",
    title: "",
    model,
    zone,
    covariates: {},
    genotypes: {},
    doses: [empty_row("doses", 1)],
    levels: [empty_row("levels", 2)],
    sessions: [],
    co_medication: [],
    inputs: [],
    earlier: [],
    prior_weight: "",
    now: "",
    horizon: "",
    planned: { amt: "", dur: "", ii: "" },
    target: { id: "", low: "", high: "" },
    what_if: { amt: "", dur: "", ii: "" },
    accepted: [],
    populations: {},
  };
}

/** The next free row id. Ids are never reused within a case, so focus and messages follow their row. */
export function next_id(typed: TypedCase): number {
  const ids = [
    ...KINDS.flatMap((kind) => rows_of(kind, typed).map((row) => row.id)),
    ...Object.values(typed.covariates).flatMap((covariate) => covariate.later.map((row) => row.id)),
  ];
  return Math.max(0, ...ids) + 1;
}
