/** What else happens to a patient, where the model knows of it: dialysis, other drugs, meals and the like, earlier doses. */

import type { Card } from "../../../wasm/titrate";
import { card, change, typed } from "../case/store";
import { plain, unit as unit_text } from "../format";
import { drug_of, drugs_of, inputs_of } from "../case/situation";
import * as words from "../words";
import { Field } from "./field";
import { RowTable, table_words } from "./row_table";

const say = words.situation;
const START = "2026-03-01 08:00";
const start = (_: unknown, n: number) => (n === 1 ? START : "+48h");
const from = { part: "time", head: say.start, long: say.start_long, placeholder: start };
const until = { part: "stop", head: say.stop, long: say.stop_long, placeholder: () => say.open_end };

/** A column in which one of the model's things is chosen: [name, what is read]. */
const choice = (part: string, head: string, things: [string, string][]) => ({
  part,
  head,
  long: head,
  options: () => things.map(([value, text]) => ({ value, text: text || value })),
});

export function Situation() {
  const found = card.value;
  if (!found) return null;
  return (
    <>
      {found.dialysis ? <Sessions dialysis={found.dialysis} /> : null}
      {drugs_of(found).length > 0 ? <CoMedication found={found} /> : null}
      {inputs_of(found).length > 0 ? <Inputs found={found} /> : null}
      {found.routes.length > 0 && found.random_effects.length > 0 ? <Earlier found={found} /> : null}
      {found.random_effects.length > 0 ? <PriorWeight /> : null}
    </>
  );
}

function Sessions({ dialysis }: { dialysis: NonNullable<Card["dialysis"]> }) {
  const modality = (name: string) => dialysis.modalities.find((m) => m.name === name) ?? dialysis.modalities[0];
  return (
    <RowTable
      kind="sessions"
      say={table_words(say.sessions, say.session)}
      columns={[
        from,
        {
          part: "length",
          head: say.length,
          long: say.length_long,
          unit: "h",
          numeric: true,
          placeholder: (row) => (modality(row.modality)?.of_effluent === undefined ? "4" : say.open_end),
        },
        choice(
          "modality",
          say.modality,
          dialysis.modalities.map((m) => [m.name, m.label]),
        ),
        {
          part: "flow",
          head: say.flow,
          long: say.flow_long,
          unit: unit_text(dialysis.unit),
          numeric: true,
          placeholder: (row) => {
            const clearance = modality(row.modality)?.clearance;
            return clearance === undefined ? "" : plain(clearance);
          },
        },
      ]}
      hint={say.sessions_hint}
    />
  );
}

function CoMedication({ found }: { found: Card }) {
  return (
    <RowTable
      kind="co_medication"
      say={table_words(say.co_medication, say.drug)}
      columns={[
        {
          part: "drug",
          head: say.drug_head,
          long: say.drug_head,
          options: (row) => [
            ...drugs_of(found).map((d) => ({ value: d.drug, text: d.label })),
            ...(drug_of(found, row.drug) ? [] : [{ value: row.drug, text: say.not_listed(row.drug) }]),
          ],
        },
        { ...from, placeholder: () => START },
        until,
      ]}
      hint={found.interactions.length > 0 ? say.drugs_hint : ""}
    />
  );
}

function Inputs({ found }: { found: Card }) {
  const inputs = inputs_of(found);
  const of = (name: string) => inputs.find((i) => i.name === name) ?? inputs[0]!;
  const several = inputs.length > 1;
  return (
    <RowTable
      kind="inputs"
      say={table_words(several ? say.inputs : inputs[0]!.label, say.input)}
      columns={[
        from,
        until,
        ...(several
          ? [
              choice(
                "input",
                say.input_head,
                inputs.map((i) => [i.name, `${i.label} (${unit_text(i.unit)})`]),
              ),
            ]
          : []),
        {
          part: "value",
          head: say.value,
          long: say.value,
          ...(several ? {} : { unit: unit_text(inputs[0]!.unit) }),
          numeric: true,
          placeholder: (row) => plain(of(row.input).resting),
        },
      ]}
      hint={say.inputs_hint(
        inputs
          .map((i) => i.note)
          .filter(Boolean)
          .join(" "),
      )}
    />
  );
}

function Earlier({ found }: { found: Card }) {
  return (
    <RowTable
      kind="earlier"
      say={table_words(say.earlier, say.amount_one)}
      columns={[
        choice(
          "state",
          say.state,
          found.equations.map((e) => [e.state, `${e.state} (${unit_text(e.unit)})`]),
        ),
        { part: "amount", head: say.amount, long: say.amount_long, numeric: true },
        { part: "cv", head: say.cv, long: say.cv_long, unit: "%", numeric: true, placeholder: () => "100" },
      ]}
      hint={say.earlier_hint}
    />
  );
}

/** Off unless typed: it answers a question that few patients raise, and changes every number. */
function PriorWeight() {
  const value = typed.value.prior_weight;
  return (
    <details class="panel" open={value.trim() !== ""}>
      <summary>{say.prior_weight}</summary>
      <Field
        id="prior-weight"
        label={say.lambda}
        value={value}
        numeric
        placeholder="1"
        hint={say.lambda_hint}
        on_type={(text) => change((before) => ({ ...before, prior_weight: text }), "prior-weight")}
      />
    </details>
  );
}
