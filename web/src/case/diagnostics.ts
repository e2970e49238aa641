/** The engine's diagnostics, brought to the field that the person typed in. */

import type { Diagnostic } from "../../../wasm/titrate";
import type { Problem } from "./builder";

/** The field of the longest known prefix of a JSON pointer; empty when the message belongs to no field. */
export function field_of(path: string, places: ReadonlyMap<string, string>): string {
  let pointer = path;
  while (pointer !== "") {
    const field = places.get(pointer);
    if (field !== undefined) return field;
    pointer = pointer.slice(0, pointer.lastIndexOf("/"));
  }
  return "";
}

/** What one verb of several does not read is of no concern to the person who typed it. */
const UNUSED = "request.unused_key";

export function problems_of(diagnostics: Diagnostic[], places: ReadonlyMap<string, string>): Problem[] {
  return diagnostics
    .filter((d) => d.code !== UNUSED)
    .map((diagnostic) => ({
      field: field_of(diagnostic.path, places),
      severity: diagnostic.severity,
      message: diagnostic.message,
      hint: diagnostic.hint,
      code: diagnostic.code,
      path: diagnostic.path,
    }));
}
