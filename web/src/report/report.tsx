/** One A4 page for paper: the doses and their risks first, then the course, what it rests on, and who decides. */

import { card, cautions, fresh, results, selected, typed } from "../case/store";
import { clock_text, clock_with_zone } from "../case/clock";
import { interval, number, percent, quantity, sentence, unit as unit_text } from "../format";
import { sample_text, versions_text } from "../panels/basis";
import { ChanceBar } from "../panels/chances";
import { grouped, SIGN } from "../panels/cautions";
import { compared_kinds, undrawn } from "../panels/compared";
import { unknown_lines } from "../panels/unknowns";
import { grade_warning, metric_name, rank_of, regimen_title } from "../panels/regimens";
import { Chart } from "../plots/chart";
import { courses, hours_in, limits } from "../plots/course";
import { dose_marks } from "../plots/dose_ticks";
import { Legend, TargetNote } from "../plots/legend";
import * as words from "../words";
import { Inputs } from "./inputs";

const say = words.report;
const SHOWN = 4;

export function Report() {
  const shown = fresh.value ? results.value : undefined;
  const found = card.value;
  return (
    <article class="report" aria-hidden="true">
      <header>
        <h1>
          {words.page.name}: {say.title}
        </h1>
        <p>{`${say.made} ${clock_with_zone(Date.now(), typed.value.zone)}`}</p>
      </header>
      <p class="intended">
        {words.page.intended} <strong>{words.page.verify}</strong>
      </p>
      <h2 class="case">
        {sentence(found?.title ?? "")}
        {typed.value.title === "" ? "" : `. ${typed.value.title}`}
      </h2>
      {grade_warning() ? <p class="withheld">{grade_warning()}</p> : null}
      {shown ? null : <p class="withheld">{say.withheld}</p>}
      {shown ? <RegimenTable /> : null}
      {shown ? <Course /> : null}
      <div class="columns">
        <Inputs />
        <CautionList />
        <Foot />
      </div>
      <footer>
        <p>{words.page.not_for}</p>
        <p>{versions_text()}</p>
      </footer>
    </article>
  );
}

const head = (name: string, unit = "") => `${name}, ${unit_text(unit)}`;

