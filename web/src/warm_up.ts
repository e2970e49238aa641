/**
 * While nothing is typed the engine computes an invented patient with few draws: browsers translate the loops of a WebAssembly module
 * well only after these have run a while, and then the first patient need not wait for that. The answers go nowhere, and whatever is
 * really asked ends this.
 */

import { card, model } from "./case/store";
import { to_request } from "./case/to_request";
import type { Engine } from "./engine";
import { worked_patients } from "./worked/worked";

const DRAWS = 100;
let done = false;
let under_way = false;

/** Once for a page, if the chosen model has an invented patient. */
export async function warm_up(engine: Engine): Promise<void> {
  const worked = worked_patients.find((w) => w.model === model.value?.id);
  if (done || !worked || !model.value || !card.value) return;
  done = under_way = true;
  const { patient } = to_request(worked.read(), card.value);
  const request = { model: model.value.definition, patient, settings: { draws: DRAWS } };
  try {
    await engine.call({ verb: "recommend", ...request });
    await engine.call({ verb: "forecast", ...request });
  } catch {
    // ended by a real request
  } finally {
    under_way = false;
  }
}

export function end_warm_up(engine: Engine): void {
  if (under_way) engine.cancel();
  under_way = false;
}
