/** How each covariate of the virtual patients comes about; computed ones are told, not asked for. */

import type { Card } from "../../../wasm/titrate";
import {
  computed_covariates,
  field_of_covariate,
  own_of,
  stated_covariates,
  ways,
  type How,
  type TypedPopulation,
  type TypedSpread,
} from "../case/population";
import { change_population } from "../case/population_store";
import { interval, percent, plain, sentence, unit as unit_text } from "../format";
import { words } from "../words";
import { PopulationField, PopulationSelect } from "./population_fields";

const say = words.population;
type CardCovariate = Card["covariates"][number];

function change(name: string, part: Partial<TypedSpread>): void {
  change_population((before) => ({ covariates: { ...before.covariates, [name]: { ...before.covariates[name]!, ...part } } }));
}

/** What "left to the model" means for this covariate. */
function left(card: Card, c: CardCovariate): string {
  const own = own_of(card, c);
  if (own) return `${sentence(own.words)} (${say.read_at(own.read)})`;
  if (c.frequencies) return c.frequencies.map((p, i) => `${c.choices?.[i] ?? ""} ${percent(p)}`).join(", ");
  return c.when_unknown === undefined ? "" : (c.choices?.[c.when_unknown] ?? plain(c.when_unknown, unit_text(c.unit)));
}

function Details({ card, c, typed }: { card: Card; c: CardCovariate; typed: TypedSpread }) {
  const field = (part: string) => field_of_covariate(c.name, part);
  const unit = unit_text(c.unit);
  const number = (part: "value" | "from" | "to" | "median" | "cv", label: string, of: string) => (
    <PopulationField
      id={field(part)}
      label={label}
      value={typed[part]}
      unit={of}
      on_type={(text) => change(c.name, { [part]: text })}
    />
  );
  if (typed.how === "model") return <p class="hint">{left(card, c)}</p>;
  if (typed.how === "same" && c.choices)
    return (
      <PopulationSelect
        id={field("value")}
        label={say.value(c.label)}
        value={typed.value}
        options={[{ value: "", text: say.choose }, ...c.choices.map((word) => ({ value: word, text: word }))]}
        on_choose={(value) => change(c.name, { value })}
      />
    );
  if (typed.how === "same") return number("value", say.value(c.label), unit);
  if (typed.how === "shares")
    return (
      <>
        {c.choices?.map((word) => (
          <PopulationField
            key={word}
            id={field(`share-${word}`)}
            label={say.share(c.label, word)}
            value={typed.shares[word] ?? ""}
            unit="%"
            on_type={(text) => change(c.name, { shares: { ...typed.shares, [word]: text } })}
          />
        ))}
      </>
    );
  return (
    <>
      {typed.how === "around" ? number("median", say.median(c.label), unit) : null}
      {typed.how === "around" ? number("cv", say.cv(c.label), "%") : null}
      {number("from", say.from(c.label), unit)}
      {number("to", say.to(c.label), unit)}
    </>
  );
}

export function PopulationCovariates({ card, typed }: { card: Card; typed: TypedPopulation }) {
  return (
    <>
      {stated_covariates(card).map((c) => {
        const spread = typed.covariates[c.name]!;
        return (
          <div class="population-row population-covariate" key={c.name}>
            <PopulationSelect
              id={field_of_covariate(c.name, "how")}
              label={c.label}
              value={spread.how}
              options={ways(card, c).map((how) => ({ value: how, text: say.hows[how]! }))}
              on_choose={(how) => change(c.name, { how: how as How })}
              hint={c.studied ? say.studied(interval(c.studied[0], c.studied[1], unit_text(c.unit))) : ""}
            />
            <Details card={card} c={c} typed={spread} />
          </div>
        );
      })}
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
