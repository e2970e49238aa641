/** Virtual patients of the chosen model: who they are, what they get, and how many reach the target. */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Card, PopulationRequest, VirtualPopulation } from "../../../wasm/titrate";
import {
  built_population,
  change_population,
  drawn_population,
  population,
  population_key,
  population_problems,
  tried,
} from "../case/population_store";
import type { TypedPopulation } from "../case/population";
import { stated_words } from "../case/population_words";
import { announcement, card, model } from "../case/store";
import { unit as unit_text } from "../format";
import { print_instead } from "../report/print";
import { ask_beside } from "../run";
import * as words from "../words";
import { Field, focus_field } from "./field";
import { Correlations, Groups, RegimenRows, TargetFields } from "./population_rows";
import { PopulationCovariates } from "./population_covariates";
import { PopulationResults } from "./population_results";

const say = words.population;

/** "area under the curve (AUC), Vancomycin, 24 to 48 h: at least 400 mg·h/L, at most 600 mg·h/L" */
function target_words(found: Card, { target }: TypedPopulation, { at_least, at_most }: PopulationRequest): string {
  const time = target.read === "value" ? target.to : `${target.from} to ${target.to}`;
  const limits = [
    at_least === undefined ? "" : `${say.at_least.toLowerCase()} ${at_least}`,
    at_most === undefined ? "" : `${say.at_most.toLowerCase()} ${at_most}`,
  ];
  const of = found.outputs.find((o) => o.name === target.of)?.label ?? target.of;
  return unit_text(`${say.reads[target.read]}, ${of}, ${time} ${words.figure.hours}: ${limits.filter(Boolean).join(", ")}`);
}

async function draw(event: Event): Promise<void> {
  event.preventDefault();
  const built = built_population.value;
  const chosen = model.value;
  tried.value = true;
  if (!built || !chosen || !card.value) return;
  const [first] = built.problems;
  if (first) return focus_field(first.field);
  const key = population_key.value;
  const { title } = card.value;
  const { request, seed } = built;
  const target = target_words(card.value, population.value!, request);
  const stated = stated_words(card.value, population.value!);
  const response = await ask_beside(say.drawing, {
    verb: "population",
    model: chosen.definition,
    population: request,
    settings: { seed },
  });
  if (!response?.model) return;
  const found = response.ok ? (response.result as VirtualPopulation) : undefined;
  drawn_population.value = {
    key,
    title,
    model: response.model,
    target,
    stated,
    seed,
    found,
    diagnostics: response.diagnostics,
  };
  announcement.value = found ? say.done(found.patients) : say.failed;
  const [refused] = population_problems.value;
  if (refused) focus_field(refused.field);
}

function Group({ title, lead, children }: { title: string; lead?: string; children: ComponentChildren }) {
  return (
    <fieldset class="population-group">
      <legend>{title}</legend>
      {lead ? <p class="hint">{lead}</p> : null}
      {children}
    </fieldset>
  );
}

function Form() {
  const typed = population.value;
  const found = card.value;
  if (!typed || !found) return null;
  const problems = population_problems.value;
  return (
    <form class="population-form" onSubmit={(event) => void draw(event)} noValidate>
      <Group title={say.who} lead={say.who_lead}>
        <div class="population-row">
          <Field
            id="population-patients"
            label={say.size}
            value={typed.patients}
            numeric
            on_type={(patients) => change_population(() => ({ patients }), "population-patients")}
          />
          <Field
            id="population-seed"
            label={say.seed}
            value={typed.seed}
            hint={say.seed_hint}
            numeric
            on_type={(seed) => change_population(() => ({ seed }), "population-seed")}
          />
        </div>
        <PopulationCovariates card={found} typed={typed} />
      </Group>
      <Group title={say.correlations} lead={say.correlation_lead}>
        <Correlations card={found} typed={typed} />
      </Group>
      <Group title={say.groups} lead={say.group_lead}>
        <Groups card={found} typed={typed} />
      </Group>
      <Group title={say.regimens} lead={say.regimen_lead}>
        <RegimenRows card={found} typed={typed} />
      </Group>
      <Group title={say.target}>
        <TargetFields card={found} typed={typed} />
      </Group>
      {problems.length > 0 ? (
        <div class="population-problems">
          <p>{say.problems}</p>
          <ul>
            {problems.map((problem) => (
              <li key={problem.field + problem.message}>
                <button type="button" class="link" onClick={() => focus_field(problem.field)}>
                  {problem.message} {problem.hint}
                </button>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      <button type="submit" class="primary">
        {say.draw}
      </button>
    </form>
  );
}

export function Population() {
  const [opened, set_opened] = useState(false);
  if (!card.value) return null;
  return (
    <section class="panel population" aria-labelledby="population-title">
      <h2 id="population-title">{say.title}</h2>
      <p class="lead">
        <strong>{say.label}</strong> {say.lead}
      </p>
      <details class="part" onToggle={(event) => set_opened(event.currentTarget.open)}>
        <summary>
          <h3>{say.open}</h3>
        </summary>
        {opened ? <Form /> : null}
      </details>
      <PopulationResults />
      {drawn_population.value?.found ? (
        <button type="button" onClick={() => print_instead("population")}>
          {say.print}
        </button>
      ) : null}
    </section>
  );
}
