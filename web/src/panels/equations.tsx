/** The formulas of a card in groups: parameters of one person, what follows from the states, the states, doses, events. */

import type { Card } from "../../../wasm/titrate";
import { unit as unit_text } from "../format";
import * as words from "../words";
import type { Left } from "./formula";

const say = words.card;

interface Line {
  key: string;
  before?: string;
  left?: Left;
  /** Without it the words before say everything. */
  text?: string;
  after?: string;
}

type Entry = Card["routes"][number]["entries"][number];

/** How a dose enters one state, as the model states it. */
function entering(route: string, x: Entry): Line[] {
  const key = `${route} ${x.state}`;
  const at =
    x.lag === "" || /^0( \[h\])?$/.test(x.lag) ? [] : [{ key: `${key} lag`, before: say.lag(route, x.state), text: x.lag }];
  if (x.sets_to !== undefined) return [{ key, before: say.sets(route, x.state), text: x.sets_to }, ...at];
  const whole: Line =
    x.bioavailability === "1"
      ? { key, before: say.enters_whole(route, x.state) }
      : { key, before: say.enters(route, x.state), text: x.bioavailability };
  const how = (before: string, text: string | undefined) => (text === undefined ? [] : [{ key: key + before, before, text }]);
  return [whole, ...how(say.over, x.duration), ...how(say.rate, x.rate), ...how(say.density, x.profile), ...at];
}

export function equations(found: Card): { title: string; lines: Line[] }[] {
  const named = (list: Card["individual"]): Line[] =>
    list.map((x) => ({ key: x.name, left: { name: x.name }, text: x.text, after: unit_text(x.unit) }));
  const groups = [
    { title: say.individual, lines: named(found.individual) },
    { title: say.derived, lines: named(found.derived) },
    {
      title: say.states,
      lines: found.equations.flatMap((x): Line[] => [
        { key: x.state, left: { rate_of: x.state }, text: x.derivative },
        ...(/^0( \[.*\])?$/.test(x.initial)
          ? []
          : [{ key: `${x.state} start`, left: { start_of: x.state }, text: x.initial, after: unit_text(x.unit) }]),
      ]),
    },
    { title: say.doses_enter, lines: found.routes.flatMap((r) => r.entries.flatMap((x) => entering(r.label || r.name, x))) },
    {
      title: say.events,
      lines: found.events.flatMap((e) => [
        { key: e.name, before: `${e.name}: ${e.every === undefined ? say.when : say.every_so}`, text: e.every ?? e.when ?? "" },
        ...e.sets.map((x) => ({ key: `${e.name} ${x.state}`, left: { name: x.state }, text: x.value })),
      ]),
    },
    {
      title: say.outputs,
      lines: found.outputs.map((o) => ({ key: o.name, left: { name: o.name }, text: o.value, after: unit_text(o.unit) })),
    },
  ];
  return groups.filter((group) => group.lines.length > 0);
}
