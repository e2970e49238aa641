/** The save file: every typed string, with the versions it was made with. Nothing else is kept anywhere. */

import { read_populations } from "./population_file";
import { empty_case, empty_row, KINDS, rows_of, type Kind, type TypedCase } from "./typed";

export interface SaveFile {
  case: TypedCase;
  made_with: { engine: string; model: string; version: string; hash: string };
}

export function save_text(content: SaveFile): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** Fields that came later: a file written before them says nothing about them. */
const LATER = ["genotypes", "sessions", "co_medication", "inputs", "earlier", "prior_weight", "populations"];

/** Reads a save file or a bare case. Anything of the wrong shape is refused, so that no cell silently stays empty. */
export function read_save(text: string): TypedCase {
  const content = JSON.parse(text) as { case?: unknown };
  const found = (content.case ?? content) as Record<string, unknown>;
  if (found.format !== "titrate-case/1") throw new Error("this is not a saved case (titrate-case/1)");
  const blank = empty_case("", "") as unknown as Record<string, unknown>;
  for (const [name, value] of Object.entries(blank)) {
    if (!(name in found) && LATER.includes(name)) continue;
    if (!(name in found)) throw new Error(`“${name}” is missing`);
    if (typeof found[name] !== typeof value || Array.isArray(found[name]) !== Array.isArray(value))
      throw new Error(`“${name}” has the wrong form`);
  }
  for (const name of Object.keys(found)) if (!(name in blank)) throw new Error(`“${name}” is unknown`);
  const read = { ...empty_case("", ""), ...found } as TypedCase;
  for (const kind of KINDS) Object.assign(read, { [kind]: read_rows(kind, read) });
  for (const [name, entry] of Object.entries(read.covariates))
    if (typeof entry?.value !== "string" || !Array.isArray(entry.later)) throw new Error(`“${name}” has the wrong form`);
  if (Object.values(read.genotypes).some((text) => typeof text !== "string")) throw new Error("“genotypes” has the wrong form");
  read_populations(read.populations);
  return read;
}

function read_rows<K extends Kind>(kind: K, read: TypedCase): unknown[] {
  return rows_of(kind, read).map((row: unknown) => {
    if (typeof row !== "object" || row === null) throw new Error("a row has the wrong form");
    for (const [name, value] of Object.entries(row)) {
      const right = name === "id" ? "number" : name === "used" ? "boolean" : "string";
      if (typeof value !== right) throw new Error(`“${name}” of a row has the wrong form`);
    }
    return { ...empty_row(kind, 0), ...row };
  });
}

export function download(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
