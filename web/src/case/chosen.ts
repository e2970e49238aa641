/** What a row means that names no route or no output: the first one that the page offers. */

import type { Card } from "../../../wasm/titrate";
import { filled_rows, type RegimenTyped, type TypedCase } from "./typed";

type Route = Card["routes"][number];
type Output = Card["outputs"][number];

export function chosen_route(card: Card, name: string): Route | undefined {
  return card.routes.find((r) => r.name === name) ?? card.routes[0];
}

/** A planned regimen or a what-if goes by the route that was said, else as the last dose did. */
export function route_of(regimen: RegimenTyped, typed: TypedCase, card: Card): Route | undefined {
  return chosen_route(card, regimen.route ?? filled_rows("doses", typed).at(-1)?.route ?? "");
}

/** Outputs whose levels can be fitted. */
export const measured_outputs = (card: Card | undefined): Output[] => (card?.outputs ?? []).filter((o) => o.residuals.length > 0);

export function chosen_output(card: Card, name: string): Output | undefined {
  return card.outputs.find((o) => o.name === name) ?? measured_outputs(card)[0] ?? card.outputs[0];
}

/** The unit of all routes, where they have the same one. */
export function unit_of_routes(card: Card | undefined): string | undefined {
  const units = new Set((card?.routes ?? []).map((r) => r.unit));
  return units.size > 1 ? undefined : ([...units][0] ?? "mg");
}
