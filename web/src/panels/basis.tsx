/** Everything the numbers rest on: the model card, and how this fit went. */

import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import type { Card, Fit } from "../../../wasm/titrate";
import { following } from "../case/in_turn";
import { on_the_clock } from "../case/on_the_clock";
import { built, card, compiled, drawn, fresh, results, typed, type Results } from "../case/store";
import { clock_text } from "../case/clock";
import { capital, number, percent, sentence } from "../format";
import { hours_in } from "../plots/course";
import { print_instead } from "../report/print";
import * as words from "../words";
import { CardHead, card_parts } from "./card";
import { InTurn } from "./in_turn";
import { Number, Table } from "./plain_table";

const say = words.basis;

function Part({ title, open, children }: { title: string; open?: boolean; children: ComponentChildren }) {
  return (
    <details class="part" open={open ?? false}>
      <summary>
        <h3>{title}</h3>
      </summary>
      <div class="scroller" role="group" aria-label={title} tabIndex={0}>
        {children}
      </div>
    </details>
  );
}

const shown_card = following(card);
const fitted = following(drawn);

export function Basis() {
  const found = shown_card.value;
  if (!found) return null;
  const shown = fitted.value;
  const is_fresh = fresh.value && shown?.key === results.value?.key;
  return (
    <section class="panel basis" aria-labelledby="basis-title">
      <div class="basis-head">
        <h2 id="basis-title">{say.basis_of(sentence(found.title))}</h2>
        <button type="button" onClick={() => print_instead("card")}>
          {words.card.print}
        </button>
      </div>
      <CardHead found={found} />
      <div class={`parts ${shown && !is_fresh ? "stale-fit" : ""}`}>
        {shown?.forecast ? <FitPart shown={shown} fit={shown.forecast.fit} /> : null}
        <CardParts found={found} key={found.id} />
      </div>
    </section>
  );
}

/** They depend on the card alone; all but what answers the engine later stays as it is. */
function CardParts({ found }: { found: Card }) {
  return useMemo(
    () => (
      <>
        {card_parts(found).map((part) => (
          <Part key={part.title} title={part.title}>
            <InTurn>{part.content}</InTurn>
          </Part>
        ))}
      </>
    ),
    [found],
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

function FitPart({ shown, fit }: { shown: Results; fit: Fit }) {
  const factor = hours_in(shown.forecast?.time_unit ?? "h");
  return (
    <Part title={say.fit} open>
      <p>{say.converged(fit.message)}</p>
      {fit.levels.length > 0 ? (
        <Table
          stacked
          caption={say.levels}
          heads={[say.level_time, say.measured, say.a_priori, say.individual_value, say.residual, say.percentile, say.words]}
          rows={fit.levels.map((level) => [
            <span class="clock">{clock_text(shown.origin + level.time * factor * 3_600_000, shown.zone)}</span>,
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
          stacked
          caption={say.eta}
          heads={[say.eta, say.value, say.in_sd, say.sd_ratio]}
          rows={fit.eta.map((eta) => [
            capital(eta.label),
            <Number value={eta.value} />,
            <Number value={eta.in_omega_sd} />,
            <Number value={eta.posterior_over_prior_sd} />,
          ])}
        />
      ) : null}
      {fit.parameters ? (
        <Table
          stacked
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
