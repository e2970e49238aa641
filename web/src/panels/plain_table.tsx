/** A table to read: first column as row heads, numbers in full in their titles. */

import type { ComponentChildren } from "preact";
import { full, quantity, unit as unit_text } from "../format";

export function Table({ heads, rows, caption }: { heads: string[]; rows: ComponentChildren[][]; caption: string }) {
  return (
    <table class="plain">
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
                <td key={k}>{cell}</td>
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
