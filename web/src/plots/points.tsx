/** Measured levels: filled when used, open when not; a circle, or at the limit a triangle that points below or above it. */

import { quantity, unit as unit_text } from "../format";
import * as words from "../words";
import type { Scales } from "./scales";

export interface Point {
  time: number;
  value: number;
  used: boolean;
  /** The level lies below or above `value`, a limit of quantification. */
  censored?: "below" | "above" | undefined;
}

/** Around the origin; pointing down for a level below its limit. */
export function triangle(side: "below" | "above"): string {
  return side === "below" ? "M-6 -4.5H6L0 6Z" : "M-6 4.5H6L0 -6Z";
}

export function Points({ points, scales, unit }: { points: Point[]; scales: Scales; unit: string }) {
  return (
    <g class="points">
      {points.map((point) => (
        <path
          key={`${point.time}-${point.value}`}
          class={point.used ? "used" : "excluded"}
          transform={`translate(${scales.time(point.time)} ${scales.value(point.value)})`}
          d={point.censored ? triangle(point.censored) : "M-4.5 0A4.5 4.5 0 1 0 4.5 0A4.5 4.5 0 1 0 -4.5 0Z"}>
          <title>
            {(point.censored ? `${words.basis.censored[point.censored]} ` : "") + quantity(point.value, unit_text(unit))}
          </title>
        </path>
      ))}
    </g>
  );
}
