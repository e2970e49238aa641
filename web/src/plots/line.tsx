/** One column against time. */

import { range } from "d3-array";
import { curveLinear, curveStepAfter, line } from "d3-shape";
import type { Scales } from "./scales";

interface LineProps {
  time: number[];
  value: number[];
  scales: Scales;
  kind: string;
  step?: boolean;
}

export function Line({ time, value, scales, kind, step }: LineProps) {
  const path = line<number>()
    .x((i) => scales.time(time[i]!))
    .y((i) => scales.value(value[i]!))
    .curve(step ? curveStepAfter : curveLinear);
  return <path class={`line ${kind}`} d={path(range(Math.min(time.length, value.length))) ?? ""} />;
}
