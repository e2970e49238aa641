/** Clock hours, the day below at midnights, and hours or days since the start below that. */

import { plain } from "../format";
import * as words from "../words";
import type { Scales } from "./scales";
import type { TimeTick } from "./ticks";

export function TimeAxis({ ticks, scales, labels }: { ticks: TimeTick[]; scales: Scales; labels: boolean }) {
  const days = ticks.filter((tick) => tick.day !== "");
  const only_days = ticks.every((tick) => tick.clock === "");
  const since = (tick: TimeTick) =>
    only_days ? `${words.figure.day} ${tick.day_number}` : plain(tick.hours, words.figure.hours);
  return (
    <g class="time-axis" transform={`translate(0 ${scales.height})`} aria-hidden="true">
      <line class="axis" x2={scales.width} />
      {ticks.map((tick) => {
        const x = scales.time(tick.hours);
        const anchor = x > scales.width - 2 ? "end" : x < 4 ? "start" : "middle";
        return (
          <g key={tick.hours} transform={`translate(${x} 0)`}>
            <line class={tick.midnight && !only_days ? "grid midnight" : "grid"} y1={-scales.height} y2={0} />
            <line class="tick" y2={4} />
            {labels ? (
              <>
                <text y={15} text-anchor={anchor}>
                  {tick.clock === "" ? tick.day : tick.clock}
                </text>
                <text class="since" y={27} text-anchor={anchor}>
                  {since(tick)}
                </text>
              </>
            ) : null}
          </g>
        );
      })}
      {labels && !only_days
        ? days.map((tick, i) => {
            const next = days[i + 1];
            const crowded = next && scales.time(next.hours) - scales.time(tick.hours) < 42;
            return crowded ? null : (
              <text class="day" key={tick.hours} x={Math.min(scales.time(tick.hours), scales.width - 34)} y={41}>
                {tick.day}
              </text>
            );
          })
        : null}
    </g>
  );
}
