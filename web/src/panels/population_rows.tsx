/** The rows of the form: correlations, subgroups, regimens and the target. */

import type { Card } from "../../../wasm/titrate";
import {
  empty_regimen,
  is_drawn,
  next_id,
  route_of,
  spread_of,
  stated_covariates,
  type TypedPopulation,
  type TypedRegimen,
} from "../case/population";
import { patient_target, with_regimens } from "../case/population_plan";
import { change_population } from "../case/population_store";
import { target_of } from "../case/population_target";
import { announcement, typed as typed_case } from "../case/store";
import { regimen_text, unit as unit_text } from "../format";
import * as words from "../words";
import { Field, Select } from "./field";
import { patient_regimens } from "./patient_regimens";

const say = words.population;

function Remove({ what, on_click }: { what: string; on_click: () => void }) {
  return (
    <button type="button" class="icon" aria-label={say.remove(what)} title={say.remove(what)} onClick={on_click}>
      ×
    </button>
  );
}

const choose = { value: "", text: say.choose };
const changed = <T extends { id: number }>(rows: T[], id: number, part: Partial<T>) =>
  rows.map((row) => (row.id === id ? { ...row, ...part } : row));
/** Keys in the same field are one step of undo. */
const field_of = (row: string, id: number, part: object) => `population-${row}-${id}-${Object.keys(part).join()}`;
const without = <T extends { id: number }>(rows: T[], id: number) => rows.filter((row) => row.id !== id);

export function Correlations({ card, typed }: { card: Card; typed: TypedPopulation }) {
  const differ = stated_covariates(card).filter((c) => is_drawn(spread_of(card, c, typed)));
  const options = [choose, ...differ.map((c) => ({ value: c.name, text: c.label }))];
  const set = (id: number, part: Partial<TypedPopulation["correlations"][number]>) =>
    change_population((before) => ({ correlations: changed(before.correlations, id, part) }), field_of("correlation", id, part));
  return (
    <>
      {typed.correlations.map((row, i) => {
        const id = `population-correlation-${row.id}`;
        return (
          <div class="population-row" key={row.id} role="group" aria-label={`${say.correlation} ${i + 1}`}>
            <Select id={`${id}-a`} label={say.between} value={row.a} options={options} on_choose={(a) => set(row.id, { a })} />
            <Select id={`${id}-b`} label={say.and} value={row.b} options={options} on_choose={(b) => set(row.id, { b })} />
            <Field
              id={`${id}-value`}
              label={say.correlation}
              value={row.value}
              numeric
              on_type={(value) => set(row.id, { value })}
            />
            <Remove
              what={`${say.correlation} ${i + 1}`}
              on_click={() => change_population((before) => ({ correlations: without(before.correlations, row.id) }))}
            />
          </div>
        );
      })}
      <button
        type="button"
        onClick={() =>
          change_population((before) => ({
            correlations: [...before.correlations, { id: next_id(before.correlations), a: "", b: "", value: "" }],
          }))
        }>
        {say.add_correlation}
      </button>
    </>
  );
}

export function Groups({ card, typed }: { card: Card; typed: TypedPopulation }) {
  const options = [choose, ...card.covariates.filter((c) => !c.hidden).map((c) => ({ value: c.name, text: c.label }))];
  const set = (id: number, part: Partial<TypedPopulation["groups"][number]>) =>
    change_population((before) => ({ groups: changed(before.groups, id, part) }), field_of("group", id, part));
  return (
    <>
      {typed.groups.map((row, i) => {
        const id = `population-group-${row.id}`;
        const by = card.covariates.find((c) => c.name === row.covariate);
        return (
          <div class="population-row" key={row.id} role="group" aria-label={`${say.groups}, ${say.row(i + 1)}`}>
            <Select
              id={`${id}-by`}
              label={say.group_by}
              value={row.covariate}
              options={options}
              on_choose={(covariate) => set(row.id, { covariate })}
            />
            {by && !by.choices ? (
              <Field
                id={`${id}-cuts`}
                label={say.cuts}
                value={row.cuts}
                unit={unit_text(by.unit)}
                on_type={(cuts) => set(row.id, { cuts })}
              />
            ) : null}
            <Remove
              what={`${say.groups}, ${say.row(i + 1)}`}
              on_click={() => change_population((before) => ({ groups: without(before.groups, row.id) }))}
            />
          </div>
        );
      })}
      <button
        type="button"
        onClick={() =>
          change_population((before) => ({ groups: [...before.groups, { id: next_id(before.groups), covariate: "", cuts: "" }] }))
        }>
        {say.add_group}
      </button>
    </>
  );
}

