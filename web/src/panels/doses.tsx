/** The doses given, one row each; a row may repeat. Enter adds a row, a pasted table fills rows. */

import { card, change, typed } from "../case/store";
import { route_of, unit_of_routes } from "../case/chosen";
import type { DoseRow } from "../case/typed";
import { unit as unit_text } from "../format";
import * as words from "../words";
import { FieldMessages, problems_at, TextInput } from "./field";
import { route_options, RouteOf } from "./route_of";
import { RowTable, table_words, type ColumnOf } from "./row_table";
import { edit_cell } from "./rows";

const say = words.doses;

export function Doses() {
  const routes = card.value?.routes ?? [];
  const infusion = routes.some((r) => r.infusion);
  const unit = unit_of_routes(card.value);
  const column = (part: keyof typeof say.long, more: Partial<ColumnOf<DoseRow>>): ColumnOf<DoseRow> => ({
    part,
    head: say[part],
    long: say.long[part],
    ...more,
  });
  const none = () => "–";
  const columns = [
    column("time", { placeholder: (_, n) => (n === 1 ? "2026-03-01 08:00" : "+12h") }),
    column("amt", { ...(unit === undefined ? {} : { unit: unit_text(unit) }), numeric: true }),
    ...(infusion ? [column("dur", { unit: "h", numeric: true })] : []),
    column("ii", { unit: "h", numeric: true, placeholder: none }),
    column("addl", { unit: say.addl_unit, numeric: true, placeholder: none }),
    ...(routes.length > 1 ? [column("route", { below: true, options: () => route_options(card.value) })] : []),
  ];
  // Nothing said: taken for certain. Unticked: missed, until a probability is typed.
  const taken = {
    part: "sure",
    head: say.taken,
    long: say.long.taken,
    checked: (row: DoseRow) => row.taken === undefined,
    set: (row: DoseRow, sure: boolean) => edit_cell("doses", row.id, "taken", sure ? undefined : "0"),
    asks: { part: "taken", field: chance },
  };
  return (
    <RowTable
      kind="doses"
      columns={columns}
      tick={taken}
      off={(row) => row.taken?.trim() === "0"}
      say={table_words(say.title, say.one)}
      hint={say.hint}>
      <Planned infusion={infusion} />
    </RowTable>
  );
}

function chance(row: DoseRow, id: string, n: number) {
  return (
    <span class="inline-field chance">
      <label for={id}>{say.chance}</label>
      <span class="with-unit">
        <TextInput
          id={id}
          label={words.rows.cell(say.chance, say.one, n)}
          numeric
          value={row.taken ?? ""}
          described_by={`${id}-hint`}
          on_type={(value) => edit_cell("doses", row.id, "taken", value)}
        />
        <span class="unit">%</span>
      </span>
      <span class="hint" id={`${id}-hint`}>
        {say.chance_hint}
      </span>
    </span>
  );
}

function Planned({ infusion }: { infusion: boolean }) {
  const planned = typed.value.planned;
  const route = card.value && route_of(planned, typed.value, card.value);
  const unit = unit_text(route?.unit ?? "mg");
  const parts = [
    { part: "amt" as const, unit },
    ...(infusion ? [{ part: "dur" as const, unit: "h" }] : []),
    { part: "ii" as const, unit: "h" },
  ];
  const found = parts.flatMap(({ part }) => problems_at(`planned-${part}`));
  const open = found.length > 0 || (planned.amt + planned.dur + planned.ii).trim() !== "";
  return (
    <details class="planned" open={open}>
      <summary>{say.planned}</summary>
      <div class="planned-fields">
        {parts.map(({ part, unit: u }) => (
          <span class="inline-field" key={part}>
            <label for={`planned-${part}`}>{words.what_if[part]}</label>
            <span class="with-unit">
              <TextInput
                id={`planned-${part}`}
                label={words.what_if[part]}
                numeric
                value={planned[part]}
                on_type={(value) => change((b) => ({ ...b, planned: { ...b.planned, [part]: value } }), `planned-${part}`)}
              />
              <span class="unit">{u}</span>
            </span>
          </span>
        ))}
        <RouteOf field="planned" />
      </div>
      {parts.map(({ part }) => (
        <FieldMessages key={part} id={`planned-${part}`} found={problems_at(`planned-${part}`)} />
      ))}
    </details>
  );
}
