/** A covariate that changes over time, as steps below the figure on the same time axis. */

import { max, min } from "d3-array";
import { number, unit as unit_text } from "../format";
import { Line } from "./line";
import { MARGIN } from "./chart";
import { make_scales } from "./scales";
import { NowLine } from "./now_line";

interface StepsProps {
  label: string;
  unit: string;
  time: number[];
  value: number[];
  times: [number, number];
  now: number;
  width: number;
}

export const STEPS_HEIGHT = 54;

export function CovariateSteps({ label, unit, time, value, times, now, width }: StepsProps) {
  const inside = Math.max(50, width - MARGIN.left - MARGIN.right);
  const scales = make_scales(inside, 30, times, (max(value) ?? 1) * 1.15, 1, false);
  const steps = time.at(-1)! < times[1] ? { time: [...time, times[1]], value: [...value, value.at(-1)!] } : { time, value };
  return (
    <g transform={`translate(${MARGIN.left} 18)`} class="covariate-steps">
      <text class="axis-label" x={-38} y={-5}>
        {`${label} (${unit_text(unit)}): ${number(min(value))} to ${number(max(value))}`}
      </text>
      <line class="axis" x2={inside} y1={30} y2={30} />
      <Line time={steps.time} value={steps.value} scales={scales} kind="covariate" step />
      <NowLine now={now} scales={scales} label={false} />
    </g>
  );
}
