/** What was found in the virtual patients: chances with their standard errors, courses, and who was drawn. */

import type { VirtualGroup, VirtualPopulation } from "../../../wasm/titrate";
import { drawn_population, population_key, population_problems, type Drawn } from "../case/population_store";
import { full, interval, number, percent, plain, quantity, regimen_text, sentence, unit as unit_text } from "../format";
import { PopulationCourse } from "../plots/population_course";
import * as words from "../words";
import { ChanceBar } from "./chances";
import { Number } from "./plain_table";

const say = words.population;

export function PopulationResults() {
  const drawn = drawn_population.value;
  if (!drawn) return null;
  const stale = drawn.key !== population_key.value;
  return (
    <div class={`population-results ${stale ? "stale-fit" : ""}`}>
      {stale ? <p class="population-stale">{say.stale}</p> : null}
      <Said drawn={drawn} />
      {drawn.found ? <Found drawn={drawn} found={drawn.found} /> : null}
    </div>
  );
}

function Said({ drawn }: { drawn: Drawn }) {
  // What belongs to a field stands there.
  const placed = new Set(population_problems.value.map((problem) => problem.path));
  const told = drawn.diagnostics.filter((d) => d.severity !== "note" && !placed.has(d.path));
  if (told.length === 0) return null;
  return (
    <div role="alert">
      {drawn.found ? null : <p>{say.failed}</p>}
      <ul>
        {told.map((d) => (
          <li key={d.path + d.message} class={`field-message ${d.severity}`}>
            <span class="mark" aria-hidden="true">
              {d.severity === "error" ? "✕" : "!"}
            </span>
            {sentence(`${d.message} ${d.hint}`)}
          </li>
        ))}
      </ul>
    </div>
  );
}

export function Found({ drawn, found }: { drawn: Drawn; found: VirtualPopulation }) {
  return (
    <>
      <h3>{say.results_of(drawn.target)}</h3>
      <p class="population-label">{say.label}</p>
      <Chances found={found} />
      <p class="hint">{say.error_note}</p>
      <Courses found={found} />
      <h3>{say.drawn}</h3>
      <Drawing found={found} drawn={drawn} />
    </>
  );
}

function group_name(group: VirtualGroup, i: number): string {
  return i === 0 ? say.everybody : sentence(group.label);
}

function Chances({ found }: { found: VirtualPopulation }) {
  const unit = unit_text(found.unit);
  return (
    <div class="scroller" role="region" aria-label={say.results} tabIndex={0}>
      <table class="plain population-chances">
        <caption class="unseen">{say.results}</caption>
        <thead>
          <tr>
            {[say.heads.regimen, say.heads.group, say.heads.number, say.heads.within, say.heads.below, say.heads.above].map(
              (head) => (
                <th scope="col" key={head}>
                  {head}
                </th>
              ),
            )}
            <th scope="col">{say.chart}</th>
            <th scope="col">{say.heads.spread}</th>
          </tr>
        </thead>
        <tbody>
          {found.regimens.flatMap((regimen, r) =>
            regimen.groups.map((group, i) => (
              <tr key={`${r} ${i}`} class={i === 0 ? "everybody" : ""}>
                <th scope="row">{regimen_text(regimen.label)}</th>
                <td>{group_name(group, i)}</td>
                <td>{group.patients === 0 ? say.nobody : group.patients}</td>
                <Shares group={group} />
                <td title={full(group.percentiles?.p50)}>
                  {group.percentiles
                    ? `${quantity(group.percentiles.p50, unit)} (${interval(group.percentiles.p5, group.percentiles.p95, unit)})`
                    : "–"}
                </td>
              </tr>
            )),
          )}
        </tbody>
      </table>
    </div>
  );
}

function Shares({ group }: { group: VirtualGroup }) {
  const { shares } = group;
  if (!shares)
    return (
      <>
        <td>–</td>
        <td>–</td>
        <td>–</td>
        <td />
      </>
    );
  const one_sided = shares.at_least === undefined ? "below" : shares.at_most === undefined ? "above" : "";
  return (
    <>
      <td title={`${full(shares.within)} ± ${full(shares.error)}`}>
        <strong>{percent(shares.within)}</strong> {`(±\u00a0${number(100 * shares.error, 2)}\u00a0%)`}
        {group.patients < 50 ? ` ${say.too_few}` : ""}
      </td>
      <td title={full(shares.below)}>{one_sided === "below" ? "–" : percent(shares.below)}</td>
      <td title={full(shares.above)}>{one_sided === "above" ? "–" : percent(shares.above)}</td>
      <td>
        <ChanceBar
          chances={{
            p_below: shares.below,
            p_in: shares.within,
            p_above: shares.above,
            p_error: shares.error,
            loss: 0,
            loss_error: 0,
          }}
        />
      </td>
    </>
  );
}

/** Everybody under each regimen, on one scale of values. */
function Courses({ found }: { found: VirtualPopulation }) {
  const { time, time_unit, course_unit } = found;
  if (!time || !time_unit || !course_unit) return null;
  const tops = found.regimens.flatMap((regimen) => regimen.groups[0]?.course?.p95 ?? []);
  const top = Math.max(...tops, 1e-12);
  return (
    <>
      <div class="population-courses">
        {found.regimens.map((regimen, i) => {
          const course = regimen.groups[0]?.course;
          return course ? (
            <PopulationCourse
              key={i}
              title={say.course(regimen_text(regimen.label))}
              time={time}
              time_unit={time_unit}
              unit={unit_text(course_unit)}
              course={course}
              top={top}
            />
          ) : null;
        })}
      </div>
      <p class="hint">{say.course_legend}</p>
    </>
  );
}

function Drawing({ found, drawn }: { found: VirtualPopulation; drawn: Drawn }) {
  const part = percent(found.acceptance);
  return (
    <>
      <p>
        {say.acceptance(found.draws, found.patients, part)} {`${say.seed} ${drawn.seed}.`}
      </p>
      <ul class="population-drawn">
        {found.covariates.map((c) => (
          <li key={c.name}>
            <b>{c.label}</b>{" "}
            {c.shares ? (
              Object.entries(c.shares)
                .map(([word, share]) => `${word} ${plain(100 * share)}\u00a0%`)
                .join(", ")
            ) : c.p5 === c.p95 ? (
              <Number value={c.p50} unit={c.unit} />
            ) : (
              <>
                <Number value={c.p50} unit={c.unit} /> {`(${interval(c.p5, c.p95, unit_text(c.unit))})`}
              </>
            )}
            {`; ${say.sources[c.source] ?? c.source}`}
            {c.read ? ` (${say.read_at(c.read)})` : ""}
            {c.source === "sampled" && drawn.stated[c.name] ? ` (${drawn.stated[c.name]})` : ""}
          </li>
        ))}
      </ul>
    </>
  );
}
