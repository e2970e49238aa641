/** Everything the numbers rest on: the model card, and how this fit went. */

import type { ComponentChildren } from "preact";
import type { Card, Fit } from "../../../wasm/titrate";
import { on_the_clock } from "../case/on_the_clock";
import { built, card, compiled, fresh, results, typed } from "../case/store";
import { clock_text } from "../case/clock";
import { full, interval, number, percent, quantity, sentence, unit as unit_text } from "../format";
import { hours_in } from "../plots/course";
import { words } from "../words";

const say = words.basis;

function Part({ title, open, children }: { title: string; open?: boolean; children: ComponentChildren }) {
  return (
    <details class="part" open={open ?? false}>
      <summary>
        <h3>{title}</h3>
      </summary>
      <div class="scroller">{children}</div>
    </details>
  );
}

function Table({ heads, rows, caption }: { heads: string[]; rows: ComponentChildren[][]; caption: string }) {
  return (
    <table class="plain">
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          {heads.map((head) => (
            <th scope="col" key={head}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, i) => (
          <tr key={i}>
            {row.map((cell, k) =>
              k === 0 ? (
                <th scope="row" key={k}>
                  {cell}
                </th>
              ) : (
                <td key={k}>{cell}</td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const Number = ({ value, unit }: { value: number | undefined; unit?: string }) => (
  <span title={full(value)}>{quantity(value, unit_text(unit ?? ""))}</span>
);

export function Basis() {
  const found = card.value;
  if (!found) return null;
  const fit = results.value?.forecast?.fit;
  return (
    <section class="panel basis" aria-labelledby="basis-title">
      <h2 id="basis-title">{say.basis_of(sentence(found.title))}</h2>
      <p class="source">
        {found.citation}
        {found.doi === "" ? "" : `, doi:${found.doi}`}
      </p>
      <p>{sentence(found.about)}</p>
      <div class={`parts ${results.value && !fresh.value ? "stale-fit" : ""}`}>
        {fit ? <FitPart fit={fit} /> : null}
        <CardParts found={found} />
      </div>
    </section>
  );
}

/** How far a level lies from the fitted curve; of one beyond a limit, how probable that was. */
function residual_text(level: Fit["levels"][number]): string {
  if (level.probability !== undefined) return say.probability(percent(level.probability));
  return level.residual_sd === undefined ? "–" : say.residual_sd(number(level.residual_sd, 2));
}

function remarks_of(level: Fit["levels"][number]): string[] {
  const b = built.value;
  if (!b) return level.remarks;
  const path = `/patient/observations/${level.index}`;
  return level.remarks.map((text) => on_the_clock(text, path, b.patient, b.origin, typed.value.zone));
}

function FitPart({ fit }: { fit: Fit }) {
  const shown = results.value!;
  const factor = hours_in(shown.forecast?.time_unit ?? "h");
  return (
    <Part title={say.fit} open>
      <p>{say.converged(fit.message)}</p>
      {fit.levels.length > 0 ? (
        <Table
          caption={say.levels}
          heads={[say.level_time, say.measured, say.a_priori, say.individual_value, say.residual, say.percentile, say.words]}
          rows={fit.levels.map((level) => [
            clock_text(shown.origin + level.time * factor * 3_600_000, shown.zone),
            <>
              {level.censored ? `${say.censored[level.censored]} ` : ""}
              <Number value={level.dv} unit={level.unit} />
            </>,
            <Number value={level.a_priori} unit={level.unit} />,
            <Number value={level.individual} unit={level.unit} />,
            residual_text(level),
            number(level.percentile, 2),
            [level.used ? level.words : say.not_used(level.why), ...remarks_of(level)]
              .map((text) => text.replace(/\.$/, ""))
              .filter(Boolean)
              .join(". "),
          ])}
        />
      ) : null}
      {fit.eta ? (
        <Table
          caption={say.eta}
          heads={[say.eta, say.value, say.in_sd, say.sd_ratio]}
          rows={fit.eta.map((eta) => [
            eta.name,
            <Number value={eta.value} />,
            <Number value={eta.in_omega_sd} />,
            <Number value={eta.posterior_over_prior_sd} />,
          ])}
        />
      ) : null}
      {fit.parameters ? (
        <Table
          caption={say.parameters}
          heads={[say.name, say.meaning, say.typical, say.a_priori, say.individual_value]}
          rows={fit.parameters.map((p) => [
            p.name,
            p.label,
            <Number value={p.population} unit={p.unit} />,
            <Number value={p.a_priori} unit={p.unit} />,
            <Number value={p.individual} unit={p.unit} />,
          ])}
        />
      ) : null}
      {fit.sample ? <p>{sample_text(fit)}</p> : null}
      {fit.gradient_norm !== undefined && fit.starts ? (
        <p>{say.optimum(number(fit.gradient_norm, 2), fit.starts.tried, fit.starts.other_optima)}</p>
      ) : null}
      <p>{versions_text()}</p>
    </Part>
  );
}

export function sample_text(fit: Fit): string {
  const s = fit.sample;
  if (!s) return "";
  return say.sampled({ method: s.method, draws: s.draws, ess: number(s.ess), k: number(s.pareto_k, 2), seed: s.seed });
}

export function versions_text(): string {
  const shown = compiled.value;
  const { id = "", version = "" } = shown?.card ?? {};
  return `${say.engine} ${results.value?.engine ?? ""}; ${words.report.model_line(id, version, shown?.hash ?? "")}`;
}

/** How a dose enters one state, as the model states it. */
function entering(x: Card["routes"][number]["entries"][number]): string {
  if (x.sets_to !== undefined) return `${x.state} <- ${x.sets_to}`;
  const amount = x.bioavailability === "1" ? "amt" : `(${x.bioavailability}) amt`;
  const how =
    x.duration !== undefined
      ? ` / D, D = ${x.duration}`
      : x.rate !== undefined
        ? `, ${say.rate} ${x.rate}`
        : x.profile !== undefined
          ? ` * f(tad), f = ${x.profile}`
          : "";
  return `${amount}${how} -> ${x.state}${/^0( \[h\])?$/.test(x.lag) ? "" : `, ${say.after_lag} ${x.lag}`}`;
}

function CardParts({ found }: { found: Card }) {
  return (
    <>
      <Part title={say.population}>
        <Table
          caption={say.ranges}
          heads={[say.covariates, say.meaning, say.ranges, ""]}
          rows={found.covariates.map((c) => [
            c.name,
            c.label,
            c.studied ? interval(c.studied[0], c.studied[1], unit_text(c.unit)) : (c.choices?.join(", ") ?? "–"),
            [c.from ?? "", c.note].filter(Boolean).join(". "),
          ])}
        />
        <ul>
          {found.serves.map((s) => (
            <li key={s.who}>
              <strong>{s.status}</strong>: {s.who}
              {s.note === "" ? "" : ` (${s.note})`}
            </li>
          ))}
        </ul>
      </Part>
      <Part title={say.parameters}>
        <Table
          caption={say.parameters}
          heads={[say.name, say.meaning, say.value, say.read]}
          rows={found.parameters.map((p) => [
            p.name,
            p.label,
            <Number value={p.value} unit={p.unit} />,
            p.assumed ? say.assumed : p.read,
          ])}
        />
        <Table
          caption={say.random_effects}
          heads={[say.random_effects, say.variance, say.sd, say.read]}
          rows={found.random_effects.map((e) => [
            e.name,
            <Number value={e.variance} />,
            <Number value={e.sd} />,
            [e.written, e.assumed ? say.assumed : e.read].filter(Boolean).join("; "),
          ])}
        />
      </Part>
      <Part title={say.equations}>
        <p>
          {found.structure} ({say.solver}: {found.solver})
        </p>
        <pre>
          {[
            ...found.individual.map((x) => `${x.name} = ${x.text}    [${x.unit}]`),
            ...found.derived.map((x) => `${x.name} = ${x.text}    [${x.unit}]`),
            ...found.equations.map((x) => `d ${x.state}/dt = ${x.derivative}    [${x.unit}], ${say.starts} ${x.initial}`),
            ...found.events.flatMap((e) =>
              e.sets.map(
                (x) => `${e.every === undefined ? `${say.when} ${e.when}` : `${say.every} ${e.every}`}: ${x.state} <- ${x.value}`,
              ),
            ),
            ...found.routes.flatMap((r) => r.entries.map((x) => `${r.name}: ${entering(x)}`)),
          ].join("\n")}
        </pre>
        <Table
          caption={say.outputs}
          heads={[say.outputs, say.meaning, say.value, say.residual]}
          rows={found.outputs.map((o) => [
            o.name,
            `${o.label} (${unit_text(o.unit)})`,
            o.value,
            [
              ...o.residuals.map((r) => [r.assay, r.written, r.read].filter(Boolean).join("; ")),
              ...(o.correlations ?? []).map((text) => `${say.correlated} ${text}`),
            ].join(" | "),
          ])}
        />
      </Part>
      <Part title={say.caveats}>
        <ul>
          {found.caveats.map((text) => (
            <li key={text}>{text}</li>
          ))}
          {found.assumptions.map((text) => (
            <li key={text}>
              {say.assumption}: {text}
            </li>
          ))}
          {found.rules.map((r) => (
            <li key={r.message}>
              {r.message} ({r.source})
            </li>
          ))}
          {found.notes.map((n) => (
            <li key={n.title}>
              <strong>{n.title}</strong>: {n.text}
            </li>
          ))}
        </ul>
        <p>{say.worked_cases(found.worked_cases.length)}</p>
      </Part>
    </>
  );
}
