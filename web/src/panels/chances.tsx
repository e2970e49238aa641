/** Probability below, in and above the target: numbers, and a bar whose parts differ by pattern as well as colour. */

import type { Chances as Numbers } from "../../../wasm/titrate";
import { full, percent } from "../format";
import * as words from "../words";

const say = words.regimens;

/** The patterns, once in the document. */
export function ChancePatterns() {
  return (
    <svg width="0" height="0" class="patterns" aria-hidden="true">
      <defs>
        <pattern id="below-pattern" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect class="below-ground" width="5" height="5" />
          <rect class="below-mark" width="2" height="5" />
        </pattern>
        <pattern id="above-pattern" width="5" height="5" patternUnits="userSpaceOnUse">
          <rect class="above-ground" width="5" height="5" />
          <circle class="above-mark" cx="2.5" cy="2.5" r="1.4" />
        </pattern>
      </defs>
    </svg>
  );
}

const WIDTH = 120;

export function ChanceBar({ chances }: { chances: Numbers }) {
  const below = chances.p_below * WIDTH;
  const within = chances.p_in * WIDTH;
  const above = chances.p_above * WIDTH;
  const label = say.chances(percent(chances.p_below), percent(chances.p_in), percent(chances.p_above));
  return (
    <svg class="chance-bar" viewBox={`0 0 ${WIDTH} 10`} preserveAspectRatio="none" role="img" aria-label={label}>
      <rect class="frame" width={WIDTH} height="10" />
      <rect width={below} height="10" fill="url(#below-pattern)" />
      <rect class="within" x={below} width={within} height="10" />
      <rect x={below + within} width={above} height="10" fill="url(#above-pattern)" />
    </svg>
  );
}

export function ChanceNumbers({ chances }: { chances: Numbers }) {
  const parts = [
    ["below", say.below, chances.p_below],
    ["within", say.within, chances.p_in],
    ["above", say.above, chances.p_above],
  ] as const;
  return (
    <dl class="chance-numbers" title={say.error(full(chances.p_error))}>
      {parts.map(([kind, label, p]) => (
        <div key={kind} class={kind}>
          <dt>{label}</dt>
          <dd title={full(p)}>{percent(p)}</dd>
        </div>
      ))}
    </dl>
  );
}
