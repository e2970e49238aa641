/** What was typed, as it was used: printed with every report. */

import type { Card } from "../../../wasm/titrate";
import { drug_of, inputs_of } from "../case/situation";
import { chosen_output, chosen_route, measured_outputs } from "../case/chosen";
import { card, fresh, results, typed } from "../case/store";
import { filled_rows, type TypedCase } from "../case/typed";
import { quantity, unit as unit_text } from "../format";
import * as words from "../words";

const say = words.report;

const with_unit = (text: string, unit: string) =>
  /[a-z%]/i.test(text) || text === "" ? text : `${text} ${unit_text(unit)}`.trim();

/** What happened besides doses and levels, of what the model knows. */
export function situation_lines(from: TypedCase, found: Card): { title: string; text: string }[] {
  const said = words.situation;
  const line = (title: string, rows: string[]) => (rows.length === 0 ? [] : [{ title, text: rows.join("; ") }]);
  const span = (time: string, stop: string) => `${time} ${said.stop.toLowerCase()} ${stop.trim() === "" ? said.open_end : stop}`;
  const { dialysis } = found;
  const modality = (name: string) => dialysis?.modalities.find((m) => m.name === name) ?? dialysis?.modalities[0];
  const inputs = inputs_of(found);
  const input = (name: string) => inputs.find((i) => i.name === name) ?? inputs[0];
  const state = (name: string) => found.equations.find((e) => e.state === name) ?? found.equations[0];
  const varies = found.random_effects.length > 0;
  return [
    ...line(
      said.sessions,
      (dialysis ? filled_rows("sessions", from) : []).map((row) =>
        [row.time, with_unit(row.length, "h"), modality(row.modality)?.label, with_unit(row.flow, dialysis!.unit)]
          .filter(Boolean)
          .join(" "),
      ),
    ),
    ...line(
      said.co_medication,
      filled_rows("co_medication", from).flatMap((row) => {
        const drug = drug_of(found, row.drug);
        return drug ? [`${drug.label} ${span(row.time, row.stop)}`] : [];
      }),
    ),
    ...line(
      said.inputs,
      (inputs.length > 0 ? filled_rows("inputs", from) : []).map((row) => {
        const { label, unit } = input(row.input)!;
        return `${label} ${with_unit(row.value, unit)} ${span(row.time, row.stop)}`;
      }),
    ),
    ...line(
      said.earlier,
      (varies ? filled_rows("earlier", from) : []).map((row) => {
        const { state: name, unit } = state(row.state)!;
        return `${name} ${with_unit(row.amount, unit)} ± ${with_unit(row.cv, "%")}`;
      }),
    ),
    ...(varies && !["", "1"].includes(from.prior_weight.trim())
      ? [{ title: said.prior_weight, text: said.lambda_used(from.prior_weight.trim()) }]
      : []),
  ];
}

export function Inputs() {
  const used = fresh.value ? (results.value?.validation?.covariates ?? []) : [];
  const doses = filled_rows("doses", typed.value);
  const levels = filled_rows("levels", typed.value);
  const asked = card.value;
  const route = (name: string) => (asked ? chosen_route(asked, name) : undefined);
  const several = (asked?.routes.length ?? 0) > 1;
  return (
    <section>
      <h2>{say.inputs}</h2>
      <p>
        {[
          ...(card.value?.covariates ?? []).flatMap((c) => {
            const entry = typed.value.covariates[c.name];
            if (!entry || entry.value.trim() === "") return [];
            const unit = c.choices ? "" : c.unit;
            const later = entry.later.map((row) => `${row.time}: ${with_unit(row.value, unit)}`);
            return [`${c.label.split(",")[0]} ${[with_unit(entry.value, unit), ...later].join(", ")}`];
          }),
          ...used
            .filter((c) => c.source !== "given")
            .map((c) => {
              const value = c.value === undefined ? "" : ` ${c.word ?? quantity(c.value, unit_text(c.unit))}`;
              return `${c.label.split(",")[0]}${value} (${words.sources[c.source]})`;
            }),
        ].join("; ")}
      </p>
      <p>
        <strong>{say.doses}:</strong>{" "}
        {doses
          .map((d) => {
            const parts = [
              d.time,
              with_unit(d.amt, route(d.route)?.unit ?? "mg"),
              several && (route(d.route)?.label || route(d.route)?.name),
              d.dur && `${words.doses.dur.toLowerCase()} ${with_unit(d.dur, "h")}`,
            ];
            if (d.ii) parts.push(`${words.doses.ii.toLowerCase()} ${with_unit(d.ii, "h")}`);
            if (d.addl) parts.push(`+${d.addl}`);
            if (d.taken !== undefined)
              parts.push(`(${d.taken.trim() === "0" ? words.doses.not_taken : words.doses.taken_with(`${d.taken.trim()} %`)})`);
            return parts.filter(Boolean).join(" ");
          })
          .join("; ")}
      </p>
      <p>
        <strong>{say.levels}:</strong>{" "}
        {levels
          .map((l) => {
            const output = asked && chosen_output(asked, l.output);
            const what = [measured_outputs(asked).length > 1 && output?.label, l.assay].filter(Boolean).join(", ");
            const used = l.used ? "" : ` (${words.basis.not_used(l.why)})`;
            return `${l.time} ${what === "" ? "" : `${what} `}${with_unit(l.dv, output?.unit ?? "")}${used}`;
          })
          .join("; ")}
      </p>
      {card.value
        ? situation_lines(typed.value, card.value).map(({ title, text }) => (
            <p key={title}>
              <strong>{title}:</strong> {text}
            </p>
          ))
        : null}
      <p>{`${words.patient.zone}: ${typed.value.zone}`}</p>
    </section>
  );
}
