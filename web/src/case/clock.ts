/**
 * Clock times as people write them, and the hours between them.
 *
 * A time is local wall time in a named zone. Elapsed hours are differences of instants, so that they stay right when the
 * clocks change: 22:00 to 08:00 over the night of the change is 9 or 11 h, not 10.
 *
 * Accepted: "2026-03-01 08:00", "01.03.2026 08:00" (day first), "08:00" (the day of the row above), "+12h", "+1d 2h",
 * "+30min" (after the row above). Refused with a hint: "24:00", "03/01/2026" (which comes first?), a time without a day in
 * the first row. In an hour that happens twice the first is taken unless "second" follows.
 */

import * as words from "../words";

export interface Instant {
  /** Milliseconds since 1970 UTC. */
  epoch: number;
}

export type ClockReading =
  { ok: true; instant: Instant; warning?: string | undefined } | { ok: false; message: string; hint: string };

interface Wall {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
}

const say = words.clock;
const formats = new Map<string, Intl.DateTimeFormat>();

function format_for(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    formats.set(zone, format);
  }
  return format;
}

export function zone_exists(zone: string): boolean {
  try {
    format_for(zone);
    return true;
  } catch {
    return false;
  }
}

export function wall_of(epoch: number, zone: string): Wall {
  const parts: Record<string, number> = {};
  for (const part of format_for(zone).formatToParts(epoch)) parts[part.type] = Number(part.value);
  return { year: parts.year!, month: parts.month!, day: parts.day!, hour: parts.hour!, minute: parts.minute! };
}

function as_utc(wall: Wall): number {
  return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);
}

function offset_at(epoch: number, zone: string): number {
  const minute = Math.floor(epoch / 60_000) * 60_000;
  return as_utc(wall_of(minute, zone)) - minute;
}

/** The instants at which the clock on the wall shows this: none in a skipped hour, two in a repeated one. */
export function instants_of(wall: Wall, zone: string): number[] {
  const guess = as_utc(wall);
  const offsets = new Set([offset_at(guess - 86_400_000, zone), offset_at(guess + 86_400_000, zone)]);
  return [...offsets]
    .map((offset) => guess - offset)
    .filter((epoch) => as_utc(wall_of(epoch, zone)) === guess)
    .sort((a, b) => a - b);
}

export function read_clock(text: string, zone: string, above?: Instant): ClockReading {
  const typed = text.trim().replace(/\s+/g, " ");
  if (typed === "") return { ok: false, message: say.missing, hint: say.example };
  if (typed.startsWith("+")) return read_relative(typed, above);
  if (/^\d{1,2}\/\d{1,2}\/\d{2,4}/.test(typed)) return { ok: false, message: say.ambiguous(typed), hint: say.example };
  const match = /^(?:(\d{4})-(\d{1,2})-(\d{1,2})[ T]|(\d{1,2})\.(\d{1,2})\.(\d{4}) )?(\d{1,2}):(\d{2})( second)?$/i.exec(typed);
  if (!match) return { ok: false, message: say.unreadable(typed), hint: say.example };
  const [, year, month, day, day_first, month_second, year_last, hour, minute, second] = match;
  const clock = { hour: Number(hour), minute: Number(minute) };
  if (clock.hour === 24) return { ok: false, message: say.twenty_four, hint: say.twenty_four_hint };
  if (clock.hour > 23 || clock.minute > 59) return { ok: false, message: say.unreadable(typed), hint: say.example };
  if (year) return resolve({ year: +year, month: +month!, day: +day!, ...clock }, zone, second !== undefined);
  if (year_last)
    return resolve({ year: +year_last, month: +month_second!, day: +day_first!, ...clock }, zone, second !== undefined);
  if (!above) return { ok: false, message: say.no_row_above(typed), hint: say.example };
  const reading = resolve({ ...wall_of(above.epoch, zone), ...clock }, zone, second !== undefined);
  if (reading.ok && reading.instant.epoch < above.epoch && !reading.warning) return { ...reading, warning: say.before_row_above };
  return reading;
}

function read_relative(typed: string, above?: Instant): ClockReading {
  if (!above) return { ok: false, message: say.no_row_above(typed), hint: say.example };
  const parts = [...typed.slice(1).matchAll(/(\d+(?:[.,]\d+)?) ?(d|day|days|h|hours?|min|m)\b ?/gi)];
  const understood = parts.map((part) => part[0]).join("");
  if (parts.length === 0 || understood.trim() !== typed.slice(1).trim())
    return { ok: false, message: say.unreadable(typed), hint: say.relative_example };
  const minutes_in = (unit: string) => (unit.startsWith("d") ? 1440 : unit.startsWith("h") ? 60 : 1);
  const minutes = parts.reduce((sum, part) => sum + Number(part[1]!.replace(",", ".")) * minutes_in(part[2]!.toLowerCase()), 0);
  return { ok: true, instant: { epoch: above.epoch + Math.round(minutes * 60_000) } };
}

function resolve(wall: Wall, zone: string, second: boolean): ClockReading {
  const check = new Date(as_utc(wall));
  if (check.getUTCMonth() + 1 !== wall.month || check.getUTCDate() !== wall.day || wall.year < 1900)
    return { ok: false, message: say.no_such_day, hint: say.example };
  const instants = instants_of(wall, zone);
  if (instants.length === 0) {
    const before = offset_at(as_utc(wall) - 86_400_000, zone);
    return { ok: true, instant: { epoch: as_utc(wall) - before }, warning: say.skipped_hour(zone) };
  }
  if (instants.length === 1) return { ok: true, instant: { epoch: instants[0]! } };
  return { ok: true, instant: { epoch: instants[second ? 1 : 0]! }, warning: say.repeated_hour(zone, second) };
}

const two = (value: number) => String(value).padStart(2, "0");

/** "2026-03-01 08:00" */
export function clock_text(epoch: number, zone: string): string {
  const wall = wall_of(epoch, zone);
  return `${wall.year}-${two(wall.month)}-${two(wall.day)} ${two(wall.hour)}:${two(wall.minute)}`;
}

/** "08:00" */
export function hour_text(epoch: number, zone: string): string {
  const wall = wall_of(epoch, zone);
  return `${two(wall.hour)}:${two(wall.minute)}`;
}

/** "1 Mar" */
export function day_text(epoch: number, zone: string): string {
  const wall = wall_of(epoch, zone);
  return `${wall.day} ${say.months[wall.month - 1]}`;
}

/** "2026-03-01 08:00 (Europe/Berlin, UTC+1)" */
export function clock_with_zone(epoch: number, zone: string): string {
  const hours = offset_at(epoch, zone) / 3_600_000;
  return `${clock_text(epoch, zone)} (${zone}, UTC${hours >= 0 ? "+" : "−"}${Math.abs(hours)})`;
}

export function hours_between(from: Instant, to: Instant): number {
  return (to.epoch - from.epoch) / 3_600_000;
}
