/** What doses and levels share as tables: edit a cell, add after a row, remove, and paste from another program. */

import { announcement, change, typed } from "../case/store";
import { is_table, read_table } from "../case/paste";
import { empty_dose, empty_level, is_blank, next_id, type DoseRow, type LevelRow, type TypedCase } from "../case/typed";
import { words } from "../words";
import { focus_field } from "./field";

type Kind = "doses" | "levels";
type Row<K extends Kind> = K extends "doses" ? DoseRow : LevelRow;

const prefix = { doses: "dose", levels: "level" } as const;

function rows_of<K extends Kind>(kind: K, from: TypedCase): Row<K>[] {
  return from[kind] as Row<K>[];
}

function with_rows<K extends Kind>(kind: K, rows: Row<K>[], field = ""): void {
  change((before) => ({ ...before, [kind]: rows }), field);
}

function empty_row<K extends Kind>(kind: K, id: number): Row<K> {
  return (kind === "doses" ? empty_dose(id) : empty_level(id)) as Row<K>;
}

export function edit_cell<K extends Kind>(kind: K, id: number, part: keyof Row<K> & string, value: string | boolean): void {
  const rows = rows_of(kind, typed.value).map((row) => (row.id === id ? { ...row, [part]: value } : row));
  with_rows(kind, rows, `${prefix[kind]}-${id}-${part}`);
}

/** Adds a row and goes there; what repeats from row to row (output, assay, route) is carried on. */
export function add_row(kind: Kind, after?: number): void {
  const rows = rows_of(kind, typed.value);
  const at = after === undefined ? rows.length : rows.findIndex((row) => row.id === after) + 1;
  const above = rows[at - 1];
  const row = empty_row(kind, next_id(typed.value));
  if (above && "output" in above && "output" in row) Object.assign(row, { output: above.output, assay: above.assay });
  if (above && "route" in above && "route" in row) row.route = above.route;
  with_rows(kind, [...rows.slice(0, at), row, ...rows.slice(at)]);
  focus_field(`${prefix[kind]}-${row.id}-time`);
}

export function remove_row(kind: Kind, id: number): void {
  const rows = rows_of(kind, typed.value);
  const at = rows.findIndex((row) => row.id === id);
  const left = rows.filter((row) => row.id !== id);
  if (left.length === 0) left.push(empty_row(kind, next_id(typed.value)));
  with_rows(kind, left);
  focus_field(`${prefix[kind]}-${left[Math.min(at, left.length - 1)]!.id}-time`);
}

/** Fills rows from the focused cell on, adding rows as needed. One cell is left to the browser. */
export function paste_into<K extends Kind, C extends keyof Row<K> & string>(
  kind: K,
  event: ClipboardEvent,
  id: number,
  order: readonly C[],
  names: Record<C, readonly string[]>,
): void {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!is_table(text)) return;
  event.preventDefault();
  const pasted = read_table(text, order, names);
  if (!pasted.ok) {
    announcement.value = pasted.message;
    return;
  }
  const rows = [...rows_of(kind, typed.value)];
  let at = rows.findIndex((row) => row.id === id);
  let free = next_id(typed.value);
  for (const entry of pasted.rows) {
    const existing = rows[at];
    const target = existing && (at === rows.findIndex((row) => row.id === id) || is_blank(existing)) ? existing : undefined;
    const filled = { ...(target ?? empty_row(kind, free++)), ...entry } as Row<K>;
    rows.splice(at, target ? 1 : 0, filled);
    at++;
  }
  with_rows(kind, rows);
  announcement.value = words.paste.done(pasted.rows.length);
}
