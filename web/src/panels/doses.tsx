/** The doses given, one row each; a row may repeat. Enter adds a row, a pasted table fills rows. */

import { DOSE_COLUMNS } from "../case/paste";
import { card, change, typed } from "../case/store";
import type { DoseRow } from "../case/typed";
import { unit as unit_text } from "../format";
import { words } from "../words";
import { FieldMessages, problems_at, Select, TextInput } from "./field";
import { add_row, edit_cell, paste_into, remove_row } from "./rows";

type Column = keyof typeof DOSE_COLUMNS;
const say = words.doses;

export function Doses() {
  const routes = card.value?.routes ?? [];
  const infusion = routes.some((r) => r.infusion);
  const many = routes.length > 1;
  const unit = unit_text(routes[0]?.unit ?? "mg");
  const columns: { part: Column; head: string; unit: string; numeric: boolean }[] = [
    { part: "time", head: say.time, unit: "", numeric: false },
    { part: "amt", head: say.amt, unit, numeric: true },
    ...(infusion ? [{ part: "dur" as const, head: say.dur, unit: "h", numeric: true }] : []),
    { part: "ii", head: say.ii, unit: "h", numeric: true },
    { part: "addl", head: say.addl, unit: say.addl_unit, numeric: true },
    ...(many ? [{ part: "route" as const, head: say.route, unit: "", numeric: false }] : []),
  ];
  return (
    <section class="panel" aria-labelledby="doses-title">
      <h2 id="doses-title">{say.title}</h2>
      <table class={`entry doses ${infusion ? "with-infusion" : ""}`} aria-labelledby="doses-title" aria-describedby="doses-hint">
        <thead>
          <tr>
            {columns.map((c) => (
              <th scope="col" key={c.part} class={c.part} title={say.long[c.part]}>
                {c.head}
                {c.unit === "" ? null : <span class="unit"> {c.unit}</span>}
              </th>
            ))}
            <th scope="col" class="used" title={say.long.taken}>
              {say.taken}
            </th>
            <th class="action">
              <span class="unseen">{say.remove}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {typed.value.doses.map((row, i) => (
            <Row key={row.id} row={row} n={i + 1} columns={columns} />
          ))}
        </tbody>
      </table>
      <div class="row-actions">
        <button type="button" class="quiet" onClick={() => add_row("doses")}>
          + {say.add}
        </button>
        <span class="hint" id="doses-hint">
          {say.hint}
        </span>
      </div>
      <Planned infusion={infusion} unit={unit} />
    </section>
  );
}

/** Nothing: taken for certain. */
function set_taken(id: number, taken: string | undefined): void {
  const set = (row: DoseRow): DoseRow => {
    const { taken: _, ...rest } = row;
    return taken === undefined ? rest : { ...rest, taken };
  };
  change((b) => ({ ...b, doses: b.doses.map((row) => (row.id === id ? set(row) : row)) }), `dose-${id}-taken`);
}

function Row({ row, n, columns }: { row: DoseRow; n: number; columns: { part: Column; head: string; unit: string }[] }) {
  const order = columns.map((c) => c.part);
  const id = (part: Column | "sure" | "taken") => `dose-${row.id}-${part}`;
  const routes = card.value?.routes ?? [];
  const places = [...order, "taken" as const];
  const found = places.some((part) => problems_at(id(part)).length > 0);
  const sure = row.taken === undefined;
  return (
    <>
      <tr class={row.taken?.trim() === "0" ? "off" : ""}>
        {columns.map(({ part, head, unit }, column) => (
          <td key={part} class={part} data-head={`${head} ${unit}`}>
            {part === "route" ? (
              <Select
                bare
                id={id(part)}
                label={say.cell(say.long.route, n)}
                value={row.route || (routes[0]?.name ?? "")}
                options={routes.map((r) => ({ value: r.name, text: r.label || r.name }))}
                on_choose={(value) => edit_cell("doses", row.id, "route", value)}
              />
            ) : (
              <TextInput
                bare
                id={id(part)}
                label={say.cell(say.long[part], n)}
                value={row[part]}
                numeric={part !== "time"}
                placeholder={
                  part === "time" ? (n === 1 ? "2026-03-01 08:00" : "+12h") : part === "ii" || part === "addl" ? "–" : ""
                }
                on_type={(value) => edit_cell("doses", row.id, part, value)}
                on_enter={() => add_row("doses", row.id)}
                on_paste={(event) => paste_into("doses", event, row.id, order.slice(column), DOSE_COLUMNS)}
              />
            )}
          </td>
        ))}
        <td class="used" data-head={say.taken}>
          <input
            type="checkbox"
            id={id("sure")}
            aria-label={say.cell(say.long.taken, n)}
            checked={sure}
            onChange={(event) => set_taken(row.id, event.currentTarget.checked ? undefined : "0")}
          />
        </td>
        <td class="action">
          <button type="button" class="icon" aria-label={say.remove_nth(n)} onClick={() => remove_row("doses", row.id)}>
            ×
          </button>
        </td>
      </tr>
      {sure && !found ? null : (
        <tr class="row-messages">
          <td colSpan={order.length + 2}>
            {sure ? null : (
              <span class="inline-field chance">
                <label for={id("taken")}>{say.chance}</label>
                <span class="with-unit">
                  <TextInput
                    id={id("taken")}
                    label={say.cell(say.chance, n)}
                    numeric
                    value={row.taken ?? ""}
                    described_by={`${id("taken")}-hint`}
                    on_type={(value) => set_taken(row.id, value)}
                  />
                  <span class="unit">%</span>
                </span>
                <span class="hint" id={`${id("taken")}-hint`}>
                  {say.chance_hint}
                </span>
              </span>
            )}
            {places.map((part) => (
              <FieldMessages key={part} id={id(part)} found={problems_at(id(part))} />
            ))}
          </td>
        </tr>
      )}
    </>
  );
}

function Planned({ infusion, unit }: { infusion: boolean; unit: string }) {
  const planned = typed.value.planned;
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
      </div>
      {parts.map(({ part }) => (
        <FieldMessages key={part} id={`planned-${part}`} found={problems_at(`planned-${part}`)} />
      ))}
    </details>
  );
}
