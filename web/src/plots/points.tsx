/** Measured levels: filled when used, an open circle when not. */

import { quantity, unit as unit_text } from "../format";
import type { Scales } from "./scales";

export interface Point {
  time: number;
  value: number;
  used: boolean;
}

export function Points({ points, scales, unit }: { points: Point[]; scales: Scales; unit: string }) {
  return (
    <g class="points">
      {points.map((point) => (
        <circle
          key={`${point.time}-${point.value}`}
          class={point.used ? "used" : "excluded"}
          cx={scales.time(point.time)}
          cy={scales.value(point.value)}
          r={4.5}>
          <title>{quantity(point.value, unit_text(unit))}</title>
        </circle>
      ))}
    </g>
  );
}
