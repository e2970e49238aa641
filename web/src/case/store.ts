/** The one store of a case: what was typed, what was computed from it, and whether the two still belong together. */

import { computed, effect, signal } from "@preact/signals";
import type { Card, Caution, Forecast, GenotypeRead, Recommendation, Regimen, Validation } from "../../../wasm/titrate";
import * as words from "../words";
import { in_turn } from "./in_turn";
import { keep_units } from "./keep_units";
import { in_their_order, model_blocks, read_block, type LoadedModel } from "./models";
import { on_the_clock } from "./on_the_clock";
import type { Problem } from "./builder";
import { to_request } from "./to_request";
import { empty_case, type TypedCase } from "./typed";

export const models = signal<LoadedModel[]>([]);
export const typed = signal<TypedCase>(empty_case("", ""));
export const can_undo = signal(0);

/** The card of each compiled model, by id. */
export const cards = signal<Record<string, { card: Card; hash: string; version: string }>>({});

/** Worked cases computed on this device, by id of the model. */
export const checked = signal<Record<string, NonNullable<Validation["worked_cases"]>>>({});

export const model = computed(() => models.value.find((m) => m.id === typed.value.model));
export const compiled = computed(() => cards.value[typed.value.model]);
export const card = computed(() => compiled.value?.card);

export const built = computed(() => (card.value ? to_request(typed.value, card.value) : undefined));

/** A regimen that the figure draws. */
export interface Compared {
  /** Class name: colour and dash. */
  kind: string;
  label: string;
  regimen: Regimen;
}

export interface Results {
  /** What these numbers were computed from. */
  key: string;
  forecast?: Forecast | undefined;
  /** What the forecast's regimens are, in its order; empty before the first comparison. */
  compared: Compared[];
  recommendation?: Recommendation | undefined;
  /** No forecast yet, or no ranking: each is shown as soon as it is there. */
  drawing: boolean;
  ranking: boolean;
  /** While that lasts: the results of the input before, only to be shown as out of date, so that nothing jumps. */
  former?: Results | undefined;
  /** The covariates as used: given, computed or assumed. */
  validation?: Validation | undefined;
  engine: string;
  origin: number;
  zone: string;
  /** Clock of the device when the results came. */
  made: number;
  seconds: number;
}

export const results = signal<Results | undefined>(undefined);

/** The last results that hold a forecast: what figure and fit show. */
export const drawn = computed(() => (results.value?.drawing ? results.value.former : results.value));

export type Activity =
  | { kind: "starting" }
  | { kind: "idle" }
  | { kind: "working"; what: string; fraction: number }
  | { kind: "failed" }
  | { kind: "cancelled" };

export const activity = signal<Activity>({ kind: "starting" });
/** Last sentence for the live region. */
export const announcement = signal(words.status.starting);
export const engine_version = signal("");
/** Diagnostics of the last answer, already at their fields; they go when the input changes. */
export const answers = signal<{ key: string; problems: Problem[]; cautions: Caution[]; genotypes?: GenotypeRead[] }>({
  key: "",
  problems: [],
  cautions: [],
});

/** Everything that decides the numbers, as text: equal keys, equal numbers. The what-if and the choice to compare are apart. */
export const key = computed(() => {
  const b = built.value;
  if (!b) return "";
  return JSON.stringify([typed.value.model, b.patient, b.settings, b.horizon, b.target, b.accepted, b.origin, typed.value.zone]);
});

/** What the figure compares besides. */
export const what_if_key = computed(() => JSON.stringify(built.value?.what_if));

/** What the engine says of a record, with its clock times. */
function clocked<T extends { message: string; path?: string | undefined }>(said: T): T {
  const b = built.value;
  return b ? { ...said, message: on_the_clock(said.message, said.path ?? "", b.patient, b.origin, typed.value.zone) } : said;
}

export const problems = computed<Problem[]>(() => {
  const own = built.value?.problems ?? [];
  const theirs = answers.value.key === key.value ? answers.value.problems : [];
  return [...own, ...theirs.map(clocked)];
});

export const cautions = computed(() => (answers.value.key === key.value ? answers.value.cautions.map(clocked) : []));

export const genotypes_read = computed(() => (answers.value.key === key.value ? (answers.value.genotypes ?? []) : []));

/** A new case is not scolded for what has not been typed yet: until its first result, gaps are listed calmly. */
export const begun = signal(false);
export const gaps = computed(() => (begun.value ? [] : problems.value.filter((p) => p.missing)));
export const shown_problems = computed(() => (begun.value ? problems.value : problems.value.filter((p) => !p.missing)));

export const blocked = computed(() => !built.value || built.value.problems.some((p) => p.severity === "error"));
export const fresh = computed(() => results.value !== undefined && results.value.key === key.value && !blocked.value);

/** Labels of up to three candidates drawn on the figure. */
export const selected = signal<string[]>([]);

const past: TypedCase[] = [];

/** Every change of what is typed goes through here. A step of undo is a structural change, or the first key in a field. */
let last_field = "";

/** In the middle of a field, where more keys may follow. */
export const typing = () => last_field !== "";

export function change(update: (before: TypedCase) => TypedCase, field = ""): void {
  if (field === "" || field !== last_field) {
    past.push(typed.value);
    if (past.length > 200) past.shift();
    can_undo.value = past.length;
  }
  last_field = field;
  typed.value = update(typed.value);
}

export function undo(): void {
  const before = past.pop();
  if (!before) return;
  last_field = "";
  can_undo.value = past.length;
  typed_for = undefined;
  typed.value = before;
  announcement.value = words.status.undone;
}

/** The card in whose units bare numbers were typed, until that of the model chosen since is there. */
let typed_for: Card | undefined;

/** Another model asks other covariates: what was typed for the first stays and shows again when it is chosen again. */
export function choose_model(id: string): void {
  if (id === typed.value.model) return;
  typed_for = card.value ?? typed_for;
  change((before) => ({ ...before, model: id, target: { id: "", low: "", high: "" }, accepted: [] }));
}

effect(() => {
  const asked = card.value;
  if (!asked || !typed_for) return;
  const before = typed_for;
  typed_for = undefined;
  if (before !== asked) typed.value = keep_units(typed.peek(), before, asked);
});

export function replace_case(next: TypedCase, say: string): void {
  typed_for = undefined;
  change(() => next);
  results.value = undefined;
  begun.value = false;
  selected.value = [];
  announcement.value = say;
}

/** The model `first` at once, the others in turn. */
export function load_models(first: string): void {
  const is_first = (block: HTMLElement) => block.dataset.model === `${first}.json`;
  const blocks = model_blocks(document);
  const others = blocks.filter((block) => !is_first(block));
  const read = blocks.filter(is_first).map(read_block);
  models.value = read;
  for (let i = 0; i < others.length; i += 10) in_turn(() => void read.push(...others.slice(i, i + 10).map(read_block)));
  in_turn(() => (models.value = [...in_their_order(read), ...models.value.filter((m) => m.file !== "")]));
}

export function toggle_selected(label: string): void {
  const now = selected.value;
  selected.value = now.includes(label) ? now.filter((l) => l !== label) : [...now, label].slice(-3);
}
