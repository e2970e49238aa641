/**
 * A case as it was typed: strings only, nothing interpreted. This is what the save file holds, what undo restores and what
 * every error leaves untouched. `case/to_request.ts` turns it into a request.
 */

export interface TypedCase {
  format: "titrate-case/1";
  /** Label of a worked patient; empty for a typed one. No name, no number of a person is asked for. */
  title: string;
  /** id of the model. */
  model: string;
  /** IANA time zone in which the clock times were read. */
  zone: string;
  covariates: Record<string, CovariateTyped>;
  doses: DoseRow[];
  levels: LevelRow[];
  now: string;
  horizon: string;
  /** What is planned from now on, where it is not the last dose repeated. */
  planned: RegimenTyped;
  target: TargetTyped;
  what_if: RegimenTyped;
  /** Ids of the cautions that a person accepted. */
  accepted: string[];
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

export interface RegimenTyped {
  amt: string;
  dur: string;
  ii: string;
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

export function empty_dose(id: number): DoseRow {
  return { id, time: "", amt: "", dur: "", ii: "", addl: "", route: "" };
}

export function empty_level(id: number): LevelRow {
  return { id, time: "", dv: "", output: "", assay: "", used: true, why: "" };
}

export function empty_case(model: string): TypedCase {
  return {
    format: "titrate-case/1",
    title: "",
    model,
    zone: local_zone(),
    covariates: {},
    doses: [empty_dose(1)],
    levels: [empty_level(2)],
    now: "",
    horizon: "",
    planned: { amt: "", dur: "", ii: "" },
    target: { id: "", low: "", high: "" },
    what_if: { amt: "", dur: "", ii: "" },
    accepted: [],
  };
}

/** The next free row id. Ids are never reused within a case, so focus and messages follow their row. */
export function next_id(typed: TypedCase): number {
  const ids = [
    ...typed.doses.map((row) => row.id),
    ...typed.levels.map((row) => row.id),
    ...Object.values(typed.covariates).flatMap((covariate) => covariate.later.map((row) => row.id)),
  ];
  return Math.max(0, ...ids) + 1;
}

export function is_blank(row: DoseRow | LevelRow): boolean {
  return "dv" in row ? (row.time + row.dv).trim() === "" : (row.time + row.amt + row.dur + row.ii + row.addl).trim() === "";
}
