/** What each mark means, with the mark itself. Nothing is written on the curves: every line is named here. */

import type { TargetCard } from "../../../wasm/titrate";
import { regimen_text } from "../format";
import * as words from "../words";
import type { ChartOptions } from "./chart";
import { limits, target_on, type Course, type Series } from "./course";
import { triangle } from "./points";

const say = words.figure;

function Sample({ kind }: { kind: string }) {
  const banded = kind === "fit" || kind === "a-priori" || kind === "current" || kind === "what-if" || kind.startsWith("chosen");
  return (
    <svg class="sample" width="30" height="12" aria-hidden="true">
      {kind === "level" ? <circle class="points used" cx="15" cy="6" r="4.5" /> : null}
      {kind === "below" || kind === "above" ? <path class="points used" transform="translate(15 6)" d={triangle(kind)} /> : null}
      {kind === "excluded" ? <circle class="points excluded" cx="15" cy="6" r="4" /> : null}
      {banded ? <rect class={`band ${kind} outer`} y="0" width="30" height="12" /> : null}
      {kind === "residual" ? <path class="band-edge fit" d="M0 2H30M0 10H30" /> : null}
      {banded || kind === "population" || kind.startsWith("scenario") ? (
        <line class={`line ${kind}`} x2="30" y1="6" y2="6" />
      ) : null}
      {kind === "target" ? (
        <g class="target-band">
          <rect class="tint" width="30" height="12" />
          <path class="hatch-lines" d="M4 12L12 0M12 12L20 0M20 12L28 0" />
          <line x2="30" y1="0.5" y2="0.5" />
          <line x2="30" y1="11.5" y2="11.5" />
        </g>
      ) : null}
    </svg>
  );
}

/** "Current: 1000 mg over 1 h every 12 h"; a chosen regimen is its own name. */
function name_of(series: Series): string {
  if (series.quiet || series.kind.startsWith("chosen")) return regimen_text(series.label);
  return `${series.label}: ${regimen_text(series.regimen)}`;
}

interface LegendProps {
  options: ChartOptions;
  drawn: Course[];
  target: TargetCard | undefined;
}

export function Legend({ options, drawn, target }: LegendProps) {
  const points = drawn.flatMap((course) => course.points);
  const banded = target && drawn.some((course) => target_on(course, target));
  const entries: [string, string, boolean][] = [
    ["level", say.level, points.some((p) => p.used && !p.censored)],
    ["below", say.below, points.some((p) => p.censored === "below")],
    ["above", say.above, points.some((p) => p.censored === "above")],
    ["excluded", say.excluded, points.some((p) => !p.used)],
    ["fit", say.fit, true],
    ["residual", say.residual, options.residual],
    ["a-priori", say.a_priori, options.a_priori],
    ["population", say.population, options.population],
    ...(drawn[0]?.regimens ?? []).map((series): [string, string, boolean] => [series.kind, name_of(series), true]),
    ["target", target ? say.target(limits(target)) : "", banded ?? false],
  ];
  return (
    <ul class="legend" aria-label={say.legend}>
      {entries
        .filter(([, , shown]) => shown)
        .map(([kind, label]) => (
          <li key={kind}>
            <Sample kind={kind} />
            <span>{label}</span>
          </li>
        ))}
    </ul>
  );
}

/** Who looks for a target band and finds none is told where the target is judged. */
export function TargetNote({ drawn, target }: { drawn: Course[]; target: TargetCard | undefined }) {
  if (!target || drawn.some((course) => target_on(course, target))) return null;
  const metric = words.metrics[target.metric] ?? target.metric;
  return <p class="target-note">{say.target_elsewhere(metric, limits(target))}</p>;
}