function RegimenTable() {
  const recommendation = results.value?.recommendation;
  if (!recommendation) return <p class="withheld">{say.no_ranking}</p>;
  const others = recommendation.ranked.filter((c) => c.kind !== "current");
  // The best, whatever else was chosen, and always what giving nothing and going on would do.
  const nothing = others.find((c) => c.kind === "hold") ?? others.find((c) => c.kind === "no_dose");
  const rows = [
    ...others.filter((c, i) => i < SHOWN || c === nothing || selected.value.includes(c.label)),
    ...(recommendation.current ? [recommendation.current] : []),
  ];
  const { target } = recommendation;
  const metric = metric_name(recommendation);
  const nadir = target.metric.startsWith("nadir");
  const own = (typed.value.target.low + typed.value.target.high).trim() !== "";
  return (
    <section>
      <h2>{say.regimens}</h2>
      <p>
        {words.regimens.target}: {metric_name(recommendation)} {limits(target)} ({target.during}).{" "}
        {own ? words.regimens.own_source : words.regimens.source(target.source)}. {say.loss} {recommendation.loss}
      </p>
      {recommendation.reachable ? null : <p class="withheld">{recommendation.message || words.regimens.unreachable}</p>}
      <table class="plain">
        <thead>
          <tr>
            <th></th>
            <th>{say.regimen}</th>
            <th colSpan={4}>{`${words.regimens.below} / ${words.regimens.within} / ${words.regimens.above}`}</th>
            <th>{words.regimens.loss_short}</th>
            <th>{`${metric_name(recommendation)} (${words.regimens.ninety}), ${unit_text(target.unit)}`}</th>
            {nadir ? null : <th>{head(words.regimens.peak, rows[0]?.peak.unit)}</th>}
            {nadir || metric === words.regimens.trough ? null : <th>{head(words.regimens.trough, rows[0]?.trough.unit)}</th>}
          </tr>
        </thead>
        <tbody class="regimen-rows">
          {rows.map((c) => (
            <tr key={c.kind + c.label} class={c.kind !== "current" && selected.value.includes(c.label) ? "is-chosen" : ""}>
              <td>{rank_of(recommendation, c) || ""}</td>
              <td>
                <strong>{c.kind === "no_dose" ? words.regimens.no_dose : regimen_title(c.label)}</strong>
                {c.kind === "current" ? ` (${words.regimens.current.toLowerCase()})` : ""}
              </td>
              <td>{percent(c.p_below)}</td>
              <td>
                <strong>{percent(c.p_in)}</strong>
              </td>
              <td>{percent(c.p_above)}</td>
              <td class="bar">
                <ChanceBar chances={c} />
              </td>
              <td>{number(c.loss)}</td>
              <td>{`${number(c.metric.median)} (${interval(c.metric.p5, c.metric.p95, "")})`}</td>
              {nadir ? null : <td>{number(c.peak.median)}</td>}
              {nadir || metric === words.regimens.trough ? null : <td>{number(c.trough.median)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      <NextSample />
    </section>
  );
}

function NextSample() {
  const shown = results.value;
  const doses = shown?.forecast?.regimens[0]?.doses ?? [];
  const second = doses[1];
  if (!shown?.forecast || !second || shown.recommendation?.target.metric.startsWith("nadir")) return null;
  const when = clock_text(shown.origin + second.time * hours_in(shown.forecast.time_unit) * 3_600_000, shown.zone);
  return (
    <p>
      <strong>{say.next_sample}.</strong> {say.next_sample_text(when)}
    </p>
  );
}

function Course() {
  const shown = results.value!;
  const forecast = shown.forecast;
  if (!forecast) return null;
  const factor = hours_in(forecast.time_unit);
  const doses = dose_marks(forecast.doses, factor);
  const target = shown.recommendation?.target ?? forecast.target;
  const drawn = courses(forecast, compared_kinds(forecast, shown)).sort(
    (a, b) => Number(b.output === target?.of) - Number(a.output === target?.of),
  );
  const course = drawn[0];
  if (!course) return null;
  const options = { log: false, residual: true, a_priori: false, population: false };
  return (
    <section>
      <svg class="report-figure" width={700} height={205} viewBox="0 0 700 205">
        <Chart
          course={course}
          doses={doses}
          target={target}
          options={options}
          width={700}
          height={205}
          origin={shown.origin}
          zone={shown.zone}
          strip
          labels
        />
      </svg>
      {undrawn().length > 0 ? <p class="withheld">{say.undrawn(undrawn())}</p> : null}
      <TargetNote drawn={[course]} target={target} />
      <Legend options={options} drawn={[course]} target={target} />
    </section>
  );
}

function CautionList() {
  const found = grouped(cautions.value);
  const accepted = typed.value.accepted;
  return (
    <section>
      <h2>{say.cautions}</h2>
      {found.length === 0 ? <p>{words.cautions.none}</p> : null}
      {found.map(({ caution: c, messages }) => (
        <p key={c.id + c.message}>
          {SIGN[c.grade]} <strong>{words.cautions.grades[c.grade]}:</strong> {sentence(messages.join(" "))}{" "}
          {c.grade === "note" ? "" : sentence(c.what_to_do)}
        </p>
      ))}
      {accepted.length > 0 ? <p>{`${words.cautions.accepted}: ${accepted.join(", ")}`}</p> : null}
    </section>
  );
}

function Foot() {
  const found = card.value;
  const fit = fresh.value ? results.value?.forecast?.fit : undefined;
  if (!found) return null;
  return (
    <section>
      <h2>{say.basis}</h2>
      <p>
        {found.citation}. {sentence(found.about.slice(0, 150))}
        {found.about.length > 150 ? " …" : ""}
      </p>
      {fit?.parameters ? (
        <p>
          <strong>{say.parameters}:</strong>{" "}
          {fit.parameters
            .map(
              (p) =>
                `${p.name} ${quantity(p.individual, unit_text(p.unit))} (${words.basis.a_priori.toLowerCase()} ${number(p.a_priori)})`,
            )
            .join("; ")}
        </p>
      ) : null}
      {fit?.unknown ? (
        <p>
          <strong>{words.unknowns.title}:</strong>{" "}
          {unknown_lines(fit, results.value!.origin, results.value!.zone)
            .map((line) => `${line.name}: ${line.text}${line.others === "" ? "" : ` (${line.others})`}`)
            .join("; ")}
          .
        </p>
      ) : null}
      {fit?.eta ? (
        <p>
          {`${say.differs}: `}
          {fit.eta.map((e) => `${e.label} ${number(e.in_omega_sd, 2)} SD`).join("; ")}
        </p>
      ) : null}
      {fit ? <p>{sample_text(fit)}</p> : null}
    </section>
  );
}
