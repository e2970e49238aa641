/**
 * Computes whenever the input is complete: the ranking, and beside it the check; then the forecast under the regimens to compare,
 * which the ranking names. Where the ranking takes long, the forecast under the current regimen does not wait for it. Each is shown
 * when it comes. What computes for an input that has changed since is ended at once. Numbers of an older input stay visible only
 * while they are marked as out of date.
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
  what_if_key,
  type Compared,
  type Results,
} from "./case/store";
import { problems_of } from "./case/diagnostics";
import { drawn_apart } from "./case/in_turn";
import type { LoadedModel } from "./case/models";
import type { Engine } from "./engine";
import { number } from "./format";
import { to_compare } from "./panels/compared";
import { Cancelled } from "./start";
import { end_warm_up, warm_up } from "./warm_up";
import * as words from "./words";

/** After the last key; what is chosen, pasted or loaded is computed at once. */
const WAIT = 350;
/** How long the figure waits for the ranking, which has the processor for itself and then says what to draw. */
const PATIENCE = 1000;

let engine: Engine;
/** The computation that runs: of which input, and its end. */
let running: { key: string; ended: Promise<void> } | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let wanted = 0;
/** Until what was set is taken up by whoever sets it. */
let quiet = false;
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
    if (!model.value || compiled.value) return;
    end_outdated();
    schedule(0);
  });
  effect(() => {
    void [key.value, blocked.value, what_if_key.value, selected.value];
    if (!card.value || quiet) return;
    end_outdated();
    schedule(typing() ? WAIT : 0);
  });
}

