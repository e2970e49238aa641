/** By which route a planned regimen or a what-if goes, where the model has several. */

import type { Card } from "../../../wasm/titrate";
import { card, change, typed } from "../case/store";
import { route_of, unit_of_routes } from "../case/chosen";
import { unit as unit_text } from "../format";
import * as words from "../words";
import { Select } from "./field";

/** Each by its label, with its unit where routes differ in it. */
export function route_options(asked: Card | undefined): { value: string; text: string }[] {
  const differ = unit_of_routes(asked) === undefined;
  return (asked?.routes ?? []).map((r) => ({
    value: r.name,
    text: `${r.label || r.name}${differ ? ` (${unit_text(r.unit)})` : ""}`,
  }));
}

export function RouteOf({ field }: { field: "planned" | "what_if" }) {
  const routes = card.value?.routes ?? [];
  if (!card.value || routes.length < 2) return null;
  const regimen = typed.value[field];
  return (
    <Select
      id={`${field}-route`}
      label={words.doses.long.route}
      value={route_of(regimen, typed.value, card.value)?.name ?? ""}
      options={route_options(card.value)}
      on_choose={(route) => change((b) => ({ ...b, [field]: { ...b[field], route } }))}
    />
  );
}
