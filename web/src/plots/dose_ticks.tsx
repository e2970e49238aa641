/** Doses in a strip of their own: height is the amount, width the infusion. */

import { max } from "d3-array";
import { quantity, unit as unit_text } from "../format";
import type { Scales } from "./scales";

export interface DoseMark {
  time: number;
  amt: number;
  dur: number;
  unit: string;
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
          <rect key={`${dose.time}-${dose.amt}`} x={scales.time(dose.time)} y={height - tall} width={wide} height={tall}>
            <title>{quantity(dose.amt, unit_text(dose.unit))}</title>
          </rect>
        );
      })}
    </g>
  );
}

export function largest_dose(...lists: DoseMark[][]): number {
  return max(lists.flat(), (dose) => dose.amt) || 1;
}
