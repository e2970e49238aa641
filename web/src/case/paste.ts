/**
 * A table pasted from a spreadsheet, a chart or a text file into doses or levels. Separators: tab, then semicolon, then comma
 * (only when no tab or semicolon is there, so that "12,5" keeps its decimal comma). A header row, when its words are known,
 * says which column is which; an unknown word in a header is an error, never a column dropped in silence.
 */

import * as words from "../words";
import type { Kind } from "./typed";

export type Column = string;

export type Pasted<C extends string> =
  { ok: true; rows: Partial<Record<C, string>>[]; columns: C[]; headed: boolean } | { ok: false; message: string };

/** Is this more than one cell? One cell is left to the browser. */
export function is_table(text: string): boolean {
  return /[\t;]/.test(text.trim()) || /\r?\n/.test(text.trim()) || /^[^,\n]+:\d\d,/.test(text.trim());
}

export function separator_of(text: string): string {
  if (text.includes("\t")) return "\t";
  if (text.includes(";")) return ";";
  return ",";
}

/**
 * `order`: the columns as they stand in the table, from the focused one on; `names`: words that a header may use for each.
 */
export function read_table<C extends string>(text: string, order: readonly C[], names: Record<C, readonly string[]>): Pasted<C> {
  const separator = separator_of(text);
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const cells = lines.map((line) => line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1")));
  const first = cells[0];
  if (!first) return { ok: false, message: words.paste.empty };
  const headed = first.every((cell) => !/\d/.test(cell)) && first.some((cell) => column_of(cell, names) !== undefined);
  let columns: (C | undefined)[] = [...order];
  if (headed) {
    const unknown = first.filter((cell) => cell !== "" && column_of(cell, names) === undefined);
    if (unknown.length > 0) return { ok: false, message: words.paste.unknown_columns(unknown, known_names(names)) };
    columns = first.map((cell) => column_of(cell, names));
  }
  const body = headed ? cells.slice(1) : cells;
  const widest = Math.max(0, ...body.map((row) => row.length));
  if (widest > columns.length) return { ok: false, message: words.paste.too_wide(widest, columns.length) };
  const rows = body.map((row) => {
    const entry: Partial<Record<C, string>> = {};
    row.forEach((cell, i) => {
      const column = columns[i];
      if (column !== undefined) entry[column] = cell;
    });
    return entry;
  });
  return { ok: true, rows, columns: columns.slice(0, widest).filter((c): c is C => c !== undefined), headed };
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/\(.*?\)|\[.*?\]/g, "")
    .replace(/[^a-z]+/g, " ")
    .trim();
}

function column_of<C extends string>(cell: string, names: Record<C, readonly string[]>): C | undefined {
  const word = plain(cell);
  return (Object.keys(names) as C[]).find((column) => column === word || names[column].includes(word));
}

function known_names<C extends string>(names: Record<C, readonly string[]>): string[] {
  return Object.values<readonly string[]>(names).map((list) => list[0]!);
}

/** The columns of each table, and the words that a header may use for them. */
export const COLUMNS = {
  doses: {
    time: ["time", "date", "when", "given", "datetime", "date time"],
    amt: ["amount", "dose", "amt"],
    dur: ["infusion", "duration", "dur", "over"],
    ii: ["every", "interval", "ii"],
    addl: ["further doses", "addl", "additional", "more"],
    route: ["route"],
  },
  levels: {
    time: ["time", "date", "when", "drawn", "datetime", "date time"],
    dv: ["level", "value", "concentration", "result", "dv", "count"],
    output: ["measured", "output", "analyte"],
    assay: ["assay", "method"],
  },
  sessions: {
    time: ["start", "time", "from"],
    length: ["length", "duration", "for"],
    modality: ["modality", "kind"],
    flow: ["clearance", "effluent", "flow"],
  },
  co_medication: { drug: ["drug"], time: ["start", "from"], stop: ["stop", "end", "to", "until"] },
  inputs: { input: ["what", "input"], time: ["from", "start"], stop: ["until", "to", "stop", "end"], value: ["value", "amount"] },
  earlier: { state: ["where", "state"], amount: ["amount"], cv: ["uncertainty", "cv"] },
} as const satisfies Record<Kind, Record<Column, readonly string[]>>;
