/** Virtual patients out of a save file. What has another form is refused, so that no cell silently stays empty. */

import { HOWS, type TypedPopulation } from "./population";

/** "": a text. 0: a number. A list of words: one of them. A list of an object: rows. "*": parts of any name. */
type Shape = "" | 0 | readonly string[] | [Parts] | Parts;
interface Parts {
  [name: string]: Shape;
}

const DISTRIBUTION: Shape = {
  from: "",
  to: "",
  median: "",
  cv: "",
  mean: "",
  sd: "",
  shares: { "*": "" },
  alleles: { "*": "" },
};
const POPULATION: Shape = {
  patients: "",
  seed: "",
  covariates: { "*": { how: HOWS, value: "", by: "", of: { "*": DISTRIBUTION } } },
  correlations: [{ id: 0, a: "", b: "", value: "" }],
  groups: [{ id: 0, covariate: "", cuts: "" }],
  regimens: [{ id: 0, route: "", amount: "", loading: "", per: "", over: "", every: "", doses: "" }],
  target: { id: "", of: "", read: ["auc", "min", "max", "value"], from: "", to: "", at_least: "", at_most: "" },
};

const is_words = (shape: readonly unknown[]): shape is readonly string[] => typeof shape[0] === "string";

function check(found: unknown, shape: Shape, name: string): void {
  // Made only to be thrown: an error notes where it was made, for which a browser reads the whole script once more.
  const wrong = () => new Error(`“${name}” has the wrong form`);
  if (typeof shape !== "object") {
    if (typeof found !== typeof shape) throw wrong();
  } else if (!Array.isArray(shape)) {
    if (typeof found !== "object" || found === null || Array.isArray(found)) throw wrong();
    const parts = shape as Parts;
    const names = new Set([...Object.keys(parts), ...Object.keys(found)]);
    names.delete("*");
    for (const part of names) check((found as Record<string, unknown>)[part], parts[part] ?? parts["*"] ?? refuse(part), part);
  } else if (is_words(shape)) {
    if (!shape.includes(found as string)) throw wrong();
  } else {
    if (!Array.isArray(found)) throw wrong();
    for (const row of found) check(row, shape[0] as Parts, name);
  }
}

function refuse(name: string): never {
  throw new Error(`“${name}” is unknown`);
}

/** By model. */
export function read_populations(found: unknown): Record<string, TypedPopulation> {
  check(found, { "*": POPULATION }, "populations");
  return found as Record<string, TypedPopulation>;
}
