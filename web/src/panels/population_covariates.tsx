/** How each covariate of the virtual patients comes about; computed ones are told, not asked for. */

import type { Card } from "../../../wasm/titrate";
import {
  alleles_of,
  categories,
  computed_covariates,
  distribution_of,
  is_drawn,
  own_of,
  spread_of,
  stated_covariates,
  ways,
  words_of,
  type CardCovariate,
  type How,
  type TypedDistribution,
  type TypedPopulation,
  type TypedSpread,
} from "../case/population";
import { field_of_covariate, field_of_distribution, name_of } from "../case/population_request";
import { change_population } from "../case/population_store";
import { interval, percent, plain, sentence, unit as unit_text } from "../format";
import * as words from "../words";
import { Field, Select } from "./field";

const say = words.population;

function change(card: Card, c: CardCovariate, part: Partial<TypedSpread>, field = ""): void {
  change_population(
    (before) => ({ covariates: { ...before.covariates, [c.name]: { ...spread_of(card, c, before), ...part } } }),
    field,
  );
}

/** What "left to the model" means for this covariate. */
function left(card: Card, c: CardCovariate): string {
  const own = own_of(card, c);
  if (own) return `${sentence(own.words)} (${say.read_at(own.read)})`;
  if (c.frequencies) return c.frequencies.map((p, i) => `${c.choices?.[i] ?? ""} ${percent(p)}`).join(", ");
  return c.when_unknown === undefined ? "" : (c.choices?.[c.when_unknown] ?? plain(c.when_unknown, unit_text(c.unit)));
}

interface Part {
  card: Card;
  c: CardCovariate;
  spread: TypedSpread;
}

/** One distribution: of all patients, or of those with a word of another covariate. */
function Distribution({ card, c, spread, word, nth }: Part & { word: string; nth: number }) {
  const typed = distribution_of(c, spread, word);
  const name = name_of(c, word);
  const set = (part: Partial<TypedDistribution>, field: string) =>
    change(card, c, { of: { ...spread.of, [word]: { ...typed, ...part } } }, field);
  const number = (part: "from" | "to" | "median" | "cv" | "mean" | "sd", unit = unit_text(c.unit)) => {
    const id = field_of_distribution(c.name, nth, part);
    return (
      <Field
        key={part}
        id={id}
        label={say[part](name)}
        value={typed[part]}
        unit={unit}
        numeric
        on_type={(text) => set({ [part]: text }, id)}
      />
    );
  };
  const shares = (kind: "shares" | "alleles", names: string[], label: (name: string, one: string) => string) =>
    names.map((one, i) => {
      const id = field_of_distribution(c.name, nth, `${kind === "shares" ? "share" : "allele"}-${i}`);
      return (
        <Field
          key={id}
          id={id}
          label={label(name, one)}
          value={typed[kind][one] ?? ""}
          unit="%"
          numeric
          on_type={(text) => set({ [kind]: { ...typed[kind], [one]: text } }, id)}
        />
      );
    });
  if (spread.how === "shares") return <>{shares("shares", c.choices ?? [], say.share)}</>;
  if (spread.how === "alleles") return <>{shares("alleles", alleles_of(card, c), say.allele)}</>;
  return (
    <>
      {spread.how === "around" ? [number("median"), number("cv", "%")] : null}
      {spread.how === "mean" ? [number("mean"), number("sd")] : null}
      {number("from")}
      {number("to")}
    </>
  );
}

/** What all have in common, or what the model says. */
function Common({ card, c, spread }: Part) {
  const id = field_of_covariate(c.name, "value");
  if (spread.how === "model") return <p class="hint">{left(card, c)}</p>;
  if (!c.choices)
    return (
      <Field
        id={id}
        label={say.value(c.label)}
        value={spread.value}
        unit={unit_text(c.unit)}
        numeric
        on_type={(value) => change(card, c, { value }, id)}
      />
    );
  return (
    <Select
      id={id}
      label={say.value(c.label)}
      value={spread.value}
      options={[{ value: "", text: say.choose }, ...c.choices.map((word) => ({ value: word, text: word }))]}
      on_choose={(value) => change(card, c, { value })}
    />
  );
}

function Covariate({ card, c, spread }: Part) {
  const by = categories(card, c);
  const drawn = is_drawn(spread);
  const of_words = words_of(card, spread);
  const apart = drawn && of_words[0] !== "";
  return (
    <div class="population-covariate">
      <div class="population-row">
        <Select
          id={field_of_covariate(c.name, "how")}
          label={c.label}
          value={spread.how}
          options={ways(card, c).map((how) => ({ value: how, text: say.hows[how]! }))}
          on_choose={(how) => change(card, c, { how: how as How })}
          hint={c.studied ? say.studied(interval(c.studied[0], c.studied[1], unit_text(c.unit))) : ""}
        />
        {drawn && by.length > 0 ? (
          <Select
            id={field_of_covariate(c.name, "by")}
            label={say.by(c.label)}
            value={spread.by}
            options={[{ value: "", text: say.by_none }, ...by.map((other) => ({ value: other.name, text: other.label }))]}
            on_choose={(name) => change(card, c, { by: name })}
          />
        ) : null}
        {drawn ? null : <Common card={card} c={c} spread={spread} />}
        {drawn && !apart ? <Distribution card={card} c={c} spread={spread} word="" nth={0} /> : null}
      </div>
      {apart
        ? of_words.map((word, nth) => (
            <div class="population-row population-word" key={word} role="group" aria-label={name_of(c, word)}>
              <Distribution card={card} c={c} spread={spread} word={word} nth={nth} />
            </div>
          ))
        : null}
      {spread.how === "alleles" ? <p class="hint">{say.allele_hint}</p> : null}
    </div>
  );
}

export function PopulationCovariates({ card, typed }: { card: Card; typed: TypedPopulation }) {
  return (
    <>
      {stated_covariates(card).map((c) => (
        <Covariate key={c.name} card={card} c={c} spread={spread_of(card, c, typed)} />
      ))}
      {computed_covariates(card).map((c) => (
        <p class="hint" key={c.name}>
          {say.computed(
            c.label,
            (c.needs ?? []).map((name) => card.covariates.find((x) => x.name === name)?.label ?? name).join(", "),
          )}
        </p>
      ))}
    </>
  );
}
