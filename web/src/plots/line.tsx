/** One column against time. */

import { line, steps, type Point } from "./path";
import type { Scales } from "./scales";

interface LineProps {
  time: number[];
  value: number[];
  scales: Scales;
  kind: string;
  step?: boolean;
}

/** What both columns hold, on the scales of the figure. */
export function points(time: number[], value: number[], scales: Scales): Point[] {
  const both = time.slice(0, value.length);
  return both.map((t, i) => [scales.time(t), scales.value(value[i]!)]);
}

export function Line({ time, value, scales, kind, step }: LineProps) {
  const path = step ? steps : line;
  return <path class={`line ${kind}`} d={path(points(time, value, scales))} />;
}
