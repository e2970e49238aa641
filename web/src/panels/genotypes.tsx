/**
 * Diplotypes of the patient, one field for each gene that the engine reads, and their import from a laboratory's file. What the
 * engine read from each stands under its field, with whether this model uses it.
 */

import { signal } from "@preact/signals";
import { GENES, import_genotypes, type Imported } from "../case/import_genotypes";
import { announcement, change, genotypes_read, typed } from "../case/store";
import * as words from "../words";
import { Field, problems_at } from "./field";

const say = words.genotypes;

/** Of the last import, until the next one. */
const imported = signal<Imported | undefined>(undefined);

function type_genotype(gene: string, text: string): void {
  change((before) => ({ ...before, genotypes: { ...before.genotypes, [gene]: text } }), `gene-${gene}`);
}

async function open_report(input: HTMLInputElement): Promise<void> {
  const file = input.files?.[0];
  input.value = "";
  if (!file) return;
  try {
    const found = import_genotypes(await file.text());
    const taken = Object.fromEntries(found.taken.map(({ gene, diplotype }) => [gene, diplotype]));
    change((before) => ({ ...before, genotypes: { ...before.genotypes, ...taken } }));
    imported.value = found;
    announcement.value = say.imported(found.from, found.taken.length, found.left.length);
  } catch (error) {
    imported.value = undefined;
    announcement.value = words.status.open_failed(file.name, error instanceof Error ? error.message : String(error));
  }
}

function LastImport() {
  const found = imported.value;
  if (!found) return null;
  return (
    <div class="hint">
      <p>{say.imported(found.from, found.taken.length, found.left.length)}</p>
      {found.left.length > 0 ? (
        <ul>
          {found.left.map(({ what, why }) => (
            <li key={what + why}>
              {what}: {why}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

export function Genotypes() {
  const filled = GENES.some((gene) => (typed.value.genotypes[gene] ?? "") !== "" || problems_at(`gene-${gene}`).length > 0);
  return (
    <details class="panel genotypes" open={filled}>
      <summary>{say.title}</summary>
      <p class="hint">{say.about}</p>
      <span class="file-button">
        <input
          id="open-genotypes"
          type="file"
          accept=".json,application/json"
          class="unseen"
          onChange={(event) => void open_report(event.currentTarget)}
        />
        <label for="open-genotypes" class="button">
          {say.open}
        </label>
      </span>
      <LastImport />
      <div class="covariates">
        {GENES.map((gene) => {
          const read = genotypes_read.value.find((g) => g.gene === gene);
          return (
            <Field
              key={gene}
              id={`gene-${gene}`}
              label={gene}
              value={typed.value.genotypes[gene] ?? ""}
              placeholder={say.example[gene]}
              hint={read ? `${read.words} ${read.rules}.` : ""}
              on_type={(text) => type_genotype(gene, text)}
            />
          );
        })}
        <Field
          id="gene-inhibitors"
          label={say.inhibitors}
          value={typed.value.genotypes.inhibitors ?? ""}
          placeholder="paroxetine"
          hint={say.inhibitors_hint}
          on_type={(text) => type_genotype("inhibitors", text)}
        />
      </div>
    </details>
  );
}
