/** Prints when there is nothing left to wait for: a report in the middle of a computation would lack the chosen curves. */

import { effect, signal } from "@preact/signals";
import { activity, announcement, fresh } from "../case/store";
import { undrawn } from "../panels/compared";
import * as words from "../words";

function under_way(): boolean {
  const { kind } = activity.value;
  if (kind === "failed" || kind === "cancelled") return false;
  return kind === "working" || (fresh.value && undrawn().length > 0);
}

export function print_report(): void {
  if (!under_way()) return window.print();
  announcement.value = words.status.print_waits;
  const stop = effect(() => {
    if (under_way()) return;
    queueMicrotask(() => stop());
    setTimeout(() => window.print(), 50); // after the panels have drawn what has come
  });
}

/** The card of the model, or the virtual patients, instead of the report while they are printed. */
export const on_paper = signal<"report" | "card" | "population">("report");

export function print_instead(what: "card" | "population"): void {
  on_paper.value = what;
  addEventListener("afterprint", () => (on_paper.value = "report"), { once: true });
  setTimeout(() => window.print(), 50);
}
