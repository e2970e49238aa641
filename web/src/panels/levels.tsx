/** The levels measured. A level can be switched off with a reason; it stays on the figure and on the report. */

import { measured_outputs } from "../case/chosen";
import { card } from "../case/store";
import type { LevelRow } from "../case/typed";
import { unit as unit_text } from "../format";
import * as words from "../words";
import { TextInput } from "./field";
import { RowTable, table_words, type ColumnOf } from "./row_table";
import { edit_cell } from "./rows";

const say = words.levels;

export function Levels() {
  const outputs = measured_outputs(card.value);
  const assays = outputs.some((o) => o.residuals.filter((r) => r.assay !== "").length > 1);
  const assays_of = (row: LevelRow) => (outputs.find((o) => o.name === row.output) ?? outputs[0])?.residuals ?? [];
  const column = (part: keyof typeof say.long, more: Partial<ColumnOf<LevelRow>>): ColumnOf<LevelRow> => ({
    part,
    head: say[part],
    long: say.long[part],
    ...more,
  });
  const columns = [
    column("time", { placeholder: (_, n) => (n === 1 ? "2026-03-03 07:30" : "+12h") }),
    column("dv", { numeric: true, ...(outputs.length === 1 ? { unit: unit_text(outputs[0]!.unit) } : {}) }),
    ...(outputs.length > 1
      ? [column("output", { options: () => outputs.map((o) => ({ value: o.name, text: `${o.name} (${unit_text(o.unit)})` })) })]
      : []),
    ...(assays ? [column("assay", { options: (row) => assays_of(row).map((r) => ({ value: r.assay, text: r.assay })) })] : []),
  ];
  const used = {
    part: "used",
    head: say.used,
    long: say.long.used,
    checked: (row: LevelRow) => row.used,
    set: (row: LevelRow, use: boolean) => edit_cell("levels", row.id, "used", use),
    asks: { part: "why", field: why },
  };
  const varies = (card.value?.random_effects.length ?? 0) > 0;
  return (
    <RowTable
      kind="levels"
      columns={columns}
      tick={used}
      off={(row) => !row.used}
      say={table_words(say.title, say.one)}
      {...(varies ? { hint: say.hint } : {})}
    />
  );
}

function why(row: LevelRow, id: string, n: number) {
  return (
    <span class="inline-field why">
      <label for={id}>{say.why}</label>
      <TextInput
        id={id}
        label={words.rows.cell(say.long.why, say.one, n)}
        value={row.why}
        on_type={(value) => edit_cell("levels", row.id, "why", value)}
      />
    </span>
  );
}
