/** A quantile band between two columns, on the scales of its figure; `edge` draws its limits as dashed lines instead. */

import { range } from "d3-array";
import { area, line } from "d3-shape";
import type { Scales } from "./scales";

interface BandProps {
  time: number[];
  lower: number[];
  upper: number[];
  scales: Scales;
  kind: string;
  edge?: boolean;
}

export function Band({ time, lower, upper, scales, kind, edge }: BandProps) {
  const points = range(Math.min(time.length, lower.length, upper.length));
  if (edge) {
    const draw = (column: number[]) =>
      line<number>()
        .x((i) => scales.time(time[i]!))
        .y((i) => scales.value(column[i]!))(points) ?? "";
    return <path class={`band-edge ${kind}`} d={draw(lower) + draw(upper)} />;
  }
  const path = area<number>()
    .x((i) => scales.time(time[i]!))
    .y0((i) => scales.value(lower[i]!))
    .y1((i) => scales.value(upper[i]!));
  return <path class={`band ${kind}`} d={path(points) ?? ""} />;
}
