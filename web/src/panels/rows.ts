/** What all tables of a case share: edit a cell, add after a row, remove, and paste from another program. */

import { announcement, change, typed } from "../case/store";
import { COLUMNS, is_table, read_table } from "../case/paste";
import { empty_row, is_blank, next_id, PREFIX, rows_of, type Kind, type Rows } from "../case/typed";
import * as words from "../words";
import { focus_field } from "./field";

function with_rows<K extends Kind>(kind: K, rows: Rows[K][], field = ""): void {
  change((before) => ({ ...before, [kind]: rows }), field);
}

/** A value of undefined takes the part away. */
export function edit_cell(kind: Kind, id: number, part: string, value: string | boolean | undefined): void {
  const rows = rows_of(kind, typed.value).map((row) => {
    if (row.id !== id) return row;
    const cells = Object.entries({ ...row, [part]: value }).filter(([, cell]) => cell !== undefined);
    return Object.fromEntries(cells) as unknown as typeof row;
  });
  with_rows(kind, rows, `${PREFIX[kind]}-${id}-${part}`);
}

/** What is chosen from a list repeats from row to row. */
const CARRIED = ["output", "assay", "route", "modality", "input"];

/** Adds a row and goes to its first cell. */
export function add_row(kind: Kind, first: string, after?: number): void {
  const rows = rows_of(kind, typed.value);
  const at = after === undefined ? rows.length : rows.findIndex((row) => row.id === after) + 1;
  const carried = Object.entries(rows[at - 1] ?? {}).filter(([part]) => CARRIED.includes(part));
  const row = { ...empty_row(kind, next_id(typed.value)), ...Object.fromEntries(carried) };
  with_rows(kind, [...rows.slice(0, at), row, ...rows.slice(at)]);
  focus_field(`${PREFIX[kind]}-${row.id}-${first}`);
}

/** The last dose and the last level leave an empty row; every other table may have none. */
export function remove_row(kind: Kind, first: string, id: number): void {
  const rows = rows_of(kind, typed.value);
  const at = rows.findIndex((row) => row.id === id);
  const left = rows.filter((row) => row.id !== id);
  if (left.length === 0 && (kind === "doses" || kind === "levels")) left.push(empty_row(kind, next_id(typed.value)));
  with_rows(kind, left);
  const next = left[Math.min(at, left.length - 1)];
  focus_field(next ? `${PREFIX[kind]}-${next.id}-${first}` : `${PREFIX[kind]}-add`);
}

/** Fills rows from the focused cell on, adding rows as needed. One cell is left to the browser. */
export function paste_into(kind: Kind, event: ClipboardEvent, id: number, order: readonly string[]): void {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!is_table(text)) return;
  event.preventDefault();
  const pasted = read_table<string>(text, order, COLUMNS[kind]);
  if (!pasted.ok) {
    announcement.value = pasted.message;
    return;
  }
  const rows = [...rows_of(kind, typed.value)];
  const first = rows.findIndex((row) => row.id === id);
  let free = next_id(typed.value);
  pasted.rows.forEach((entry, i) => {
    const existing = rows[first + i];
    const target = existing && (i === 0 || is_blank(kind, existing)) ? existing : undefined;
    const filled = { ...(target ?? empty_row(kind, free++)), ...entry };
    rows.splice(first + i, target ? 1 : 0, filled);
  });
  with_rows(kind, rows);
  announcement.value = words.paste.done(pasted.rows.length);
}
