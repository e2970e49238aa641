/**
 * Work in pieces, each in a task of its own: between two of them the page answers keys and clicks, and draws. What comes from the
 * engine would otherwise be rendered in one piece, longer than a frame.
 */

import { effect, signal, type ReadonlySignal } from "@preact/signals";
import { options } from "preact";

const waiting: (() => void)[] = [];

/** After the pieces that wait already, and never in the task that asks for it. */
export function in_turn(piece: () => void): void {
  if (waiting.push(piece) === 1) setTimeout(next);
}

function next(): void {
  try {
    waiting[0]!();
  } finally {
    waiting.shift();
    if (waiting.length > 0) setTimeout(next);
  }
}

/** The same value, one turn later. */
export function following<T>(source: ReadonlySignal<T>): ReadonlySignal<T> {
  const copy = signal(source.peek());
  effect(() => {
    if (source.value !== copy.peek()) in_turn(() => (copy.value = source.peek()));
  });
  return copy;
}

let apart = false;
options.debounceRendering = (draw) => void (apart ? setTimeout(draw) : queueMicrotask(draw));

/** What `change` changes is drawn in a task of its own; else it would be at the end of the one that changes it. */
export function drawn_apart(change: () => void): void {
  apart = true;
  change();
  apart = false;
}