/** Sets what would otherwise ask for a computation. */
function quietly(set: () => void): void {
  quiet = true;
  set();
  quiet = false;
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

/** Ends what computes for another input. The worker that takes its place has the compiled engine, so nothing else is lost. */
function end_outdated(): void {
  if (!running || running.key === "" || running.key === key.value) return;
  engine.cancel();
  activity.value = { kind: "idle" };
}

/** Runs `work` when what ran before has ended; the next one waits for all that it asked. */
async function in_order(name: string, work: () => Promise<void>): Promise<void> {
  let ended = () => {};
  running = { key: name, ended: new Promise<void>((resolve) => (ended = resolve)) };
  try {
    await work();
  } catch (error) {
    if (error instanceof Cancelled) return;
    activity.value = { kind: "failed" };
    announcement.value = say.stopped;
    console.error(error);
  } finally {
    await Promise.allSettled(asked);
    asked = [];
    running = undefined;
    ended();
  }
}

async function run(): Promise<void> {
  const mine = ++wanted;
  while (running) {
    await running.ended;
    if (mine !== wanted) return;
  }
  await in_order(key.value, async () => {
    const chosen = model.value;
    if (chosen && !compiled.value) {
      announcement.value = say.reading_model(chosen.title);
      activity.value = { kind: "working", what: chosen.title, fraction: 0 };
      const response = await engine.call({ verb: "compile", model: chosen.definition });
      drawn_apart(() => take_model(chosen, response));
      if (typing()) return schedule(WAIT);
    }
    if (!compiled.value || mine !== wanted) return;
    // In the task in which the model came: the engine computes while the page draws the fields that the model asks for.
    running!.key = key.value;
    await compute(mine);
  });
}

function take_model(chosen: LoadedModel, response: Response): void {
  activity.value = { kind: response.ok ? "idle" : "failed" };
  if (!response.ok || !response.model) {
    answers.value = { key: key.value, problems: problems_of(response.diagnostics, new Map([["/model", "model"]])), cautions: [] };
    announcement.value = say.failed(response.diagnostics.length);
    return;
  }
  const { hash, version } = response.model;
  performance.mark("model read");
  quietly(() => (cards.value = { ...cards.value, [chosen.id]: { card: response.result as Card, hash, version } }));
  announcement.value = say.model_read(chosen.title);
}

async function compute(mine: number): Promise<void> {
  const input = built.value;
  const started = key.value;
  if (!input || !model.value) return;
  if (blocked.value) {
    activity.value = { kind: "idle" };
    if (!results.value) announcement.value = can_undo.value > 0 ? say.waiting : say.first;
    void warm_up(engine);
    return;
  }
  end_warm_up(engine);
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
  const known =
    results.value?.key === started && results.value.forecast && results.value.recommendation ? results.value : undefined;
  // In this order answers are listed and the one under way is named, whatever order they are asked and come in.
  const order = [say.checking, say.fitting, say.ranking, say.comparing];
  const said: (Response | undefined)[] = order.map(() => undefined);
  const before = known && answers.value.key === started ? answers.value : { problems: [], cautions: [] };
  const under_way = new Map<string, number>();
  const show_progress = () => {
    const what = order.find((one) => under_way.has(one));
    if (current() && what !== undefined) activity.value = { kind: "working", what, fraction: under_way.get(what)! };
  };
  const ask = async (what: string, sent: Request): Promise<Response | undefined> => {
    under_way.set(what, 0);
    show_progress();
    const answer = engine.call(sent, (fraction) => {
      under_way.set(what, fraction);
      show_progress();
    });
    asked.push(answer);
    const response = await answer.finally(() => under_way.delete(what));
    if (!current()) throw new Cancelled();
    said[order.indexOf(what)] = response;
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
  let { validation, forecast, recommendation, engine: version = "" } = known ?? {};
  let drawing = !known;
  let ranking = !known;
  const before_this = results.value && whole(results.value);
  const publish = (compared: Compared[] = []) => {
    begun.value = true;
    results.value = {
      key: started,
      forecast,
      drawing,
      compared,
      recommendation,
      ranking,
      former: drawing || ranking ? before_this : undefined,
      validation,
      engine: version,
      origin: input.origin,
      zone: typed.value.zone,
      made: Date.now(),
      seconds: known?.seconds ?? (performance.now() - from) / 1000,
    };
  };

  /** The course under the current regimen, or under those to compare; answers whether the engine made one. */
  const draw = async (compared: Compared[] = []): Promise<boolean> => {
    const more = compared.length > 0 ? { regimens: compared.map((c) => c.regimen) } : {};
    const answer = await ask(compared.length > 0 ? say.comparing : say.fitting, request("forecast", more));
    if (!answer) return false;
    forecast = answer.result as Forecast;
    version = answer.engine;
    if (drawing) {
      drawing = false;
      performance.mark("fitted");
      announcement.value = say.fitted(forecast.fit.levels.filter((level) => level.used).length);
    }
    publish(compared);
    return true;
  };

  if (!known) {
    answers.value = { key: started, problems: [], cautions: [] };
    const ranked = ask(say.ranking, request("recommend"));
    const checking = ask(say.checking, request("validate"));
    ranked.catch(() => {}); // awaited below, if the check succeeds
    const checked = await checking;
    if (!checked) return refuse();
    validation = checked.result as Validation;
    performance.mark("input checked");
    const judged = ranked.then((answer) => {
      ranking = false;
      performance.mark("ranked");
      if (!answer) return; // refused: the forecast says whether anything can be shown
      recommendation = answer.result as Recommendation;
      version = answer.engine;
      choose(recommendation);
      publish();
    });
    await Promise.race([judged, pause(PATIENCE)]);
    if (ranking && !(await draw())) return refuse();
    await judged;
  }
  const compared = to_compare();
  if (!(compared.length > 0 && (await draw(compared))) && drawing && !(await draw())) return refuse();
  activity.value = { kind: "idle" };
  announce_fit(results.value);
}

/** What is shown as out of date: the last results of which nothing was missing. */
function whole(last: Results): Results | undefined {
  return last.drawing || last.ranking ? last.former : last;
}

/** Computes the worked cases of the chosen model, between two computations of the patient. */
export async function check_worked_cases(): Promise<void> {
  const chosen = model.value;
  if (!chosen) return;
  const response = await ask_beside(words.card.checking, { verb: "validate", model: chosen.definition });
  if (!response) return;
  const cases = (response.result as Validation | undefined)?.worked_cases ?? [];
  checked.value = { ...checked.value, [card.value?.id ?? ""]: cases };
}

/** Asks for something beside the patient, between two computations of the patient; nothing when it was cancelled or failed. */
export async function ask_beside(what: string, request: Request): Promise<Response | undefined> {
  while (running) await running.ended;
  let response: Response | undefined;
  await in_order("", async () => {
    activity.value = { kind: "working", what, fraction: 0 };
    response = await engine.call(request, (fraction) => {
      activity.value = { kind: "working", what, fraction };
    });
    activity.value = { kind: "idle" };
  });
  return response;
}

/** No number of an older input stays when the engine refuses the new one. */
function refuse(): void {
  results.value = undefined;
  activity.value = { kind: "failed" };
  announcement.value = say.failed(answers.value.problems.length + answers.value.cautions.length);
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

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
  if (next.join("\n") !== selected.value.join("\n")) quietly(() => (selected.value = next));
}
