/** A part of the page that is first rendered in a turn of its own; from then on it is like any other. */

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { in_turn } from "../case/in_turn";

export function InTurn({ children }: { children: ComponentChildren }) {
  const [came, set_came] = useState(false);
  useLayoutEffect(() => in_turn(() => set_came(true)), []);
  return <>{came ? children : null}</>;
}
