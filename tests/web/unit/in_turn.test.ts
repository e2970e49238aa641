// Work in turns: in the order of asking, each piece in a task of its own, and none lost after one that throws.

import { signal } from "@preact/signals";
import { options } from "preact";
import { expect, test, vi } from "vitest";
import { drawn_apart, following, in_turn } from "../../../web/src/case/in_turn";

test("pieces run in the order of asking, one task each, and never in the task that asks", () => {
  vi.useFakeTimers();
  const done: string[] = [];
  in_turn(() => done.push("first"));
  in_turn(() => {
    done.push("second");
    in_turn(() => done.push("fourth"));
  });
  in_turn(() => done.push("third"));
  expect(done).toEqual([]);
  for (const n of [1, 2, 3, 4]) {
    vi.advanceTimersToNextTimer();
    expect(done).toHaveLength(n);
  }
  expect(done).toEqual(["first", "second", "third", "fourth"]);
  vi.useRealTimers();
});

test("a piece that throws does not keep those behind it from their turn", () => {
  vi.useFakeTimers();
  const done: string[] = [];
  in_turn(() => {
    throw new Error("a fault");
  });
  in_turn(() => done.push("next"));
  expect(() => vi.advanceTimersToNextTimer()).toThrow("a fault");
  vi.advanceTimersToNextTimer();
  expect(done).toEqual(["next"]);
  vi.useRealTimers();
});

test("what follows a signal has its last value one turn later, whatever came in between", () => {
  vi.useFakeTimers();
  const source = signal(1);
  const copy = following(source);
  source.value = 2;
  source.value = 3;
  expect(copy.value).toBe(1);
  vi.runAllTimers();
  expect(copy.value).toBe(3);
  vi.useRealTimers();
});

test("what is to be drawn apart is drawn in a task of its own, anything else at the end of its task", async () => {
  vi.useFakeTimers();
  const drawn: string[] = [];
  drawn_apart(() => options.debounceRendering!(() => drawn.push("apart")));
  options.debounceRendering!(() => drawn.push("at the end"));
  await Promise.resolve();
  expect(drawn).toEqual(["at the end"]);
  vi.advanceTimersToNextTimer();
  expect(drawn).toEqual(["at the end", "apart"]);
  vi.useRealTimers();
});
