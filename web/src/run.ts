/**
 * Computes whenever the input is complete: forecast and ranking at the same time, so that the figure need not wait, then the
 * forecast under the regimens to compare. Numbers of an older input stay visible only while they are marked as out of date.
 */

import { effect } from "@preact/signals";
import type { Card, Forecast, Recommendation, Request, Response, Validation } from "../../wasm/titrate";
import {
  activity,
  announcement,
  answers,
  blocked,
  built,
  can_undo,
  card,
  cards,
  checked,
  compiled,
  engine_version,
  key,
  model,
  results,
  selected,
  typed,
  begun,
  typing,
} from "./case/store";
import { problems_of } from "./case/diagnostics";
import { Cancelled, type Engine } from "./engine";
import { number } from "./format";
import { to_compare, type Compared } from "./panels/compared";
import { words } from "./words";

/** After the last key; what is chosen, pasted or loaded is computed at once. */
const WAIT = 350;
/** A call of an outdated input is left to end by itself for this long, since a new worker must compile again. */
const PATIENCE = 1200;

let engine: Engine;
let running: { key: string; since: number } | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let wanted = 0;
let choosing = false;
/** Calls of the computation that runs: it has ended when they have. */
let asked: Promise<Response>[] = [];

const say = words.status;

export function start_runs(started: Engine): void {
  engine = started;
  engine.started.then(
    (version) => {
      engine_version.value = version;
      activity.value = { kind: "idle" };
      announcement.value = say.ready;
    },
    (error: Error) => {
      activity.value = { kind: "failed" };
      announcement.value = say.engine_failed(error.message);
    },
  );
  effect(() => {
    if (model.value && !compiled.value) schedule(0);
  });
  effect(() => {
    void [key.value, blocked.value, JSON.stringify(built.value?.what_if), selected.value];
    if (card.value && !choosing) schedule(typing() ? WAIT : 0);
  });
}

export function cancel(): void {
  wanted++;
  clearTimeout(timer);
  engine.cancel();
  activity.value = { kind: "cancelled" };
  announcement.value = say.cancelled;
}

export function compute_again(): void {
  results.value = undefined;
  schedule(0);
}

function schedule(wait: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => void run(), wait);
}

async function run(): Promise<void> {
  const mine = ++wanted;
  while (running) {
    if (running.key !== "" && running.key !== key.value && performance.now() - running.since > PATIENCE) engine.cancel();
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (mine !== wanted) return;
  }
  running = { key: key.value, since: performance.now() };
  try {
    if (await read_model()) await compute(mine);
  } catch (error) {
    if (error instanceof Cancelled) return;
    activity.value = { kind: "failed" };
    announcement.value = say.stopped;
    console.error(error);
  } finally {
    await Promise.allSettled(asked);
    asked = [];
    running = undefined;
  }
}

async function read_model(): Promise<boolean> {
  const chosen = model.value;
  if (!chosen) return false;
  if (cards.value[chosen.id]) return true;
  announcement.value = say.reading_model(chosen.title);
  activity.value = { kind: "working", what: chosen.title, fraction: 0 };
  const response = await engine.call({ verb: "compile", model: chosen.definition });
  activity.value = { kind: response.ok ? "idle" : "failed" };
  if (!response.ok || !response.model) {
    answers.value = { key: key.value, problems: problems_of(response.diagnostics, new Map([["/model", "model"]])), cautions: [] };
    announcement.value = say.failed(response.diagnostics.length);
    return false;
  }
  const { hash, version } = response.model;
  performance.mark("model read");
  cards.value = { ...cards.value, [chosen.id]: { card: response.result as Card, hash, version } };
  announcement.value = say.model_read(chosen.title);
  return true;
}

