/** A quantile band between two columns, on the scales of its figure; `edge` draws its limits as dashed lines instead. */

import { points } from "./line";
import { area, line } from "./path";
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
  const low = points(time, lower, scales);
  const high = points(time, upper, scales);
  if (edge) return <path class={`band-edge ${kind}`} d={line(low) + line(high)} />;
  return <path class={`band ${kind}`} d={area(high, low)} />;
}
