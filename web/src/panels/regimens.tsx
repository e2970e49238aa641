/** The ranked regimens, the current one, and any other that the user types. Never one bare dose: at least three, with risks. */

import { range } from "d3-array";
import { useState } from "preact/hooks";
import type { Candidate, Recommendation, Spread } from "../../../wasm/titrate";
import { activity, card, fresh, results, selected, toggle_selected } from "../case/store";
import { full, interval, number, plain, quantity, regimen_text, sentence, unit as unit_text } from "../format";
import * as words from "../words";
import { ChanceBar, ChanceNumbers } from "./chances";
import { InTurn } from "./in_turn";
import { SpreadText } from "./spread";
import { StaleNote } from "./status";
import { Target } from "./target";
import { WhatIf } from "./what_if";

const say = words.regimens;
const SHOWN = 5;

/** "AUC24", "trough" ... from the target that is judged. */
export function metric_name(recommendation: Recommendation): string {
  return words.metrics[recommendation.target.metric] ?? recommendation.target.metric;
}

/** What the model must not be used for: here, since who looks for a dose may not read the basis. */
export const grade_warning = () => say.graded[card.value?.grade?.word ?? ""];

/** The place in the whole list, the current regimen counted; 0 when it is not ranked. */
export function rank_of(recommendation: Recommendation, candidate: Candidate): number {
  return recommendation.ranked.findIndex((c) => c.kind === candidate.kind && c.label === candidate.label) + 1;
}

function kind_class(label: string): string {
  const i = selected.value.indexOf(label);
  return i < 0 ? "" : `chosen-${i}`;
}

interface CardProps {
  candidate: Candidate;
  /** Position among the cards, 0 for the current one; the rank counts the current one, too. */
  place: number;
  rank: number;
  metric: string;
  has_nadir: boolean;
}

function Card({ candidate, place, rank, metric, has_nadir }: CardProps) {
  const current = candidate.kind === "current";
  const chosen = selected.value.includes(candidate.label);
  const id = `compare-${place}`;
  const mark = current ? "current" : kind_class(candidate.label);
  return (
    <li class={`candidate ${current ? "is-current" : ""} ${chosen ? "is-chosen" : ""}`}>
      <div class="head">
        <span class="rank" aria-label={rank ? say.rank(rank) : say.current}>
          {rank || "•"}
        </span>
        <h3>
          {candidate.kind === "no_dose" ? say.no_dose : regimen_title(candidate.label)}
          {current ? <span class="tag">{say.current}</span> : null}
        </h3>
        {current ? (
          <span class="swatch-only">
            <Swatch kind="current" />
          </span>
        ) : (
          <label class="compare" for={id}>
            <Swatch kind={mark} />
            <input
              id={id}
              type="checkbox"
              checked={chosen}
              aria-label={say.compare(candidate.label)}
              onChange={() => toggle_selected(candidate.label)}
            />
            {say.compare_short}
          </label>
        )}
      </div>
      <ChanceBar chances={candidate} />
      <ChanceNumbers chances={candidate} />
      <dl class="numbers">
        <div>
          <dt>{metric}</dt>
          <dd>
            <SpreadText spread={candidate.metric} />
          </dd>
        </div>
        <div>
          <dt>{say.loss_short}</dt>
          <dd title={`${full(candidate.loss)} ± ${full(candidate.loss_error)}`}>{number(candidate.loss)}</dd>
        </div>
        {has_nadir ? null : (
          <>
            {metric === say.peak ? null : <Median name={say.peak} spread={candidate.peak} />}
            {metric === say.trough ? null : <Median name={say.trough} spread={candidate.trough} />}
          </>
        )}
        {has_nadir ? null : (
          <div>
            <dt>{say.daily}</dt>
            <dd>{plain(candidate.daily.value, unit_text(candidate.daily.unit), 4)}</dd>
          </div>
        )}
      </dl>
      {(current || candidate.change === "") && candidate.remarks.length === 0 && !candidate.worst ? null : (
        <p class="remarks">
          {[
            current ? "" : candidate.change,
            ...candidate.remarks,
            candidate.worst ? say.scenario(future_label(candidate.worst)) : "",
          ]
            .map((text) => sentence(text).replace(/\.$/, ""))
            .filter(Boolean)
            .join(" · ")}
        </p>
      )}
    </li>
  );
}

