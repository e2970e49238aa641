/** Where history ends and the forecast begins. */

import * as words from "../words";
import type { Scales } from "./scales";

export function NowLine({ now, scales, label }: { now: number; scales: Scales; label: boolean }) {
  const x = scales.time(now);
  return (
    <g class="now-line">
      <line x1={x} x2={x} y1={label ? -4 : 0} y2={scales.height} />
      {label ? (
        <text x={x} y={-7} text-anchor="middle">
          {words.figure.now}
        </text>
      ) : null}
    </g>
  );
}