export function RegimenRows({ card, typed }: { card: Card; typed: TypedPopulation }) {
  const sizes = card.covariates.filter((c) => !c.choices && ["kg", "m^2"].includes(c.unit));
  const per = [{ value: "", text: say.per_none }, ...sizes.map((c) => ({ value: c.name, text: unit_text(c.unit) }))];
  const set = (id: number, part: Partial<TypedRegimen>) =>
    change_population((before) => ({ regimens: changed(before.regimens, id, part) }), field_of("regimen", id, part));
  return (
    <>
      {typed.regimens.map((row, i) => {
        const id = `population-regimen-${row.id}`;
        const route = route_of(card, row);
        const field = (part: "amount" | "loading" | "over" | "every" | "doses", label: string, unit: string) => (
          <Field
            id={`${id}-${part}`}
            label={label}
            value={row[part]}
            unit={unit}
            numeric
            on_type={(text) => set(row.id, { [part]: text })}
          />
        );
        return (
          <div class="population-row" key={row.id} role="group" aria-label={say.regimen(i + 1)}>
            {card.routes.length > 1 ? (
              <Select
                id={`${id}-route`}
                label={say.route}
                value={route?.name ?? ""}
                options={card.routes.map((r) => ({ value: r.name, text: r.label }))}
                on_choose={(name) => set(row.id, { route: name === card.routes[0]!.name ? "" : name })}
              />
            ) : null}
            {field("amount", say.amount, unit_text(route?.unit ?? ""))}
            {field("loading", say.loading, unit_text(route?.unit ?? ""))}
            {sizes.length > 0 ? (
              <Select
                id={`${id}-per`}
                label={say.per}
                value={row.per}
                options={per}
                on_choose={(text) => set(row.id, { per: text })}
              />
            ) : null}
            {route?.infusion ? field("over", say.over, words.figure.hours) : null}
            {field("every", say.every, words.figure.hours)}
            {field("doses", say.doses, "")}
            {typed.regimens.length > 1 ? (
              <Remove
                what={say.regimen(i + 1)}
                on_click={() => change_population((before) => ({ regimens: without(before.regimens, row.id) }))}
              />
            ) : null}
          </div>
        );
      })}
      <button
        type="button"
        onClick={() =>
          change_population((before) => {
            const last = before.regimens.at(-1) ?? empty_regimen(1);
            return { regimens: [...before.regimens, { ...last, id: next_id(before.regimens), amount: "", loading: "" }] };
          })
        }>
        {say.add_regimen}
      </button>
      <TakeRegimens card={card} typed={typed} />
    </>
  );
}

/** The regimens of the patient above: the current one, those chosen in the list, and the what-if. */
function TakeRegimens({ card, typed }: { card: Card; typed: TypedPopulation }) {
  const found = patient_regimens.value;
  const take = () => {
    const regimens = with_regimens(typed, [...found.values()], card);
    const added = regimens.filter((row) => !typed.regimens.includes(row)).length;
    if (added > 0) change_population(() => ({ regimens }));
    announcement.value = say.taken(added);
  };
  return (
    <div class="population-take">
      <button type="button" disabled={found.size === 0} aria-describedby="population-takes" onClick={take}>
        {say.take_regimens}
      </button>
      <span class="hint" id="population-takes">
        {found.size === 0 ? say.takes_none : say.takes([...found.keys()].map(regimen_text).join("; "))}
      </span>
    </div>
  );
}

export function TargetFields({ card, typed }: { card: Card; typed: TypedPopulation }) {
  const { target } = typed;
  const set = (part: Partial<TypedPopulation["target"]>) =>
    change_population((before) => ({ target: { ...before.target, ...part } }), field_of("target", 0, part));
  const known = card.targets.find((t) => t.id === target.id);
  const unreadable = known !== undefined && target.to === "";
  const of_model = target_of(card, target.id);
  const own_limits = target.at_least !== of_model.at_least || target.at_most !== of_model.at_most;
  const output = card.outputs.find((o) => o.name === target.of);
  const unit = target.read === "auc" ? "" : unit_text(output?.unit ?? "");
  const field = (id: string, label: string, part: "from" | "to" | "at_least" | "at_most", of: string) => (
    <Field id={id} label={label} value={target[part]} unit={of} numeric on_type={(text) => set({ [part]: text })} />
  );
  const take = () => {
    change_population(() => ({ target: patient_target(typed_case.value.target, card) }));
    announcement.value = say.target_taken;
  };
  return (
    <>
      <div class="population-row">
        <Select
          id="population-target"
          label={say.from_model}
          value={target.id}
          options={[...card.targets.map((t) => ({ value: t.id, text: t.label })), { value: "own", text: say.own }]}
          on_choose={(id) => change_population(() => ({ target: target_of(card, id) }))}
          hint={unreadable ? say.not_readable : known ? (own_limits ? words.regimens.own_source : known.source) : ""}
        />
        <Select
          id="population-read"
          label={say.read}
          value={target.read}
          options={Object.entries(say.reads).map(([value, text]) => ({ value, text }))}
          on_choose={(read) => set({ read })}
        />
        <Select
          id="population-of"
          label={say.of}
          value={target.of}
          options={card.outputs.map((o) => ({ value: o.name, text: o.label }))}
          on_choose={(of) => set({ of })}
        />
        {target.read === "value" ? null : field("population-from", say.window_from, "from", words.figure.hours)}
        {field("population-to", target.read === "value" ? say.at : say.window_to, "to", words.figure.hours)}
        {field("population-at-least", say.at_least, "at_least", unit)}
        {field("population-at-most", say.at_most, "at_most", unit)}
      </div>
      {card.targets.length > 0 ? (
        <button type="button" onClick={take}>
          {say.take_target}
        </button>
      ) : null}
    </>
  );
}
