/** A median with the interval that holds 90 %, in full when pointed at. */

import type { Spread } from "../../../wasm/titrate";
import { full, interval, quantity, unit as unit_text } from "../format";

export function SpreadText({ spread }: { spread: Spread }) {
  const unit = unit_text(spread.unit);
  return (
    <span title={`${full(spread.median)} (${full(spread.p5)} to ${full(spread.p95)}) ${unit}`}>
      {quantity(spread.median, unit)} <span class="ninety">{`(${interval(spread.p5, spread.p95, "")})`}</span>
    </span>
  );
}
