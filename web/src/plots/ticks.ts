/**
 * Time ticks where a ward looks for them: at round clock hours (1, 2, 3, 4, 6, 8, 12 h) and midnights, then at days and weeks.
 * Steps are counted in wall time, so that labels stay round when the clocks change.
 */

import { day_text, hour_text, instants_of, wall_of } from "../case/clock";

export interface TimeTick {
  hours: number;
  /** "08:00", or the day where only days are labelled. */
  clock: string;
  /** "2 Mar" at the first tick and at midnights; else empty. */
  day: string;
  midnight: boolean;
  /** Calendar days after the day of the origin, which is day 0. */
  day_number: number;
}

const STEPS = [1, 2, 3, 4, 6, 8, 12, 24, 48, 72, 168, 336, 672];
const HOUR = 3_600_000;

/** `room`: how many labels fit. */
export function time_ticks(from: number, to: number, origin: number, zone: string, room: number): TimeTick[] {
  const wanted = (to - from) / Math.max(2, room);
  const step = STEPS.find((s) => s >= wanted) ?? STEPS.at(-1)!;
  const start = wall_of(origin + from * HOUR, zone);
  const midnight = { ...start, hour: 0, minute: 0 };
  const first = wall_of(origin, zone);
  const day_0 = Date.UTC(first.year, first.month - 1, first.day);
  const ticks: TimeTick[] = [];
  for (let i = 0; i < 1000; i++) {
    const wall = new Date(Date.UTC(midnight.year, midnight.month - 1, midnight.day, i * step));
    const [epoch] = instants_of(
      { year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate(), hour: wall.getUTCHours(), minute: 0 },
      zone,
    );
    if (epoch === undefined) continue;
    const hours = (epoch - origin) / HOUR;
    if (hours > to + 1e-9) break;
    if (hours < from - 1e-9) continue;
    const at_midnight = wall.getUTCHours() === 0;
    const day = at_midnight || ticks.length === 0 ? day_text(epoch, zone) : "";
    ticks.push({
      hours,
      clock: step >= 24 ? "" : hour_text(epoch, zone),
      day,
      midnight: at_midnight,
      day_number: Math.round((wall.getTime() - day_0) / (24 * HOUR)),
    });
  }
  return ticks;
}
