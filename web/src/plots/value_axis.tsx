/** Values and their unit; the label stands above the axis, upright. */

import { tick } from "../format";
import type { Scales } from "./scales";

export function ValueAxis({ scales, label, full }: { scales: Scales; label: string; full: string }) {
  return (
    <g class="value-axis" aria-hidden="true">
      {scales.value_ticks.map((value) => (
        <g key={value} transform={`translate(0 ${scales.value(value)})`}>
          <line class="grid" x2={scales.width} />
          <text x={-6} dy="0.32em" text-anchor="end">
            {tick(value)}
          </text>
        </g>
      ))}
      <text class="axis-label" x={-38} y={-20}>
        <title>{full}</title>
        {label}
      </text>
    </g>
  );
}
