/** Doses in a strip of their own: height is the amount, width the infusion. */

import { max } from "d3-array";
import { percent, quantity, unit as unit_text } from "../format";
import * as words from "../words";
import type { Scales } from "./scales";

export interface DoseMark {
  time: number;
  amt: number;
  dur: number;
  unit: string;
  /** Probability that it was taken, where that is below 1. */
  taken?: number | undefined;
}

/** The engine's doses in hours. */
export function dose_marks(doses: DoseMark[], factor: number): DoseMark[] {
  return doses.map((d) => ({ ...d, time: d.time * factor, dur: d.dur * factor }));
}

function title(dose: DoseMark): string {
  const amount = quantity(dose.amt, unit_text(dose.unit));
  if (dose.taken === undefined) return amount;
  const how = dose.taken === 0 ? words.doses.not_taken : words.doses.taken_with(percent(dose.taken));
  return words.figure.dose_in_doubt(amount, how);
}

/** `largest`: the amount that fills the strip, shared by history and plans. */
export function DoseTicks({
  doses,
  scales,
  height,
  largest,
  kind,
}: {
  doses: DoseMark[];
  scales: Scales;
  height: number;
  largest: number;
  kind: string;
}) {
  return (
    <g class={`doses ${kind}`}>
      {doses.map((dose) => {
        const tall = Math.max(2, (dose.amt / largest) * (height - 2));
        const wide = Math.max(2, scales.time(dose.time + dose.dur) - scales.time(dose.time));
        return (
          <rect
            key={`${dose.time}-${dose.amt}`}
            class={dose.taken === undefined ? "" : "in-doubt"}
            x={scales.time(dose.time)}
            y={height - tall}
            width={wide}
            height={tall}>
            <title>{title(dose)}</title>
          </rect>
        );
      })}
    </g>
  );
}

export function largest_dose(...lists: DoseMark[][]): number {
  return max(lists.flat(), (dose) => dose.amt) || 1;
}
