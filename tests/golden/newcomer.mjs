// The model that models/README.md shows a newcomer: a two-compartment drug typed from a published table takes under 30 lines, is
// valid, gives the numbers of an independent program and is graded.

import { readFileSync } from "node:fs";
import { ask, counter, root } from "./engine.mjs";

const readme = readFileSync(`${root}models/README.md`, "utf8");
const text = readme.match(/## Adding a model[^]*?```json\n([^]*?)```/)?.[1] ?? "";
const { expect, sum } = counter();

const lines = text.trim().split("\n").length;
expect("the model takes under 30 lines", lines > 10 && lines < 30 ? "" : `${lines} lines`);
const [answer] = await ask([{ verb: "validate", model: JSON.parse(text) }]);
expect("it is valid", answer.ok ? "" : JSON.stringify(answer.diagnostics));
for (const { check, got, expected, ok } of answer.result?.worked_cases ?? [])
  expect(`it gives ${check}`, ok ? "" : `${got}, expected ${expected}`);
// Published patients have not been compared with it yet.
expect("it can simulate", answer.result?.grade.word === "simulate only" ? "" : JSON.stringify(answer.result?.grade));
sum();
