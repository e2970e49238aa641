/** What is known of the patient: one field for each covariate of the model, its unit, its range, and how it is computed. */

import type { Card } from "../../../wasm/titrate";
import { change, card, fresh, results, typed } from "../case/store";
import { next_id, type CovariateTyped } from "../case/typed";
import { percent, plain, quantity, sentence, unit as unit_text } from "../format";
import * as words from "../words";
import { Field, FieldMessages, focus_field, problems_at, Select, TextInput } from "./field";

type CovariateCard = Card["covariates"][number];

const blank: CovariateTyped = { value: "", later: [] };

function edit(name: string, update: (entry: CovariateTyped) => CovariateTyped, field: string): void {
  change((before) => {
    const entry = update(before.covariates[name] ?? blank);
    return { ...before, covariates: { ...before.covariates, [name]: entry } };
  }, field);
}

/** "Cockcroft-Gault" for "cockcroft_gault(age, WT, SCR, sex)". */
export function formula_name(from: string): string {
  const name = /([a-z_0-9]+)\s*\(/gi;
  for (const match of from.matchAll(name)) {
    const known = words.formulas[match[1]!];
    if (known) return /\/ bsa_/.test(from) ? words.patient.per_surface(known) : known;
  }
  return words.formulas.other!;
}

function computed_hint(covariate: CovariateCard): string {
  const formula = formula_name(covariate.from ?? "");
  const labels = (covariate.needs ?? []).map((name) => card.value?.covariates.find((c) => c.name === name)?.label ?? name);
  const from = labels
    .map((text) => text.split(",")[0])
    .join(", ")
    .toLowerCase();
  const used = fresh.value ? results.value?.validation?.covariates?.find((c) => c.name === covariate.name) : undefined;
  if (used?.source !== "computed" || used.value === undefined) return words.patient.computes(formula, from);
  return words.patient.computed(quantity(used.value, unit_text(used.unit)), formula, from);
}

function hint_of(covariate: CovariateCard, empty: boolean): string {
  const unit = unit_text(covariate.unit);
  if (empty && covariate.from !== undefined) return computed_hint(covariate);
  const range = covariate.studied
    ? words.patient.studied(`${plain(covariate.studied[0])} to ${plain(covariate.studied[1], unit)}`)
    : "";
  if (empty && covariate.when_unknown !== undefined) return words.patient.optional(plain(covariate.when_unknown, unit));
  return range || (covariate.note.length <= 80 ? sentence(covariate.note) : "");
}

function CovariateField({ covariate }: { covariate: CovariateCard }) {
  const { name, label } = covariate;
  const entry = typed.value.covariates[name] ?? blank;
  const id = `cov-${name}`;
  const add_later = () => {
    const row = { id: next_id(typed.value), time: "", value: "" };
    edit(name, (e) => ({ ...e, later: [...e.later, row] }), "");
    focus_field(`${id}-${row.id}-time`);
  };
  return (
    <div class="covariate">
      {covariate.choices ? (
        <Choice id={id} covariate={covariate} value={entry.value} />
      ) : (
        <Field
          id={id}
          label={label}
          value={entry.value}
          unit={unit_text(covariate.unit)}
          numeric
          placeholder={covariate.from !== undefined ? words.formulas.placeholder : ""}
          hint={hint_of(covariate, entry.value.trim() === "")}
          on_type={(value) => edit(name, (e) => ({ ...e, value }), id)}
          on_enter={add_later}
        />
      )}
      {covariate.choices ? null : (
        <button
          type="button"
          class="quiet add-later"
          onClick={add_later}
          aria-label={words.patient.add_later_for(label)}
          title={words.patient.add_later}>
          + {words.patient.later}
        </button>
      )}
      {entry.later.map((row) => (
        <LaterValue key={row.id} covariate={covariate} row={row} />
      ))}
    </div>
  );
}

function Choice({ id, covariate, value }: { id: string; covariate: CovariateCard; value: string }) {
  const choices = covariate.choices ?? [];
  const choose = (chosen: string) => edit(covariate.name, (e) => ({ ...e, value: chosen }), id);
  const averaged = covariate.frequencies !== undefined;
  if (choices.length > 3) {
    const options = [
      { value: "", text: averaged ? words.patient.unknown : words.patient.choose },
      ...choices.map((c) => ({ value: c, text: c })),
    ];
    return (
      <>
        <Select id={id} label={covariate.label} value={value} options={options} on_choose={choose} />
        <UnknownHint covariate={covariate} value={value} />
      </>
    );
  }
  const found = problems_at(id);
  const options = covariate.when_unknown === undefined && !averaged ? choices : [...choices, ""];
  return (
    <fieldset class="field choice" aria-describedby={found.length > 0 ? `${id}-messages` : undefined}>
      <legend>{covariate.label}</legend>
      <div class="radios">
        {options.map((choice, i) => (
          <label key={choice}>
            <input type="radio" id={`${id}-${i}`} name={id} checked={value === choice} onChange={() => choose(choice)} />
            {choice === "" ? words.patient.unknown : choice}
          </label>
        ))}
      </div>
      <UnknownHint covariate={covariate} value={value} />
      <FieldMessages id={id} found={found} />
    </fieldset>
  );
}

/** What an unknown choice means: the source's own value, or an average over how frequent they are. */
function UnknownHint({ covariate, value }: { covariate: CovariateCard; value: string }) {
  const choices = covariate.choices ?? [];
  if (value !== "") return null;
  if (covariate.when_unknown !== undefined)
    return <div class="hint">{words.patient.optional(String(choices[covariate.when_unknown] ?? covariate.when_unknown))}</div>;
  if (!covariate.frequencies) return null;
  const shares = covariate.frequencies.map((share, i) => `${choices[i] ?? ""} ${percent(share)}`);
  return <div class="hint">{words.patient.averaged(shares.join(", "))}</div>;
}

function LaterValue({ covariate, row }: { covariate: CovariateCard; row: CovariateTyped["later"][number] }) {
  const id = `cov-${covariate.name}-${row.id}`;
  const update = (part: "time" | "value") => (value: string) =>
    edit(
      covariate.name,
      (e) => ({ ...e, later: e.later.map((r) => (r.id === row.id ? { ...r, [part]: value } : r)) }),
      `${id}-${part}`,
    );
  const remove = () => {
    edit(covariate.name, (e) => ({ ...e, later: e.later.filter((r) => r.id !== row.id) }), "");
    focus_field(`cov-${covariate.name}`);
  };
  const time_id = `${id}-time`;
  const value_id = `${id}-value`;
  return (
    <div class="later">
      <TextInput
        id={time_id}
        bare
        label={words.patient.later_time(covariate.label)}
        value={row.time}
        placeholder="+24h"
        on_type={update("time")}
      />
      <span class="with-unit">
        <TextInput
          id={value_id}
          bare
          numeric
          label={words.patient.later_value(covariate.label)}
          value={row.value}
          on_type={update("value")}
        />
        <span class="unit">{unit_text(covariate.unit)}</span>
      </span>
      <button
        type="button"
        class="icon"
        aria-label={`${words.patient.remove_later}: ${words.patient.later_value(covariate.label)}`}
        onClick={remove}>
        ×
      </button>
      <FieldMessages id={time_id} found={problems_at(time_id)} />
      <FieldMessages id={value_id} found={problems_at(value_id)} />
    </div>
  );
}

export function Covariates() {
  const found = card.value;
  if (!found) return null;
  return (
    <section class="panel" aria-labelledby="patient-title">
      <h2 id="patient-title">{words.patient.title}</h2>
      <div class="covariates">
        {found.covariates
          .filter((covariate) => !covariate.hidden)
          .map((covariate) => (
            <CovariateField key={covariate.name} covariate={covariate} />
          ))}
      </div>
    </section>
  );
}
