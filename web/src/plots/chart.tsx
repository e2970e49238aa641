/** One output over time: marks on shared scales, no state of its own but the unique id of its clip path. */

import { useId } from "preact/hooks";
import type { TargetCard } from "../../../wasm/titrate";
import { unit as unit_text } from "../format";
import { Band } from "./band";
import { floor_of, target_on, top_of, type Course } from "./course";
import { heading } from "./heading";
import { DoseTicks, largest_dose, type DoseMark } from "./dose_ticks";
import { Line } from "./line";
import { NowLine } from "./now_line";
import { Points } from "./points";
import { make_scales, type Scales } from "./scales";
import { TargetBand } from "./target_band";
import { TimeAxis } from "./time_axis";
import { time_ticks } from "./ticks";
import { ValueAxis } from "./value_axis";

export interface ChartOptions {
  log: boolean;
  residual: boolean;
  a_priori: boolean;
  population: boolean;
}

/** A heading starts left of the axis and may end at the right edge. */
export const LABEL_ROOM = 56;
export const MARGIN = { left: 44, right: 20, top: 36, bottom: 46, strip: 26 };

interface ChartProps {
  course: Course;
  doses: DoseMark[];
  target?: TargetCard | undefined;
  options: ChartOptions;
  width: number;
  height: number;
  origin: number;
  zone: string;
  /** Doses and clock labels: on the lowest chart only when there are several. */
  strip: boolean;
  labels: boolean;
}

export function chart_height(height: number, strip: boolean, labels: boolean): number {
  return height - MARGIN.top - (strip ? MARGIN.strip : 0) - (labels ? MARGIN.bottom : 8);
}

export function Chart(props: ChartProps) {
  const { course, options, width, height, strip, labels } = props;
  const id = useId();
  const target = target_on(course, props.target);
  const inside = Math.max(50, width - MARGIN.left - MARGIN.right);
  const plot = chart_height(height, strip, labels);
  const top = top_of(course, options.residual, options.a_priori, target);
  const times: [number, number] = [course.time[0] ?? 0, course.time.at(-1) ?? 1];
  const scales = make_scales(inside, plot, times, top, floor_of(course, top), options.log);
  const ticks = time_ticks(times[0], times[1], props.origin, props.zone, inside / 44);
  const lowest: Scales = { ...scales, height: plot + (strip ? MARGIN.strip : 0) };
  const planned = course.regimens[0]?.doses ?? [];
  const largest = largest_dose(props.doses, ...course.regimens.map((r) => r.doses));
  return (
    <g transform={`translate(${MARGIN.left} ${MARGIN.top})`} class="chart">
      <clipPath id={`${id}-clip`}>
        <rect width={inside} height={plot} />
      </clipPath>
      <ValueAxis
        scales={scales}
        label={heading(course.label, unit_text(course.unit) && `(${unit_text(course.unit)})`, inside + LABEL_ROOM)}
        full={course.label}
      />
      <TimeAxis ticks={ticks} scales={lowest} labels={labels} />
      <g clip-path={`url(#${id}-clip)`}>
        {target ? <TargetBand id={`${id}-hatch`} low={target.low} high={target.high} scales={scales} from={course.now} /> : null}
        {options.a_priori ? (
          <>
            <Band time={course.time} lower={course.a_priori.p5} upper={course.a_priori.p95} scales={scales} kind="a-priori" />
            <Line time={course.time} value={course.a_priori.median} scales={scales} kind="a-priori" />
          </>
        ) : null}
        {options.population ? <Line time={course.time} value={course.population} scales={scales} kind="population" /> : null}
        <History course={course} scales={scales} residual={options.residual} />
        {course.regimens.map((series) => (
          <g key={series.kind}>
            {series.quiet ? null : (
              <Band time={series.time} lower={series.bands.p5} upper={series.bands.p95} scales={scales} kind={series.kind} />
            )}
            <Line time={series.time} value={series.bands.median} scales={scales} kind={series.kind} />
          </g>
        ))}
      </g>
      <Points points={course.points} scales={scales} unit={course.unit} />
      <NowLine now={course.now} scales={lowest} label />
      {strip ? (
        <g transform={`translate(0 ${plot})`}>
          <DoseTicks
            doses={props.doses.filter((d) => d.time < course.now)}
            scales={scales}
            height={MARGIN.strip}
            largest={largest}
            kind="given"
          />
          {planned.length > 0 ? (
            <DoseTicks doses={planned} scales={scales} height={MARGIN.strip} largest={largest} kind="planned" />
          ) : null}
        </g>
      ) : null}
    </g>
  );
}

function History({ course, scales, residual }: { course: Course; scales: Scales; residual: boolean }) {
  const { time, bands } = course.history;
  return (
    <g>
      <Band time={time} lower={bands.p5} upper={bands.p95} scales={scales} kind="fit outer" />
      <Band time={time} lower={bands.p25} upper={bands.p75} scales={scales} kind="fit inner" />
      {residual ? (
        <Band time={time} lower={bands.with_residual.p5} upper={bands.with_residual.p95} scales={scales} kind="fit" edge />
      ) : null}
      <Line time={time} value={bands.median} scales={scales} kind="fit" />
    </g>
  );
}
