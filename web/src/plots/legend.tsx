/** What each mark means, with the mark itself. */

import { words } from "../words";
import type { ChartOptions } from "./chart";

const say = words.figure;

function Sample({ kind }: { kind: string }) {
  return (
    <svg class="sample" width="26" height="12" aria-hidden="true">
      {kind === "level" ? <circle class="points used" cx="13" cy="6" r="4.5" /> : null}
      {kind === "excluded" ? <circle class="points excluded" cx="13" cy="6" r="4" /> : null}
      {kind === "fit" || kind === "a-priori" ? (
        <>
          <rect class={`band ${kind} outer`} y="0" width="26" height="12" />
          <line class={`line ${kind}`} x2="26" y1="6" y2="6" />
        </>
      ) : null}
      {kind === "residual" ? <path class="band-edge fit" d="M0 2H26M0 10H26" /> : null}
      {kind === "population" || kind.startsWith("scenario") ? <line class={`line ${kind}`} x2="26" y1="6" y2="6" /> : null}
    </svg>
  );
}

export function Legend({
  options,
  excluded,
  futures,
}: {
  options: ChartOptions;
  excluded: boolean;
  futures: { kind: string; label: string }[];
}) {
  const entries: [string, string, boolean][] = [
    ["level", say.level, true],
    ["excluded", say.excluded, excluded],
    ["fit", say.fit, true],
    ["residual", say.residual, options.residual],
    ["a-priori", say.a_priori, options.a_priori],
    ["population", say.population, options.population],
    ...futures.map((f): [string, string, boolean] => [f.kind, f.label, true]),
  ];
  return (
    <ul class="legend" aria-label={say.legend}>
      {entries
        .filter(([, , shown]) => shown)
        .map(([kind, label]) => (
          <li key={kind}>
            <Sample kind={kind} />
            {label}
          </li>
        ))}
    </ul>
  );
}
