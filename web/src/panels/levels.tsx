/** The levels measured. A level can be switched off with a reason; it stays on the figure and on the report. */

import { LEVEL_COLUMNS } from "../case/paste";
import { card, typed } from "../case/store";
import type { LevelRow } from "../case/typed";
import { unit as unit_text } from "../format";
import { words } from "../words";
import { FieldMessages, problems_at, Select, TextInput } from "./field";
import { add_row, edit_cell, paste_into, remove_row } from "./rows";

type Column = keyof typeof LEVEL_COLUMNS;
const say = words.levels;

export function Levels() {
  const outputs = (card.value?.outputs ?? []).filter((o) => o.residuals.length > 0);
  const assays = outputs.some((o) => o.residuals.filter((r) => r.assay !== "").length > 1);
  const columns: Column[] = [
    "time",
    "dv",
    ...(outputs.length > 1 ? (["output"] as const) : []),
    ...(assays ? (["assay"] as const) : []),
  ];
  return (
    <section class="panel" aria-labelledby="levels-title">
      <h2 id="levels-title">{say.title}</h2>
      <table class="entry levels" aria-labelledby="levels-title">
        <thead>
          <tr>
            {columns.map((part) => (
              <th scope="col" key={part} class={part} title={say.long[part]}>
                {say[part]}
                {part === "dv" && outputs.length === 1 ? <span class="unit"> {unit_text(outputs[0]!.unit)}</span> : null}
              </th>
            ))}
            <th scope="col" class="used" title={say.long.used}>
              {say.used}
            </th>
            <th class="action">
              <span class="unseen">{say.remove}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {typed.value.levels.map((row, i) => (
            <Row key={row.id} row={row} n={i + 1} columns={columns} />
          ))}
        </tbody>
      </table>
      <div class="row-actions">
        <button type="button" class="quiet" onClick={() => add_row("levels")}>
          + {say.add}
        </button>
      </div>
    </section>
  );
}

function Row({ row, n, columns }: { row: LevelRow; n: number; columns: Column[] }) {
  const id = (part: Column | "why" | "used") => `level-${row.id}-${part}`;
  const parts: (Column | "why")[] = [...columns, "why"];
  const found = parts.some((part) => problems_at(id(part)).length > 0);
  return (
    <>
      <tr class={row.used ? "" : "off"}>
        {columns.map((part, column) => (
          <td key={part} class={part}>
            <Cell row={row} n={n} part={part} order={columns.slice(column)} />
          </td>
        ))}
        <td class="used">
          <input
            type="checkbox"
            id={id("used")}
            aria-label={say.cell(say.long.used, n)}
            checked={row.used}
            onChange={(event) => edit_cell("levels", row.id, "used", event.currentTarget.checked)}
          />
        </td>
        <td class="action">
          <button type="button" class="icon" aria-label={say.remove_nth(n)} onClick={() => remove_row("levels", row.id)}>
            ×
          </button>
        </td>
      </tr>
      {row.used && !found ? null : (
        <tr class="row-messages">
          <td colSpan={columns.length + 2}>
            {row.used ? null : (
              <span class="inline-field why">
                <label for={id("why")}>{say.why}</label>
                <TextInput
                  id={id("why")}
                  label={say.cell(say.long.why, n)}
                  value={row.why}
                  on_type={(value) => edit_cell("levels", row.id, "why", value)}
                />
              </span>
            )}
            {parts.map((part) => (
              <FieldMessages key={part} id={id(part)} found={problems_at(id(part))} />
            ))}
          </td>
        </tr>
      )}
    </>
  );
}

function Cell({ row, n, part, order }: { row: LevelRow; n: number; part: Column; order: Column[] }) {
  const id = `level-${row.id}-${part}`;
  const outputs = (card.value?.outputs ?? []).filter((o) => o.residuals.length > 0);
  const output = outputs.find((o) => o.name === row.output) ?? outputs[0];
  if (part === "output" || part === "assay") {
    const options =
      part === "output"
        ? outputs.map((o) => ({ value: o.name, text: `${o.name} (${unit_text(o.unit)})` }))
        : (output?.residuals ?? []).map((r) => ({ value: r.assay, text: r.assay }));
    const value = options.some((o) => o.value === row[part]) ? row[part] : (options[0]?.value ?? "");
    return (
      <Select
        bare
        id={id}
        label={say.cell(say.long[part], n)}
        value={value}
        options={options}
        on_choose={(chosen) => edit_cell("levels", row.id, part, chosen)}
      />
    );
  }
  return (
    <TextInput
      bare
      id={id}
      label={say.cell(say.long[part], n)}
      value={row[part]}
      numeric={part === "dv"}
      placeholder={part === "time" ? (n === 1 ? "2026-03-03 07:30" : "+12h") : ""}
      on_type={(value) => edit_cell("levels", row.id, part, value)}
      on_enter={() => add_row("levels", row.id)}
      on_paste={(event) => paste_into("levels", event, row.id, order, LEVEL_COLUMNS)}
    />
  );
}
