/** The target where it is a level: a hatched band with edge lines, so that it is there without colour, too. */

import type { Scales } from "./scales";

interface TargetProps {
  low?: number | undefined;
  high?: number | undefined;
  scales: Scales;
  from: number;
  id: string;
}

export function TargetBand({ low, high, scales, from, id }: TargetProps) {
  const clip = (y: number) => Math.min(scales.height, Math.max(0, y));
  const top = high === undefined ? 0 : clip(scales.value(high));
  const bottom = low === undefined ? scales.height : clip(scales.value(low));
  const left = Math.max(0, scales.time(from));
  const width = Math.max(0, scales.width - left);
  return (
    <g class="target-band">
      <defs>
        <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect class="hatch" width="1.5" height="6" />
        </pattern>
      </defs>
      <rect class="tint" x={left} y={top} width={width} height={Math.max(0, bottom - top)} />
      <rect fill={`url(#${id})`} x={left} y={top} width={width} height={Math.max(0, bottom - top)} />
      {high === undefined ? null : <line x1={left} x2={scales.width} y1={top} y2={top} />}
      {low === undefined ? null : <line x1={left} x2={scales.width} y1={bottom} y2={bottom} />}
    </g>
  );
}
