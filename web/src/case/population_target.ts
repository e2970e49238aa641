/** What is read of virtual patients, and when, as the targets of the model and of the patient say it in words. */

import type { Card } from "../../../wasm/titrate";
import type { TypedPopulation } from "./population";

/** What a target of the model reads, where its words name a window of hours; else the window stays to be stated. */
export function target_of(card: Card, id: string): TypedPopulation["target"] {
  const target = card.targets.find((t) => t.id === id);
  const limits = { at_least: "", at_most: "" };
  const of = target?.of ?? card.outputs[0]?.name ?? "";
  if (!target) return { id: "own", of, read: "value", from: "", to: "", ...limits };
  const reads: Record<string, string> = { auc24: "auc", auc: "auc", cmin: "value", cmax: "max", nadir: "min", value_at: "value" };
  const window = window_of(target.during);
  const read = reads[target.metric];
  const day_long = target.metric !== "auc24" || !window || window.to - window.from === 24;
  if (read === undefined || !day_long) return { id, of, read: "value", from: "", to: "", ...limits };
  const beside = read === "auc" ? "" : card.outputs.find((o) => o.name === of)?.unit; // the unit that stands beside the field
  const text = (x: number | undefined) =>
    x === undefined ? "" : [String(x), ...(["1", beside].includes(target.unit) ? [] : [target.unit])].join(" ");
  return {
    id,
    of,
    read,
    from: window && read !== "value" ? String(window.from) : "",
    to: window ? String(window.to) : "",
    at_least: text(target.low),
    at_most: text(target.high),
  };
}

/** "24 to 48 h", "first 24 h", "at 48 h", "3 to 7 days", in hours after the first dose. */
export function window_of(during: string): { from: number; to: number } | undefined {
  const match = /^(?:first (\S+)|at (\S+)|(\S+) to (\S+)) (h|days?)$/.exec(during);
  if (!match) return undefined;
  const [, first, at, from, to, unit] = match;
  const hours = (text: string | undefined) => Number(text) * (unit === "h" ? 1 : 24);
  const window = { from: hours(from ?? at ?? "0"), to: hours(first ?? at ?? to) };
  return Number.isFinite(window.from) && Number.isFinite(window.to) ? window : undefined;
}

const HOURS: Record<string, number> = { min: 1 / 60, h: 1, day: 24, days: 24, week: 168, weeks: 168 };

/** "12", "12 h", "7 days" in hours; nothing when it is no time. */
export function hours_of(text: string): number | undefined {
  const match = /^\s*(\d+(?:[.,]\d+)?)\s*([a-z]*)\s*$/.exec(text);
  const factor = match ? HOURS[match[2] === "" ? "h" : match[2]!] : undefined;
  return match && factor !== undefined ? Number(match[1]!.replace(",", ".")) * factor : undefined;
}
