/** What is said of text that cannot be read: numbers, times, tables pasted. */

import { list } from "./list";

export const quantity = {
  missing: (what: string) => `${what} is missing. Empty is not 0.`,
  example: (unit: string) => `Write a number, for instance 12${unit === "" || unit === "1" ? "" : ` or 12 ${unit}`}.`,
  no_number: (typed: string) => `“${typed}” is not a number.`,
  thousands: (typed: string) => `“${typed}” can be read in two ways.`,
  thousands_hint: "Write 1000 for one thousand, 1.0 for one.",
  limit: (typed: string) => `“${typed}” is a limit, not a value.`,
  limit_hint: "Only a level may lie below or above a limit. Write a number here.",
  no_count: (what: string) => `${what} must be a whole number.`,
  count_example: "For instance 0 or 5.",
};

export const clock = {
  months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
  missing: "The time is missing.",
  example: "Write 2026-03-01 08:00, or 08:00 for the day of the row above, or +12h.",
  relative_example: "Write for instance +12h, +1d 2h or +30min.",
  ambiguous: (typed: string) => `“${typed}” can be read in two ways.`,
  unreadable: (typed: string) => `“${typed}” is not a time.`,
  no_row_above: (typed: string) => `“${typed}” needs a row above with a date.`,
  no_such_day: "There is no such day.",
  twenty_four: "24:00 belongs to two days.",
  twenty_four_hint: "Write 00:00 of the next day.",
  before_row_above: "Earlier than the row above. Is it the next day?",
  skipped_hour: (zone: string) =>
    `This hour does not exist in ${zone}: the clocks go forward. The time before the change is continued.`,
  repeated_hour: (zone: string, second: boolean) =>
    `This hour happens twice in ${zone}: the clocks go back. The ${second ? "second" : "first"} is taken${second ? "." : "; write “second” after it for the other."}`,
};

export const paste = {
  empty: "Nothing to paste.",
  unknown_columns: (unknown: string[], known: string[]) =>
    `Not pasted: unknown column ${list(unknown.map((u) => `“${u}”`))}. Known: ${list(known)}.`,
  too_wide: (found: number, expected: number) => `Not pasted: ${found} columns, but ${expected} fit from this cell on.`,
  done: (rows: number) => `Pasted ${rows} ${rows === 1 ? "row" : "rows"}. Undo takes it back.`,
};
