/** Percentiles of virtual patients over time: median, the middle half and 90 %, told apart by line, tone and dashes. */

import { scaleLinear } from "d3-scale";
import type { VirtualGroup } from "../../../wasm/titrate";
import { full, number, plain, tick } from "../format";
import * as words from "../words";
import { Band } from "./band";
import { Line } from "./line";
import { make_scales } from "./scales";
import { ValueAxis } from "./value_axis";

const say = words.population;
const WIDTH = 420;
const HEIGHT = 188;
const MARGIN = { left: 44, right: 10, top: 34, bottom: 34 };

interface Props {
  title: string;
  time: number[];
  time_unit: string;
  unit: string;
  course: NonNullable<VirtualGroup["course"]>;
  top: number;
}

export function PopulationCourse({ title, time, time_unit, unit, course, top }: Props) {
  const inner = { width: WIDTH - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
  const first = time[0] ?? 0;
  const last = time.at(-1) ?? 1;
  const scales = make_scales(inner.width, inner.height, [first, last > first ? last : first + 1], top * 1.05, top / 1000, false);
  const ticks = scaleLinear().domain([first, last]).ticks(6);
  const end = time.length - 1;
  const level = (column: number[]) => (unit === "" ? number(column[end]) : `${number(column[end])}\u00a0${unit}`);
  const summary = say.course_end(plain(last, time_unit), level(course.p50), level(course.p5), level(course.p95));
  return (
    <figure class="population-course">
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${title}: ${summary}`}>
        <g transform={`translate(${MARGIN.left} ${MARGIN.top})`}>
          <ValueAxis scales={scales} label={unit} full={unit} />
          <g class="time-axis" transform={`translate(0 ${inner.height})`} aria-hidden="true">
            <line class="axis" x2={inner.width} />
            {ticks.map((t) => (
              <g key={t} transform={`translate(${scales.time(t)} 0)`}>
                <line class="tick" y2={4} />
                <text y={15} text-anchor="middle">
                  {tick(t)}
                </text>
              </g>
            ))}
            <text x={inner.width} y={29} text-anchor="end">
              {`${say.time} (${time_unit})`}
            </text>
          </g>
          <Band time={time} lower={course.p5} upper={course.p95} scales={scales} kind="fit" />
          <Band time={time} lower={course.p5} upper={course.p95} scales={scales} kind="fit" edge />
          <Band time={time} lower={course.p25} upper={course.p75} scales={scales} kind="fit" />
          <Line time={time} value={course.p50} scales={scales} kind="fit" />
        </g>
      </svg>
      <Numbers title={title} time={time} time_unit={time_unit} unit={unit} course={course} />
    </figure>
  );
}

/** About twenty of the times, for who reads rather than looks. */
function Numbers({ title, time, time_unit, unit, course }: Omit<Props, "top">) {
  const every = Math.max(1, Math.ceil(time.length / 20));
  const rows = time.map((_, i) => i).filter((i) => i % every === 0 || i === time.length - 1);
  const columns = [
    ["5 %", course.p5],
    ["25 %", course.p25],
    ["50 %", course.p50],
    ["75 %", course.p75],
    ["95 %", course.p95],
  ] as const;
  return (
    <details>
      <summary>{say.table}</summary>
      <div class="scroller" role="region" aria-label={`${say.table}: ${title}`} tabIndex={0}>
        <table class="plain">
          <caption>{unit === "" ? title : `${title} (${unit})`}</caption>
          <thead>
            <tr>
              <th scope="col">{`${say.time} (${time_unit})`}</th>
              {columns.map(([name]) => (
                <th scope="col" key={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((i) => (
              <tr key={i}>
                <th scope="row">{plain(time[i]!)}</th>
                {columns.map(([name, column]) => (
                  <td key={name} title={full(column[i])}>
                    {number(column[i])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
