/**
 * A table of rows that a person fills: doses, levels, sessions ... One component for all of them; what differs is the columns,
 * an optional tick at the end of each row, and what such a tick asks for below it.
 */

import type { ComponentChildren } from "preact";
import { typed } from "../case/store";
import { PREFIX, rows_of, type Kind, type Rows } from "../case/typed";
import * as words from "../words";
import { FieldMessages, problems_at, Select, TextInput } from "./field";
import { add_row, edit_cell, paste_into, remove_row } from "./rows";

export interface ColumnOf<R> {
  part: string;
  head: string;
  /** What it holds, in full: for titles and for those who do not see the head. */
  long: string;
  unit?: string;
  numeric?: boolean;
  /** Too wide for a cell: it stands on a line of its own below the row, with its name. */
  below?: boolean;
  /** A choice from a list. */
  options?: (row: R) => { value: string; text: string }[];
  placeholder?: (row: R, n: number) => string;
}

interface TickOf<R> {
  part: string;
  head: string;
  long: string;
  checked: (row: R) => boolean;
  set: (row: R, checked: boolean) => void;
  /** Field that is asked for while it is not ticked. */
  asks: { part: string; field: (row: R, id: string, n: number) => ComponentChildren };
}

interface TableProps<K extends Kind> {
  kind: K;
  columns: ColumnOf<Rows[K]>[];
  tick?: TickOf<Rows[K]>;
  /** Struck through, yet kept. */
  off?: (row: Rows[K]) => boolean;
  /** Names: the title, and what its buttons and cells are called. */
  say: {
    title: string;
    add: string;
    remove: string;
    remove_nth: (n: number) => string;
    cell: (what: string, n: number) => string;
  };
  hint?: ComponentChildren;
  children?: ComponentChildren;
}

export function RowTable<K extends Kind>(props: TableProps<K>) {
  const { kind, columns, tick, say, hint } = props;
  const rows = rows_of(kind, typed.value);
  const title = `${kind}-title`;
  const beside = columns.filter((c) => !c.below);
  return (
    <section class="panel" aria-labelledby={title}>
      <h2 id={title}>{say.title}</h2>
      {rows.length === 0 ? null : (
        <table
          class={`entry rows-${kind} ${columns.length > 3 ? "stacked" : ""}`}
          aria-labelledby={title}
          aria-describedby={hint ? `${kind}-hint` : undefined}>
          <thead>
            <tr>
              {beside.map((c) => (
                <th scope="col" key={c.part} class={c.part} title={c.long}>
                  {c.head}
                  {c.unit ? <span class="unit"> {c.unit}</span> : null}
                </th>
              ))}
              {tick ? (
                <th scope="col" class="used" title={tick.long}>
                  {tick.head}
                </th>
              ) : null}
              <th class="action">
                <span class="unseen">{say.remove}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              <Row key={row.id} row={row} n={i + 1} table={props} />
            ))}
          </tbody>
        </table>
      )}
      <div class="row-actions">
        <button type="button" class="quiet" id={`${PREFIX[kind]}-add`} onClick={() => add_row(kind, columns[0]!.part)}>
          + {say.add}
        </button>
        {hint ? (
          <span class="hint" id={`${kind}-hint`}>
            {hint}
          </span>
        ) : null}
      </div>
      {props.children}
    </section>
  );
}

function Row<K extends Kind>({ row, n, table }: { row: Rows[K]; n: number; table: TableProps<K> }) {
  const { kind, columns, tick, say } = table;
  const id = (part: string) => `${PREFIX[kind]}-${row.id}-${part}`;
  const parts = [...columns.map((c) => c.part), ...(tick ? [tick.asks.part] : [])];
  const found = parts.some((part) => problems_at(id(part)).length > 0);
  const ticked = tick ? tick.checked(row) : true;
  const beside = columns.filter((c) => !c.below);
  const whole = beside.length + (tick ? 2 : 1);
  return (
    <>
      <tr class={table.off?.(row) ? "off" : ""}>
        {beside.map((c) => (
          <td key={c.part} class={c.part} data-head={`${c.head} ${c.unit ?? ""}`}>
            <Cell row={row} n={n} column={c} table={table} />
          </td>
        ))}
        {tick ? (
          <td class="used" data-head={tick.head}>
            <input
              type="checkbox"
              id={id(tick.part)}
              aria-label={say.cell(tick.long, n)}
              checked={ticked}
              onChange={(event) => tick.set(row, event.currentTarget.checked)}
            />
          </td>
        ) : null}
        <td class="action">
          <button
            type="button"
            class="icon"
            aria-label={say.remove_nth(n)}
            onClick={() => remove_row(kind, columns[0]!.part, row.id)}>
            ×
          </button>
        </td>
      </tr>
      {columns
        .filter((c) => c.below)
        .map((c) => (
          <tr class="row-below" key={c.part}>
            <td colSpan={whole}>
              <label for={id(c.part)}>{c.head}</label>
              <Cell row={row} n={n} column={c} table={table} />
            </td>
          </tr>
        ))}
      {ticked && !found ? null : (
        <tr class="row-messages">
          <td colSpan={whole}>
            {ticked || !tick ? null : tick.asks.field(row, id(tick.asks.part), n)}
            {parts.map((part) => (
              <FieldMessages key={part} id={id(part)} found={problems_at(id(part))} />
            ))}
          </td>
        </tr>
      )}
    </>
  );
}

function Cell<K extends Kind>(props: { row: Rows[K]; n: number; column: ColumnOf<Rows[K]>; table: TableProps<K> }) {
  const { row, n, column, table } = props;
  const { kind, columns, say } = table;
  const id = `${PREFIX[kind]}-${row.id}-${column.part}`;
  const value = (row as unknown as Record<string, string>)[column.part] ?? "";
  const label = say.cell(column.long, n);
  if (column.options) {
    const options = column.options(row);
    const chosen = options.some((o) => o.value === value) ? value : (options[0]?.value ?? "");
    const choose = (next: string) => edit_cell(kind, row.id, column.part, next);
    return <Select bare id={id} label={label} value={chosen} options={options} on_choose={choose} />;
  }
  const order = columns.slice(columns.indexOf(column)).map((c) => c.part);
  return (
    <TextInput
      bare
      id={id}
      label={label}
      value={value}
      numeric={column.numeric}
      placeholder={column.placeholder?.(row, n)}
      on_type={(text) => edit_cell(kind, row.id, column.part, text)}
      on_enter={() => add_row(kind, columns[0]!.part, row.id)}
      on_paste={(event) => paste_into(kind, event, row.id, order)}
    />
  );
}

/** Title, buttons and cells of a table of which one row is `one`. */
export function table_words(title: string, one: string): TableProps<Kind>["say"] {
  const say = words.rows;
  return {
    title,
    add: say.add(one),
    remove: say.remove(one),
    remove_nth: (n) => say.remove_nth(one, n),
    cell: (what, n) => say.cell(what, one, n),
  };
}
