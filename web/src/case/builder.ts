/** Reading typed text on its way to a request: nothing is thrown, what is wrong becomes a problem at its field. */

import { read_clock, type Instant } from "./clock";
import { read_quantity } from "./quantity";

export interface Problem {
  /** id of the input element. */
  field: string;
  severity: "note" | "warning" | "error";
  message: string;
  hint: string;
  /** Stable name of an engine diagnostic. */
  code?: string | undefined;
  /** Its place in the request. */
  path?: string | undefined;
  /** Nothing was typed yet. */
  missing?: boolean;
}

/** Collects what can be wrong with typed text, each at its field, and which field a pointer of the request belongs to. */
export class Builder {
  problems: Problem[] = [];
  places = new Map<string, string>();

  constructor(readonly zone: string) {}

  error(field: string, message: string, hint: string, missing = false): void {
    const problem: Problem = { field, severity: "error", message, hint };
    this.problems.push(missing ? { ...problem, missing } : problem);
  }

  clock(field: string, text: string, above?: Instant): Instant | undefined {
    const reading = read_clock(text, this.zone, above);
    if (!reading.ok) {
      this.error(field, reading.message, reading.hint);
      return undefined;
    }
    if (reading.warning) this.problems.push({ field, severity: "warning", message: reading.warning, hint: "" });
    return reading.instant;
  }

  quantity(field: string, text: string, unit: string, what: string, read = read_quantity): string {
    const reading = read(text, unit, what);
    if (reading.ok) return reading.text;
    this.error(field, reading.message, reading.hint, text.trim() === "");
    return "";
  }

  /** Each row's instant; a relative time or a bare hour counts from the row above, whatever it holds besides. */
  times(rows: { id: number; time: string }[], prefix: string): (Instant | undefined)[] {
    let above: Instant | undefined;
    return rows.map((row) => {
      const instant = this.clock(`${prefix}-${row.id}-time`, row.time, above);
      above = instant ?? above;
      return instant;
    });
  }

  optional(field: string, text: string, unit: string, what: string): string | undefined {
    return text.trim() === "" ? undefined : this.quantity(field, text, unit, what);
  }
}
