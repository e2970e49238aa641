/** A covariate that changes over time, as steps below the figure on the same time axis. */

import { max, min } from "d3-array";
import { scaleLinear } from "d3-scale";
import { number, unit as unit_text } from "../format";
import * as words from "../words";
import { heading } from "./heading";
import { Line } from "./line";
import { MARGIN } from "./chart";
import { make_scales, type Scales } from "./scales";
import { NowLine } from "./now_line";

interface StepsProps {
  label: string;
  unit: string;
  time: number[];
  value: number[];
  times: [number, number];
  now: number;
  width: number;
  /** Other futures that were judged. */
  futures: { id: string; label: string; time: number[]; value: number[] }[];
}

export const STEPS_HEIGHT = 54;
const HEIGHT = 30;

/** From half to one and a quarter of what occurs, so that a step can be seen; the numbers stand above. */
function steps_scales(width: number, times: [number, number], value: number[]): Scales {
  const scales = make_scales(width, HEIGHT, times, 1, 1, false);
  const y = scaleLinear()
    .domain([(min(value) ?? 0) * 0.5, (max(value) ?? 1) * 1.1])
    .range([HEIGHT, 0]);
  return { ...scales, value: (v) => y(v) };
}

export function CovariateSteps({ label, unit, time, value, times, now, width, futures }: StepsProps) {
  const inside = Math.max(50, width - MARGIN.left - MARGIN.right);
  const scales = steps_scales(inside, times, [...value, ...futures.flatMap((f) => f.value)]);
  const steps = time.at(-1)! < times[1] ? { time: [...time, times[1]], value: [...value, value.at(-1)!] } : { time, value };
  return (
    <g transform={`translate(${MARGIN.left} 18)`} class="covariate-steps">
      <text class="axis-label" x={-38} y={-5}>
        <title>{label}</title>
        {heading(label, words.figure.covariate(unit_text(unit), `${number(min(value))} to ${number(max(value))}`), width - 12)}
      </text>
      <line class="axis" x2={inside} y1={HEIGHT} y2={HEIGHT} />
      <Line time={steps.time} value={steps.value} scales={scales} kind="covariate" step />
      {futures.map((future) => (
        <Line key={future.id} time={future.time} value={future.value} scales={scales} kind={`scenario ${future.id}`} />
      ))}
      <NowLine now={now} scales={scales} label={false} />
    </g>
  );
}
