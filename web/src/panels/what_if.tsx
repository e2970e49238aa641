/** Any regimen the user thinks of, judged like the others. Buttons step along the product's grid; typing is free. */

import { step_choice, step_text } from "../case/quantity";
import { built, card, change, fresh, results, typed } from "../case/store";
import { route_of } from "../case/chosen";
import type { RegimenTyped } from "../case/typed";
import { regimen_text, unit as unit_text } from "../format";
import { hours_in } from "../plots/course";
import * as words from "../words";
import { ChanceBar, ChanceNumbers } from "./chances";
import { FieldMessages, problems_at, TextInput } from "./field";
import { RouteOf } from "./route_of";
import { SpreadText } from "./spread";

const say = words.regimens;
type Part = Exclude<keyof RegimenTyped, "route">;

function set(part: Part, value: string): void {
  change((before) => ({ ...before, what_if: { ...before.what_if, [part]: value } }), `what_if-${part}`);
}

function step(part: Part, direction: 1 | -1): void {
  const route = card.value && route_of(typed.value.what_if, typed.value, card.value);
  const product = card.value?.products.find((p) => p.route === route?.name) ?? card.value?.products[0];
  const before = typed.value.what_if;
  // The first step starts at the current regimen, where there is one.
  const current = results.value?.recommendation?.current?.regimen;
  const filled = { ...before };
  if (before.amt === "" && before.ii === "" && current)
    Object.assign(filled, { amt: current.amt, dur: current.dur ?? "", ii: current.ii ?? "" });
  if (part === "amt") {
    const grid = product && !product.per_area ? product : { step: 1, smallest: 0 };
    filled.amt = step_text(filled.amt, grid.step, direction, grid.smallest);
  } else {
    const hours = hours_in(card.value?.time_unit ?? "h");
    const choices = (part === "ii" ? product?.intervals : product?.durations)?.map((t) => t * hours);
    filled[part] =
      choices && choices.length > 0 ? step_choice(filled[part], choices, direction) : step_text(filled[part], 1, direction, 1);
  }
  change((b) => ({ ...b, what_if: filled }));
}

function Stepper({ part, unit }: { part: Part; unit: string }) {
  const label = words.what_if[part];
  const id = `what_if-${part}`;
  return (
    <span class="stepper">
      <label for={id}>
        {label} <span class="unit">{unit}</span>
      </label>
      <span class="stepper-row">
        <button type="button" aria-label={say.smaller(label)} onClick={() => step(part, -1)}>
          −
        </button>
        <TextInput id={id} label={label} numeric value={typed.value.what_if[part]} on_type={(value) => set(part, value)} />
        <button type="button" aria-label={say.larger(label)} onClick={() => step(part, 1)}>
          +
        </button>
      </span>
    </span>
  );
}

export function WhatIf() {
  const shown = results.value;
  const at = shown?.compared.findIndex((c) => c.kind === "what-if") ?? -1;
  const regimen = at < 0 ? undefined : shown?.forecast?.regimens[at];
  const routes = card.value?.routes ?? [];
  const route = card.value && route_of(typed.value.what_if, typed.value, card.value);
  const infusion = routes.some((r) => r.infusion);
  const matches = JSON.stringify(shown?.compared[at]?.regimen) === JSON.stringify(built.value?.what_if);
  const metric = regimen?.metrics.find((m) => m.metric === shown?.recommendation?.target.metric) ?? regimen?.metrics[0];
  return (
    <div class="what-if" role="group" aria-labelledby="what-if-title">
      <div class="head">
        <h3 id="what-if-title">{say.what_if}</h3>
        <svg class="swatch" width="24" height="12" aria-hidden="true">
          {regimen ? <line class="line what-if" x2="24" y1="6" y2="6" /> : null}
        </svg>
        <span class="hint">{say.what_if_lead}</span>
      </div>
      <div class="steppers">
        <Stepper part="amt" unit={unit_text(route?.unit ?? "mg")} />
        {infusion ? <Stepper part="dur" unit="h" /> : null}
        <Stepper part="ii" unit="h" />
        <RouteOf field="what_if" />
      </div>
      {(["amt", "dur", "ii"] as const).map((part) => (
        <FieldMessages key={part} id={`what_if-${part}`} found={problems_at(`what_if-${part}`)} />
      ))}
      <div class={`answer ${fresh.value && matches ? "" : "stale"}`}>
        {regimen?.target ? (
          <>
            <p class="regimen-label">{regimen_text(regimen.label)}</p>
            <ChanceBar chances={regimen.target} />
            <ChanceNumbers chances={regimen.target} />
            {metric ? (
              <p class="metric">
                {metric.label} <SpreadText spread={metric} />
              </p>
            ) : null}
          </>
        ) : null}
      </div>
    </div>
  );
}
