/** The card of a model: what it decides, whom it rests on, every number and formula with its source, and how it was checked. */

import type { ComponentChildren } from "preact";
import type { Card } from "../../../wasm/titrate";
import { checked } from "../case/store";
import { author_and_year } from "../case/model_menu";
import { interval, number, plain, sentence, unit as unit_text } from "../format";
import { limits } from "../plots/course";
import { check_worked_cases } from "../run";
import * as words from "../words";
import { Formula } from "./formula";
import { equations } from "./equations";
import { Number, Table } from "./plain_table";

const say = words.card;

/** Derived by the engine from the model and from recorded checks; a card of an older engine has none. */
type Graded = Card & { grade?: { word: string; because: string[] } };

export function CardHead({ found }: { found: Graded }) {
  return (
    <>
      <p class="source">
        {found.citation}
        {found.doi === "" ? "" : `, doi:${found.doi}`}
      </p>
      {found.grade ? (
        <p>
          <strong class={`grade ${found.grade.word.replaceAll(" ", "-")}`}>{found.grade.word}</strong>{" "}
          {found.grade.because.map(sentence).join(" ")}
        </p>
      ) : null}
      <p>{sentence(found.about)}</p>
    </>
  );
}

export interface CardPart {
  title: string;
  content: ComponentChildren;
}

export function card_parts(found: Card): CardPart[] {
  return [
    { title: say.decides, content: <Decision found={found} /> },
    { title: say.studied, content: <Studied found={found} /> },
    { title: say.parameters, content: <Parameters found={found} /> },
    { title: say.equations, content: <Equations found={found} /> },
    ...texts(say.assumed(assumed_in(found).length), assumed_in(found)),
    ...texts(
      say.notes(found.notes.length),
      found.notes.map((n) => `${n.title}: ${n.text}`),
    ),
    ...(found.interactions.length === 0
      ? []
      : [{ title: say.interactions(found.interactions.length), content: <Interactions found={found} /> }]),
    ...texts(say.caveats(found.caveats.length), found.caveats),
    { title: say.verified, content: <Verified found={found} /> },
  ];
}

function texts(title: string, list: string[]): CardPart[] {
  return list.length === 0 ? [] : [{ title, content: <Texts list={list} /> }];
}

function Texts({ list }: { list: string[] }) {
  return (
    <ul class="texts">
      {list.map((text) => (
        <li key={text}>{sentence(text)}</li>
      ))}
    </ul>
  );
}

function assumed_in(found: Card): string[] {
  const named = [...found.parameters, ...found.random_effects, ...found.occasion_effects].filter((x) => x.assumed);
  return [...found.assumptions, ...named.map((x) => say.assumed_value(x.name))];
}

function Decision({ found }: { found: Card }) {
  if (found.targets.length === 0) return <p>{say.no_target}</p>;
  return (
    <>
      <Table
        caption={say.decides}
        heads={[say.target, say.limits, say.during, say.source]}
        rows={found.targets.map((t) => [t.label, limits(t), t.during, t.source])}
      />
      {found.products.length > 0 ? (
        <Table
          caption={say.products}
          heads={[say.products, say.doses, say.every, say.source]}
          rows={found.products.map((p) => [
            p.name,
            `${plain(p.smallest)} to ${plain(p.largest, unit_text(p.unit))}, ${say.step} ${plain(p.step)}`,
            p.intervals.map((x) => plain(x)).join(", ") + ` ${found.time_unit}`,
            p.source,
          ])}
        />
      ) : null}
      {found.rules.length > 0 ? <Texts list={found.rules.map((r) => `${r.message} (${r.source})`)} /> : null}
    </>
  );
}

const SERVED = ["studied", "not studied", "excluded"];

function Studied({ found }: { found: Card }) {
  const statuses = [...new Set([...SERVED, ...found.serves.map((s) => s.status)])];
  return (
    <>
      <Table
        caption={say.ranges}
        heads={[say.covariate, say.meaning, say.ranges, say.how]}
        rows={found.covariates.map((c) => [
          c.name,
          c.label,
          c.studied ? interval(c.studied[0], c.studied[1], unit_text(c.unit)) : (c.choices?.join(", ") ?? "–"),
          <>
            {c.from === undefined ? null : <Formula text={c.from} />}{" "}
            {[
              c.at_least === undefined ? "" : say.at_least(plain(c.at_least, unit_text(c.unit))),
              c.at_most === undefined ? "" : say.at_most(plain(c.at_most, unit_text(c.unit))),
              sentence(c.note),
              ...(found.sampled ?? [])
                .filter((own) => own.name === c.name)
                .map((own) => `${words.population.of_the_patients(own.words)} (${words.population.read_at(own.read)})`),
            ]
              .filter(Boolean)
              .join(" ")}
          </>,
        ])}
      />
      <dl class="served">
        {statuses.map((status) => {
          const group = found.serves.filter((s) => s.status === status);
          return group.length === 0 ? null : (
            <div key={status}>
              <dt>{status}</dt>
              <dd>{group.map((s) => (s.note === "" ? s.who : `${s.who} (${sentence(s.note)})`)).join("; ")}</dd>
            </div>
          );
        })}
      </dl>
    </>
  );
}

function Interactions({ found }: { found: Card }) {
  return (
    <Table
      caption={say.interactions_caption}
      heads={[say.with_drug, say.exposure, say.effect, say.source]}
      rows={found.interactions.map((pair) => [pair.drug, pair.exposure, pair.effect, pair.source])}
    />
  );
}