async function compute(mine: number): Promise<void> {
  const input = built.value;
  const started = key.value;
  if (!input || !model.value) return;
  if (blocked.value) {
    activity.value = { kind: "idle" };
    if (!results.value) announcement.value = can_undo.value > 0 ? say.waiting : say.first;
    return;
  }
  const current = () => mine === wanted && started === key.value;
  const from = performance.now();
  const request = (verb: Request["verb"], more: Partial<Request> = {}): Request => {
    const whole: Request = { verb, model: model.value!.definition, patient: input.patient, ...more };
    if (verb === "validate") return whole;
    if (input.settings !== undefined) whole.settings = input.settings;
    if (input.horizon !== undefined) whole.horizon = input.horizon;
    if (input.target !== undefined) whole.target = input.target;
    if (input.accepted.length > 0) whole.accepted = input.accepted;
    return whole;
  };
  const known = results.value?.key === started && results.value.recommendation ? results.value : undefined;
  // In the order of asking, whatever order the answers come in.
  const said: (Response | undefined)[] = [];
  const before = known && answers.value.key === started ? answers.value : { problems: [], cautions: [] };
  const under_way = new Map<string, number>();
  const show_progress = () => {
    const [what, fraction] = [...under_way][0] ?? ["", 0];
    if (current() && what !== "") activity.value = { kind: "working", what, fraction };
  };
  const ask = async (what: string, sent: Request): Promise<Response | undefined> => {
    const place = said.push(undefined) - 1;
    under_way.set(what, 0);
    show_progress();
    const answer = engine.call(sent, (fraction) => {
      under_way.set(what, fraction);
      show_progress();
    });
    asked.push(answer);
    const response = await answer.finally(() => under_way.delete(what));
    if (!current()) throw new Cancelled();
    said[place] = response;
    show_progress();
    const answered = said.filter((one) => one !== undefined);
    const problems = answered.flatMap((one) => problems_of(one.diagnostics, input.places));
    answers.value = {
      key: started,
      problems: distinct([...before.problems, ...problems], (p) => p.field + p.message),
      cautions: distinct([...before.cautions, ...answered.flatMap((one) => one.cautions)], (c) => c.id + c.message),
      genotypes: response.genotypes ?? [],
    };
    return response.ok ? response : undefined;
  };
  let recommendation = known?.recommendation;
  const seconds = () => known?.seconds ?? (performance.now() - from) / 1000;
  let validation = known?.validation;
  const former = results.value?.recommendation ?? results.value?.former;
  let ranking = !known;
  const publish = (forecast: Forecast, version: string, compared: Compared[] = []) => {
    begun.value = true;
    results.value = {
      key: started,
      forecast,
      compared,
      recommendation,
      ranking,
      former: ranking ? former : undefined,
      validation,
      engine: version,
      origin: input.origin,
      zone: typed.value.zone,
      made: Date.now(),
      seconds: seconds(),
    };
  };

  if (!known) {
    answers.value = { key: started, problems: [], cautions: [] };
    const checked = await ask(say.checking, request("validate"));
    if (!checked) return refuse();
    validation = checked.result as Validation;
    performance.mark("input checked");
    const drawing = ask(say.fitting, request("forecast"));
    const judging = ask(say.ranking, request("recommend"));
    judging.catch(() => {}); // it is awaited below, if the forecast comes
    const first = await drawing;
    if (!first) return refuse();
    publish(first.result as Forecast, first.engine);
    performance.mark("fitted");
    announcement.value = say.fitted(results.value?.forecast?.fit.levels.filter((level) => level.used).length ?? 0);
    const ranked = await judging;
    performance.mark("ranked");
    ranking = false;
    recommendation = ranked?.result as Recommendation | undefined;
    choose(recommendation);
    publish(first.result as Forecast, first.engine);
  }
  const compared = to_compare();
  if (compared.length > 0) {
    const answer = await ask(say.comparing, request("forecast", { regimens: compared.map((c) => c.regimen) }));
    if (answer) publish(answer.result as Forecast, answer.engine, compared);
  }
  activity.value = { kind: "idle" };
  announce_fit(results.value);
}

/** Computes the worked cases of the chosen model, between two computations of the patient. */
export async function check_worked_cases(): Promise<void> {
  const chosen = model.value;
  if (!chosen) return;
  while (running) await new Promise((resolve) => setTimeout(resolve, 20));
  running = { key: "", since: performance.now() };
  const what = words.card.checking;
  activity.value = { kind: "working", what, fraction: 0 };
  try {
    const response = await engine.call({ verb: "validate", model: chosen.definition }, (fraction) => {
      activity.value = { kind: "working", what, fraction };
    });
    const cases = (response.result as Validation | undefined)?.worked_cases ?? [];
    checked.value = { ...checked.value, [card.value?.id ?? ""]: cases };
    activity.value = { kind: "idle" };
  } catch (error) {
    if (error instanceof Cancelled) return;
    activity.value = { kind: "failed" };
    announcement.value = say.stopped;
  } finally {
    running = undefined;
  }
}

/** No number of an older input stays when the engine refuses the new one. */
function refuse(): void {
  results.value = undefined;
  activity.value = { kind: "failed" };
  announcement.value = say.failed(answers.value.problems.length + answers.value.cautions.length);
}

function distinct<T>(items: T[], name: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [name(item), item])).values()];
}

function announce_fit(done: typeof results.value): void {
  const fit = done?.forecast?.fit;
  if (!done || !fit) return;
  const used = fit.levels.filter((level) => level.used).length;
  announcement.value =
    fit.status === "not_converged" ? say.not_converged(fit.message) : say.finished(number(done.seconds, 2), used);
}

/** Keeps what the person chose where it still exists; else the best of the list. */
function choose(recommendation: Recommendation | undefined): void {
  const offered = (recommendation?.ranked ?? []).filter((c) => c.regimen).map((c) => c.label);
  const kept = selected.value.filter((label) => offered.includes(label));
  const next = kept.length > 0 ? kept : offered.slice(0, 1);
  choosing = true;
  if (next.join("\n") !== selected.value.join("\n")) selected.value = next;
  choosing = false;
}
