/** What is not known of the patient, and what the levels say about it: the probabilities before and after them, in words. */

import type { Fit } from "../../../wasm/titrate";
import { clock_text } from "../case/clock";
import { built, fresh, results } from "../case/store";
import { percent } from "../format";
import * as words from "../words";

const say = words.unknowns;
type Unknown = NonNullable<Fit["unknown"]>[number];

/** "dose of 2 Mar 2026, 20:00" for a dose, whose clock time only the page knows. */
function name_of(unknown: Unknown, origin: number, zone: string): string {
  if (unknown.kind !== "dose") return unknown.label;
  const index = Number(unknown.path.split("/").at(-1));
  const time = built.value?.patient.doses[index]?.time;
  return time === undefined ? unknown.label : say.dose(clock_text(origin + Number.parseFloat(time) * 3_600_000, zone));
}

export interface UnknownLine {
  name: string;
  /** "probably yes: 82 %, from 20 % in the population" */
  text: string;
  others: string;
}

export function unknown_lines(fit: Fit, origin: number, zone: string): UnknownLine[] {
  return (fit.unknown ?? []).map((unknown) => {
    const choices = [...unknown.choices].sort((a, b) => b.probability - a.probability);
    const before = unknown.kind === "dose" ? say.as_entered : say.in_population;
    const name = name_of(unknown, origin, zone);
    if (fit.status === "no_data")
      return {
        name,
        text: say.no_level(choices.map((c) => `${c.word} ${percent(c.probability)}`).join(", "), before),
        others: "",
      };
    const [first, ...others] = choices;
    const line = (c: { word: string; probability: number; prior_probability: number }) =>
      say.line(c.word, percent(c.probability), percent(c.prior_probability), before);
    return {
      name,
      text: `${first!.probability >= 0.5 ? say.probably : say.perhaps} ${line(first!)}`,
      others: others.map(line).join("; "),
    };
  });
}

export function Unknowns() {
  const shown = fresh.value ? results.value : undefined;
  const fit = shown?.forecast?.fit;
  if (!shown || !fit?.unknown?.length) return null;
  return (
    <section class="panel unknowns" aria-labelledby="unknowns-title">
      <h2 id="unknowns-title">{say.title}</h2>
      <ul>
        {unknown_lines(fit, shown.origin, shown.zone).map((line) => (
          <li key={line.name}>
            <strong>{line.name}:</strong> {line.text}
            {line.others === "" ? "" : ` (${line.others})`}.
          </li>
        ))}
      </ul>
      <p class="hint">{say.lead}</p>
    </section>
  );
}