function Parameters({ found }: { found: Card }) {
  const effects: (Card["random_effects"][number] & { occasion?: string })[] = [
    ...found.random_effects,
    ...found.occasion_effects,
  ];
  const read_in = (x: { assumed: boolean; read: string }) => (x.assumed ? say.assumed_mark : x.read);
  const places = [...new Set(found.parameters.map(read_in))];
  const how_sure = (x: { uncertainty: string }) => x.uncertainty || say.not_stated;
  const any_sure = [...found.parameters, ...effects].some((x) => x.uncertainty !== "");
  return (
    <>
      <p>
        {any_sure ? "" : say.none_stated} {places.length === 1 ? say.all_read(places[0]!) : ""}
      </p>
      <Table
        caption={say.parameters}
        heads={[
          say.name,
          say.meaning,
          say.value,
          ...(any_sure ? [say.uncertainty] : []),
          ...(places.length > 1 ? [say.read] : []),
        ]}
        rows={found.parameters.map((p) => [
          <Formula text={p.name} />,
          p.label,
          <Number value={p.value} unit={p.unit} />,
          ...(any_sure ? [how_sure(p)] : []),
          ...(places.length > 1 ? [read_in(p)] : []),
        ])}
      />
      {effects.length > 0 ? (
        <Table
          caption={say.random_effects}
          heads={[say.random_effects, say.variance, say.sd, ...(any_sure ? [say.uncertainty] : []), say.read]}
          rows={effects.map((e) => [
            <Formula text={e.name} />,
            <Number value={e.variance} />,
            <Number value={e.sd} />,
            ...(any_sure ? [how_sure(e)] : []),
            [e.written, read_in(e), e.occasion === undefined ? "" : say.occasion(e.occasion)].filter(Boolean).join("; "),
          ])}
        />
      ) : null}
      {found.correlations.length > 0 ? (
        <p>
          {say.correlations}:{" "}
          {found.correlations
            .map((c) => {
              const source = [c.uncertainty, c.read].filter(Boolean).join("; ");
              return `${c.between.join(" ~ ")} ${number(c.correlation, 2)}${source === "" ? "" : ` (${source})`}`;
            })
            .join("; ")}
          .
        </p>
      ) : null}
    </>
  );
}

function Equations({ found }: { found: Card }) {
  return (
    <>
      <p>
        {[found.structure, `${say.solver}: ${found.solver}`].filter(Boolean).join("; ")}. {say.time(found.time_unit)}
      </p>
      {equations(found).map((group) => (
        <div class="equations" key={group.title}>
          <h4>{group.title}</h4>
          {group.lines.map((line) => (
            <p class="equation" key={line.key}>
              {line.before}{" "}
              {line.text === undefined ? null : <Formula {...(line.left ? { left: line.left } : {})} text={line.text} />}{" "}
              <span class="unit">{line.after}</span>
            </p>
          ))}
        </div>
      ))}
      <Table
        caption={say.outputs}
        heads={[say.outputs, say.meaning, say.residual]}
        rows={found.outputs.map((o) => [
          o.name,
          `${o.label} (${unit_text(o.unit)})`,
          [
            ...o.residuals.map((r) => [r.assay, r.written, r.uncertainty, r.read].filter(Boolean).join("; ")),
            ...(o.correlations ?? []).map((text) => `${say.correlated} ${text}`),
          ].join(" | ") || say.no_error,
        ])}
      />
    </>
  );
}

function Verified({ found }: { found: Card }) {
  const checks = found.worked_cases.reduce((sum, worked) => sum + worked.checks, 0);
  const results = checked.value[found.id];
  const wrong = results?.filter((r) => !r.ok) ?? [];
  return (
    <>
      <p>{say.against(author_and_year(found.citation), found.worked_cases.length, checks)}</p>
      <Texts list={found.worked_cases.map((worked) => say.worked_case(worked.label, worked.checks))} />
      <p class="no-print">
        <button type="button" onClick={() => void check_worked_cases()}>
          {say.check}
        </button>
      </p>
      {results ? (
        <p role="alert">
          <strong>{say.checked(results.length - wrong.length, results.length)}</strong>{" "}
          {wrong
            .map((r) => `${r.label}: ${r.check} ${number(r.got)} ${say.instead_of} ${number(r.expected)} ${r.unit}`)
            .join("; ")}
        </p>
      ) : null}
      <PopulationChecks checks={found.population_checks} />
    </>
  );
}

function PopulationChecks({ checks }: { checks: Card["population_checks"] }) {
  if (checks.length === 0) return null;
  const verdict = (ok: boolean | undefined) => (ok === undefined ? say.not_run : ok ? say.within : say.outside);
  return (
    <Table
      caption={say.population}
      heads={[say.population, say.simulated, say.published, say.accepted, say.result, say.source]}
      rows={checks.map((c) => [
        `${c.label}: ${c.statistic} of ${c.of}, ${say.of_patients(c.patients)}: ${c.simulated}`,
        c.got === undefined ? "–" : plain(c.got),
        plain(c.published),
        <>
          {interval(c.accepted[0], c.accepted[1], "")} ({sentence(c.why)})
        </>,
        <strong>{verdict(c.ok)}</strong>,
        c.recalled ? `${c.source}; ${say.recalled}` : c.source,
      ])}
    />
  );
}
