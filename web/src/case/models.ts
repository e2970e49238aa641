/** The models: data blocks of the page, and files that the user opens. */

export interface LoadedModel {
  id: string;
  title: string;
  drug: string;
  definition: object;
  /** Name of the file the user opened; empty for a model of the page. */
  file: string;
}

export function describe_model(definition: unknown, file: string): LoadedModel {
  if (typeof definition !== "object" || definition === null || Array.isArray(definition)) throw new Error("not a model file");
  const d = definition as { id?: unknown; title?: unknown; drug?: { name?: unknown }; format?: unknown };
  if (typeof d.id !== "string") throw new Error("the file has no id");
  const id = file === "" ? d.id : `${d.id} (${file})`;
  return { id, title: String(d.title ?? d.id), drug: String(d.drug?.name ?? ""), definition, file };
}

export function read_models(page: Document): LoadedModel[] {
  const blocks = [...page.querySelectorAll("script[data-model]")];
  const models = blocks.map((block) => describe_model(JSON.parse(block.textContent ?? ""), ""));
  return models.sort((a, b) => a.drug.localeCompare(b.drug) || a.id.localeCompare(b.id));
}
