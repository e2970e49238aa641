/**
 * What happens to a patient besides doses and levels, from typed text to the request: sessions, other drugs, inputs over time,
 * earlier doses that nobody knows, and the weight of the prior. Rows of which the model knows nothing stay typed and are not sent.
 */

import type { Card, Patient, Settings } from "../../../wasm/titrate";
import * as words from "../words";
import type { Builder } from "./builder";
import type { Instant } from "./clock";
import { filled_rows, type Kind, type TypedCase } from "./typed";

const say = words.situation;

/** The inputs a person sets directly: those of sessions and of other drugs are set by these. */
export function inputs_of(card: Card): Card["inputs"] {
  const set = new Set([card.dialysis?.input, ...card.co_medication.map((drug) => drug.input)]);
  return card.inputs.filter((input) => !set.has(input.name));
}

/** Other drugs that can be named: those that the model computes, and those of which only advice is known. */
export function drugs_of(card: Card): { drug: string; label: string }[] {
  return [
    ...card.co_medication.map(({ drug, label }) => ({ drug, label })),
    ...card.interactions.map(({ drug }) => ({ drug, label: say.only_advice(drug) })),
  ];
}

/** The drug of a row; none where it was named for another model and this one knows nothing of it. */
export function drug_of(card: Card, name: string): { drug: string; label: string } | undefined {
  const drugs = drugs_of(card);
  return name === "" ? drugs[0] : drugs.find((one) => one.drug === name);
}

interface Situation {
  /** Instants that the origin must not lie behind. */
  times: (Instant | undefined)[];
  /** The request's parts, once the origin is known. */
  patient: (after: (instant: Instant | undefined) => string) => Partial<Patient>;
}

export function read_situation(typed: TypedCase, card: Card, b: Builder): Situation {
  const rows = <K extends Kind>(kind: K, known: boolean) => (known ? filled_rows(kind, typed) : []);
  const sessions = rows("sessions", card.dialysis !== undefined);
  const drugs = rows("co_medication", true).filter((row) => drug_of(card, row.drug) !== undefined);
  const inputs = rows("inputs", inputs_of(card).length > 0);
  const session_times = b.times(sessions, "session");
  const drug_times = b.times(drugs, "drug");
  const input_times = b.times(inputs, "input");
  return {
    times: [...session_times, ...drug_times, ...input_times],
    patient: (after) => {
      const parts: Partial<Patient> = {};
      const stop = (field: string, text: string, start: Instant | undefined) =>
        text.trim() === "" ? undefined : after(b.clock(field, text, start));
      if (sessions.length > 0) parts.dialysis = sessions.map((row, i) => session_of(row, i, after(session_times[i]), card, b));
      if (drugs.length > 0)
        parts.co_medication = drugs.map((row, i) => {
          const field = `drug-${row.id}`;
          place(b, `/patient/co_medication/${i}`, field, { start: "time", stop: "stop", drug: "drug" });
          const until = stop(`${field}-stop`, row.stop, drug_times[i]);
          return {
            drug: drug_of(card, row.drug)!.drug,
            start: after(drug_times[i]),
            ...(until === undefined ? {} : { stop: until }),
          };
        });
      for (const [i, row] of inputs.entries()) {
        const known = inputs_of(card);
        const input = known.find((one) => one.name === row.input) ?? known[0]!;
        const pieces = ((parts.inputs ??= {})[input.name] ??= []);
        const field = `input-${row.id}`;
        place(b, `/patient/inputs/${input.name}/${pieces.length}`, field, { from: "time", to: "stop", value: "value" });
        const until = stop(`${field}-stop`, row.stop, input_times[i]);
        const value = b.quantity(`${field}-value`, row.value, input.unit, input.label);
        pieces.push({ from: after(input_times[i]), ...(until === undefined ? {} : { to: until }), value });
      }
      const earlier = rows("earlier", card.random_effects.length > 0);
      if (earlier.length > 0) parts.initial_amounts = earlier.map((row, i) => earlier_of(row, i, card, b));
      return parts;
    },
  };
}

/** Where the request's parts belong; what has no place of its own belongs to the row's first field. */
function place(b: Builder, pointer: string, field: string, parts: Record<string, string>): void {
  b.places.set(pointer, `${field}-${Object.values(parts)[0]}`);
  for (const [key, part] of Object.entries(parts)) b.places.set(`${pointer}/${key}`, `${field}-${part}`);
}

function session_of(row: TypedCase["sessions"][number], index: number, start: string, card: Card, b: Builder) {
  const field = `session-${row.id}`;
  place(b, `/patient/dialysis/${index}`, field, {
    start: "time",
    length: "length",
    modality: "modality",
    clearance: "flow",
    effluent: "flow",
  });
  const { modalities, unit } = card.dialysis!;
  const modality = modalities.find((m) => m.name === row.modality) ?? modalities[0];
  const length = b.optional(`${field}-length`, row.length, "h", say.length_long);
  const flow = b.optional(`${field}-flow`, row.flow, unit, say.flow_long);
  return {
    start,
    ...(length === undefined ? {} : { length }),
    ...(modality ? { modality: modality.name } : {}),
    ...(flow === undefined ? {} : { [modality?.of_effluent === undefined ? "clearance" : "effluent"]: flow }),
  };
}

function earlier_of(row: TypedCase["earlier"][number], index: number, card: Card, b: Builder) {
  const field = `earlier-${row.id}`;
  place(b, `/patient/initial_amounts/${index}`, field, { amount: "amount", state: "state", cv: "cv" });
  const state = card.equations.find((e) => e.state === row.state) ?? card.equations[0]!;
  return {
    state: state.state,
    amount: b.quantity(`${field}-amount`, row.amount, state.unit, say.amount_long),
    cv: b.quantity(`${field}-cv`, row.cv, "%", say.cv_long),
  };
}

/** Empty, or 1: the prior as published, and nothing is sent. */
export function settings_of(typed: TypedCase, card: Card, b: Builder): Settings | undefined {
  b.places.set("/settings/prior_weight", "prior-weight");
  if (typed.prior_weight.trim() === "" || card.random_effects.length === 0) return undefined;
  const lambda = Number(b.quantity("prior-weight", typed.prior_weight, "", say.lambda));
  return lambda === 1 || Number.isNaN(lambda) ? undefined : { prior_weight: lambda };
}
