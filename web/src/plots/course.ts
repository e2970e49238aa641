/**
 * From the engine's forecast to what one chart draws: columns in hours, cut at "now". No number is computed here but the change
 * of time units and the extent of the axes.
 */

import { max, min } from "d3-array";
import type { Bands, Forecast, TargetCard } from "../../../wasm/titrate";
import { plain, unit as unit_text } from "../format";
import { dose_marks, type DoseMark } from "./dose_ticks";
import type { Point } from "./points";

export interface Series {
  /** Class name: colour and dash. */
  kind: string;
  /** Another future of the current regimen: a thin line, named in the legend. */
  quiet: boolean;
  label: string;
  /** "1000 mg over 1 h every 12 h" */
  regimen: string;
  time: number[];
  bands: Bands;
  doses: DoseMark[];
}

export interface Course {
  output: string;
  label: string;
  unit: string;
  time: number[];
  now: number;
  population: number[];
  a_priori: Bands;
  history: { time: number[]; bands: Bands };
  regimens: Series[];
  points: Point[];
}

const HOURS_IN: Record<string, number> = { h: 1, min: 1 / 60, s: 1 / 3600, d: 24, day: 24, week: 168, month: 730.5, year: 8766 };

export function hours_in(unit: string): number {
  return HOURS_IN[unit] ?? 1;
}

function slice(bands: Bands, from: number, to: number): Bands {
  const cut = (column: number[]) => column.slice(from, to);
  const { with_residual: r } = bands;
  return {
    median: cut(bands.median),
    p5: cut(bands.p5),
    p25: cut(bands.p25),
    p75: cut(bands.p75),
    p95: cut(bands.p95),
    with_residual: { p5: cut(r.p5), p25: cut(r.p25), p75: cut(r.p75), p95: cut(r.p95) },
  };
}

/** `kinds`: class and label of each regimen of the forecast, in its order. */
export function courses(forecast: Forecast, kinds: { kind: string; label: string; quiet?: boolean }[]): Course[] {
  const factor = hours_in(forecast.time_unit);
  const time = forecast.time.map((t) => t * factor);
  const now = forecast.now * factor;
  const until_now = time.findIndex((t) => t > now + 1e-9);
  const history_end = until_now < 0 ? time.length : until_now;
  return Object.entries(forecast.outputs).map(([output, columns]) => ({
    output,
    label: columns.label,
    unit: columns.unit,
    time,
    now,
    population: columns.population,
    a_priori: columns.a_priori,
    history: {
      time: time.slice(0, Math.min(history_end, columns.history.median.length)),
      bands: slice(columns.history, 0, history_end),
    },
    regimens: forecast.regimens.flatMap((regimen, i): Series[] => {
      const bands = regimen.outputs[output];
      if (!bands) return [];
      const doses = dose_marks(regimen.doses, factor);
      const { kind, label, quiet = false } = kinds[i] ?? { kind: `chosen-${i}`, label: regimen.label };
      return [{ kind, label, quiet, regimen: regimen.label, time: time.slice(time.length - bands.median.length), bands, doses }];
    }),
    points: forecast.fit.levels
      .filter((level) => level.output === output)
      .map((level) => ({ time: level.time * factor, value: level.dv, used: level.used, censored: level.censored })),
  }));
}

/** The top of the value axis: everything that is drawn but the far tail of the widest bands. */
export function top_of(course: Course, residual: boolean, a_priori: boolean, target?: TargetCard): number {
  const tops = [
    max(course.history.bands.p95),
    residual ? max(course.history.bands.with_residual.p95) : undefined,
    a_priori ? max(course.a_priori.p95) : max(course.a_priori.median),
    ...course.regimens.map((r) => max(r.bands.p95)),
    max(course.points, (p) => p.value),
    target?.high !== undefined ? target.high * 1.1 : target?.low !== undefined ? target.low * 1.2 : undefined,
  ];
  return (max(tops.filter((t): t is number => t !== undefined && Number.isFinite(t))) ?? 1) * 1.04 || 1;
}

/** The bottom of a logarithmic axis: three decades at most, unless a level lies deeper. */
export function floor_of(course: Course, top: number): number {
  const shown = [...course.history.bands.p5, ...course.regimens.flatMap((r) => r.bands.p5)].filter((v) => v >= top * 1e-3);
  const levels = course.points.map((p) => p.value).filter((v) => v > 0);
  return Math.min(min(shown) ?? top / 100, min(levels) ?? top) * 0.8;
}

const LEVEL_METRICS = ["cmin", "cmax", "cavg", "value_at", "nadir"];

/** The target as a band of the chart, where it is a level of this output. */
export function target_on(course: Course, target: TargetCard | undefined): TargetCard | undefined {
  return target && target.of === course.output && LEVEL_METRICS.includes(target.metric) ? target : undefined;
}

export function limits(target: { low?: number; high?: number; unit: string }): string {
  const unit = unit_text(target.unit);
  if (target.low === undefined) return target.high === undefined ? "" : `≤ ${plain(target.high, unit)}`;
  if (target.high === undefined) return `≥ ${plain(target.low, unit)}`;
  return `${plain(target.low)} to ${plain(target.high, unit)}`;
}

/** The entry of a column nearest to a time. */
export function nearest(time: number[], hours: number): number {
  let best = 0;
  for (let i = 1; i < time.length; i++) if (Math.abs(time[i]! - hours) < Math.abs(time[best]! - hours)) best = i;
  return best;
}
