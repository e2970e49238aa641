/** A table to read: first column as row heads, numbers in full in their titles. `stacked`: on a phone each row is a list. */

import type { ComponentChildren } from "preact";
import { full, quantity, unit as unit_text } from "../format";

interface TableProps {
  heads: string[];
  rows: ComponentChildren[][];
  caption: string;
  stacked?: boolean;
}

export function Table({ heads, rows, caption, stacked = false }: TableProps) {
  return (
    <table class={stacked ? "plain rows-as-lists" : "plain"}>
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          {heads.map((head) => (
            <th scope="col" key={head}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, i) => (
          <tr key={i}>
            {row.map((cell, k) =>
              k === 0 ? (
                <th scope="row" key={k}>
                  {cell}
                </th>
              ) : (
                <td key={k} data-head={heads[k]}>
                  {cell}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export const Number = ({ value, unit }: { value: number | undefined; unit?: string }) => (
  <span title={full(value)}>{quantity(value, unit_text(unit ?? ""))}</span>
);