/** "Hold one dose, then ...": a heading begins with a capital. */
export function regimen_title(label: string): string {
  const text = regimen_text(label);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function future_label(id: string): string {
  const { recommendation, former } = results.value ?? {};
  return (recommendation ?? former?.recommendation)?.scenarios?.find((s) => s.id === id)?.label ?? id;
}

/** A median alone, its 90 % in the title, the report and the figure. */
function Median({ name, spread }: { name: string; spread: Spread }) {
  const unit = unit_text(spread.unit);
  return (
    <div title={`${say.ninety}: ${interval(spread.p5, spread.p95, unit)}`}>
      <dt>{name}</dt>
      <dd>{quantity(spread.median, unit)}</dd>
    </div>
  );
}

function Swatch({ kind }: { kind: string }) {
  return (
    <svg class="swatch" width="24" height="12" aria-hidden="true">
      {kind === "" ? null : <line class={`line ${kind}`} x2="24" y1="6" y2="6" />}
    </svg>
  );
}

export function Regimens() {
  const [all, set_all] = useState(false);
  const shown_results = results.value;
  const grade = grade_warning();
  // Until the new ranking is there the former one stays in its place, marked, so that nothing jumps.
  const pending = shown_results?.ranking ?? false;
  const recommendation = shown_results?.recommendation ?? (pending ? shown_results?.former?.recommendation : undefined);
  const ranked = recommendation?.ranked.filter((c) => c.kind !== "current") ?? [];
  const metric = recommendation ? metric_name(recommendation) : "";
  const nadir = recommendation?.target.metric.startsWith("nadir") ?? false;
  const shown = all ? ranked : ranked.slice(0, SHOWN);
  const by_screens = range(0, shown.length, SHOWN).map((from) => shown.slice(from, from + SHOWN));
  return (
    <section class="panel regimens" aria-labelledby="regimens-title">
      <h2 id="regimens-title" tabIndex={-1}>
        {say.title}
      </h2>
      <Target />
      <p class="unreachable" hidden={grade === undefined}>
        {grade}
      </p>
      <div class={shown_results ? "lead-slot" : ""}>
        {recommendation && fresh.value && !pending ? (
          <p class="lead" title={recommendation.loss}>
            {say.lead(recommendation.loss)}
          </p>
        ) : null}
        {fresh.value ? null : <StaleNote />}
        {fresh.value && pending ? <Ranking again={recommendation !== undefined} /> : null}
      </div>
      {recommendation ? (
        <div class={fresh.value && !pending ? "" : "stale"}>
          {recommendation.reachable ? null : <p class="unreachable">{recommendation.message || say.unreachable}</p>}
          <ol class="candidates">
            {recommendation.current ? (
              <Card
                candidate={recommendation.current}
                place={0}
                rank={rank_of(recommendation, recommendation.current)}
                metric={metric}
                has_nadir={nadir}
              />
            ) : null}
            {by_screens.map((some, screen) => {
              const cards = some.map((candidate, i) => (
                <Card
                  key={candidate.label}
                  candidate={candidate}
                  place={screen * SHOWN + i + 1}
                  rank={rank_of(recommendation, candidate)}
                  metric={metric}
                  has_nadir={nadir}
                />
              ));
              return screen === 0 ? cards : <InTurn key={screen}>{cards}</InTurn>;
            })}
          </ol>
          {ranked.length > SHOWN ? (
            <button type="button" class="quiet" onClick={() => set_all(!all)}>
              {all ? say.fewer : say.more(ranked.length - SHOWN)}
            </button>
          ) : null}
        </div>
      ) : (
        <p class="empty">{pending ? "" : results.value ? say.withheld : words.status.no_result}</p>
      )}
      <WhatIf />
      {recommendation ? <HowRanked recommendation={recommendation} /> : null}
    </section>
  );
}

/** The ranking is under way; `again`: the list below is that of the input before. */
function Ranking({ again }: { again: boolean }) {
  const now = activity.value;
  if (now.kind !== "working") return <p class="stale-note">{words.status.stale_failed}</p>;
  return (
    <p class="ranking">
      <span>{again ? say.ranking_again : say.ranking}</span>
      <progress max={1} value={now.fraction} aria-label={say.ranking} />
    </p>
  );
}

function HowRanked({ recommendation }: { recommendation: Recommendation }) {
  return (
    <details class="removed">
      <summary>
        {say.tried(recommendation.tried)} {recommendation.removed.length > 0 ? say.removed(recommendation.removed.length) : ""}
      </summary>
      <p>{say.how_ranked(recommendation.loss, recommendation.sample.draws)}</p>
      <ul>
        {recommendation.removed.map((r) => (
          <li key={r.label + r.why}>
            {regimen_text(r.label)}: {r.why}
          </li>
        ))}
      </ul>
    </details>
  );
}
