/** By which route a planned regimen or a what-if goes, where the model has several. */

import { card, change, typed } from "../case/store";
import { route_of } from "../case/to_request";
import { words } from "../words";
import { Select } from "./field";

export function RouteOf({ field }: { field: "planned" | "what_if" }) {
  const routes = card.value?.routes ?? [];
  if (!card.value || routes.length < 2) return null;
  const regimen = typed.value[field];
  return (
    <Select
      id={`${field}-route`}
      label={words.doses.long.route}
      value={route_of(regimen, typed.value, card.value)?.name ?? ""}
      options={routes.map((r) => ({ value: r.name, text: r.label || r.name }))}
      on_choose={(route) => change((b) => ({ ...b, [field]: { ...b[field], route } }))}
    />
  );
}
