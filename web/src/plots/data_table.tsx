/** The numbers behind a chart, in full precision, for who reads rather than looks. Drawn when opened, as it is long. */

import { useState } from "preact/hooks";
import { clock_text } from "../case/clock";
import { full, number, unit as unit_text } from "../format";
import * as words from "../words";
import type { Course } from "./course";

const say = words.figure;

export function DataTable({ course, origin, zone }: { course: Course; origin: number; zone: string }) {
  const [open, set_open] = useState(false);
  const columns = [
    { label: say.fit_short, time: course.history.time, bands: course.history.bands },
    ...course.regimens.map((r) => ({ label: r.label, time: r.time, bands: r.bands })),
  ];
  const every = Math.max(1, Math.ceil(course.time.length / 120));
  const rows = course.time.filter((_, i) => i % every === 0 || i === course.time.length - 1);
  return (
    <details class="data-table" onToggle={(event) => set_open(event.currentTarget.open)}>
      <summary>{`${say.table}: ${course.label}`}</summary>
      {open ? (
        <div class="scroller" tabIndex={0} role="region" aria-label={say.table_caption(course.label)}>
          <table>
            <caption>{`${say.table_caption(course.label)} (${unit_text(course.unit)}). ${say.table_more(rows.length, course.time.length)}`}</caption>
            <thead>
              <tr>
                <th scope="col">{say.table_time}</th>
                {columns.flatMap((c) => [
                  <th scope="col" key={`${c.label}-m`}>{`${c.label}: ${say.table_median}`}</th>,
                  <th scope="col" key={`${c.label}-l`}>
                    {say.table_low}
                  </th>,
                  <th scope="col" key={`${c.label}-h`}>
                    {say.table_high}
                  </th>,
                ])}
              </tr>
            </thead>
            <tbody>
              {rows.map((time) => (
                <tr key={time}>
                  <th scope="row">{clock_text(origin + time * 3_600_000, zone)}</th>
                  {columns.flatMap((c) => {
                    const i = c.time.indexOf(time);
                    return [c.bands.median, c.bands.p5, c.bands.p95].map((column, k) => (
                      <td key={`${c.label}-${k}`} title={full(column[i])}>
                        {i < 0 ? "" : number(column[i])}
                      </td>
                    ));
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </details>
  );
}
