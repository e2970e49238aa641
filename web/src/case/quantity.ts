/**
 * Numbers as typed. The page reads their shape only, to say early that something is no number; ranges and units belong to the
 * engine, which receives the text with its unit.
 */

import * as words from "../words";

export type QuantityReading = { ok: true; text: string } | { ok: false; message: string; hint: string };

const NUMBER = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?/i;

/** "62" -> "62 mL/min"; "5,5" -> "5.5 mL/min"; a unit that was typed is kept: "90 umol/L". Empty is not zero. */
export function read_quantity(typed: string, unit: string, what: string): QuantityReading {
  const text = typed.trim();
  if (text === "") return { ok: false, message: words.quantity.missing(what), hint: words.quantity.example(unit) };
  if (/^[<>]/.test(text)) return { ok: false, message: words.quantity.limit(text), hint: words.quantity.limit_hint };
  if (/^[+-]?\d{1,3}([.,]\d{3})*,\d{3}(?!\d)/.test(text) && !text.startsWith("0"))
    return { ok: false, message: words.quantity.thousands(text), hint: words.quantity.thousands_hint };
  const match = NUMBER.exec(text);
  if (!match) return { ok: false, message: words.quantity.no_number(text), hint: words.quantity.example(unit) };
  const number = match[0].replace(",", ".");
  const rest = text.slice(match[0].length).trim();
  if (/^[\d.,]/.test(rest)) return { ok: false, message: words.quantity.no_number(text), hint: words.quantity.example(unit) };
  const with_unit = rest !== "" ? rest : unit;
  return { ok: true, text: with_unit === "" || with_unit === "1" ? number : `${number} ${with_unit}` };
}

/** An amount of a drug, where 1.000 may be a thousand: whoever writes decimals with a comma writes thousands with a dot. */
export function read_amount(typed: string, unit: string, what: string): QuantityReading {
  const text = typed.trim();
  if (/^[+-]?[1-9]\d{0,2}(\.\d{3})+(?!\d)/.test(text))
    return { ok: false, message: words.quantity.thousands(text), hint: words.quantity.thousands_hint };
  return read_quantity(typed, unit, what);
}

/** A number, or a limit like "<0.5", without a unit of its own. */
export const is_bare_number = (typed: string) => {
  const text = typed.trim().replace(/^[<>≤≥]=?\s*/, "");
  return NUMBER.test(text) && text.replace(NUMBER, "").trim() === "";
};

/** "<0.5", "> 20 mg/L", "≤0.5": a level that the laboratory could not quantify, and the limit that was typed. */
export function read_bound(typed: string): { side: "below" | "above"; limit: string } | undefined {
  const match = /^\s*([<>≤≥])=?\s*(.*)$/s.exec(typed);
  if (!match) return undefined;
  return { side: match[1] === "<" || match[1] === "≤" ? "below" : "above", limit: match[2]! };
}

/** "07:30 ± 15 min", "+12h +-15min": a value, and its standard error as typed. */
export function split_error(typed: string): { value: string; error?: string } {
  const match = /^(.*?)\s*(?:±|\+\/?-)\s*(.*)$/s.exec(typed);
  return match ? { value: match[1]!, error: match[2]! } : { value: typed };
}

/** A count of doses: a whole number, not negative. */
export function read_count(
  typed: string,
  what: string,
): { ok: true; value: number } | { ok: false; message: string; hint: string } {
  const text = typed.trim();
  if (!/^\d{1,4}$/.test(text)) return { ok: false, message: words.quantity.no_count(what), hint: words.quantity.count_example };
  return { ok: true, value: Number(text) };
}

/** One step up or down for a stepper button; text stays text. Steps land on multiples, as a product's doses do. */
export function step_text(typed: string, step: number, direction: 1 | -1, smallest: number): string {
  const number = Number((NUMBER.exec(typed.trim())?.[0] ?? "0").replace(",", "."));
  const unit = typed.trim().replace(NUMBER, "").trim();
  const steps = direction > 0 ? Math.floor(number / step + 1e-9) + 1 : Math.ceil(number / step - 1e-9) - 1;
  const value = Number(Math.max(smallest, steps * step).toPrecision(12));
  return unit === "" ? String(value) : `${value} ${unit}`;
}

/** The next entry of an ordered list, for intervals and durations that are given as a choice. */
export function step_choice(typed: string, choices: number[], direction: 1 | -1): string {
  const number = Number((NUMBER.exec(typed.trim())?.[0] ?? "0").replace(",", "."));
  const sorted = [...choices].sort((a, b) => a - b);
  const next = direction > 0 ? sorted.find((c) => c > number + 1e-9) : sorted.reverse().find((c) => c < number - 1e-9);
  return next === undefined ? typed : String(next);
}
