/**
 * Genotypes out of a file that the user chose: PharmCAT's phenotype or report JSON, or FHIR Observations of a genomics report (a
 * Bundle, or one Observation). Only diplotypes of the genes that the engine reads are taken, in their own words; the engine reads
 * and judges them. What is left out is said, each with the reason. Nothing leaves the page.
 *
 * PharmCAT: geneReports (by source, CPIC and DPWG, or flat in newer versions) -> gene -> sourceDiplotypes, each with a label.
 * FHIR: Observation 84413-4 (genotype display name) with the gene in component 48018-6; phenotypes alone (53040-2, 51963-7) say no
 * alleles and are left.
 */

import type { GeneName } from "../../../wasm/titrate";
import * as words from "../words";

export const GENES: readonly GeneName[] = [
  "CYP2D6",
  "CYP2C9",
  "CYP2C19",
  "CYP3A4",
  "CYP3A5",
  "VKORC1",
  "TPMT",
  "NUDT15",
  "DPYD",
  "UGT1A1",
];

export interface Imported {
  from: "PharmCAT" | "FHIR";
  taken: { gene: GeneName; diplotype: string }[];
  left: { what: string; why: string }[];
}

type Json = Record<string, unknown>;

const say = words.genotypes;
const object = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === "string" ? value.trim() : "");
const gene_named = (name: string): GeneName | undefined => GENES.find((gene) => gene === name);

/** Throws a sentence when the file is neither. */
export function import_genotypes(content: string): Imported {
  const file = object(JSON.parse(content));
  if (file.geneReports !== undefined || file.genes !== undefined) return from_pharmcat(file);
  if (text(file.resourceType) !== "") return from_fhir(file);
  throw new Error(say.unknown_file);
}

// --- what both have in common: one diplotype a gene, else none

class Collected {
  taken = new Map<GeneName, string>();
  left: Imported["left"] = [];
  private refused = new Set<GeneName>();

  take(gene: GeneName, diplotypes: string[]): void {
    const different = [...new Set([...diplotypes, this.taken.get(gene) ?? ""].filter((diplotype) => diplotype !== ""))];
    if (this.refused.has(gene)) return;
    if (different.length === 1) {
      this.taken.set(gene, different[0]!);
      return;
    }
    this.taken.delete(gene);
    this.refused.add(gene);
    this.left.push({ what: gene, why: different.length === 0 ? say.not_called : say.several(different) });
  }

  leave(what: string, why: string): void {
    if (!this.left.some((other) => other.what === what && other.why === why)) this.left.push({ what, why });
  }

  result(from: Imported["from"]): Imported {
    return { from, taken: [...this.taken].map(([gene, diplotype]) => ({ gene, diplotype })), left: this.left };
  }
}

// --- PharmCAT

function from_pharmcat(file: Json): Imported {
  const found = new Collected();
  const diplotypes = new Map<string, string[]>();
  for (const [name, report] of reports_of(file))
    diplotypes.set(name, [
      ...(diplotypes.get(name) ?? []),
      ...list(report.sourceDiplotypes).map((diplotype) => diplotype_of(object(diplotype))),
    ]);
  for (const [name, called] of diplotypes) {
    const gene = gene_named(name);
    if (!gene) {
      found.leave(name, say.other_gene);
      continue;
    }
    found.take(gene, called);
  }
  return found.result("PharmCAT");
}

/** [gene, report]; a gene may have one of CPIC and one of DPWG. A report file lists them in `genes`, by source or not. */
function reports_of(file: Json): [string, Json][] {
  const reports = file.geneReports ?? file.genes;
  if (Array.isArray(reports)) return reports.map((entry) => [text(object(entry).geneSymbol), object(entry)]);
  const outer = object(reports);
  const by_source = ["CPIC", "DPWG"].filter((source) => source in outer);
  const groups = by_source.length > 0 ? by_source.map((source) => object(outer[source])) : [outer];
  return groups.flatMap((group) => Object.entries(group).map(([name, report]): [string, Json] => [name, object(report)]));
}

/** Empty when nothing was called; "*1/?" when one allele was, which is another answer than a diplotype. */
function diplotype_of(diplotype: Json): string {
  const names = [diplotype.allele1, diplotype.allele2].map((allele) => text(object(allele).name).replace(/^Unknown$/, ""));
  return names.every((name) => name === "") ? "" : names.map((name) => name || "?").join("/");
}

// --- FHIR

const LOINC = { genotype: "84413-4", gene: "48018-6", phenotypes: ["53040-2", "51963-7"] };

function from_fhir(file: Json): Imported {
  const found = new Collected();
  const resources = file.resourceType === "Bundle" ? list(file.entry).map((entry) => object(object(entry).resource)) : [file];
  const persons = new Set(
    resources
      .filter((resource) => resource.resourceType === "Observation")
      .map((resource) => text(object(resource.subject).reference))
      .filter((person) => person !== ""),
  );
  if (persons.size > 1) throw new Error(say.several_persons);
  for (const resource of resources) {
    if (resource.resourceType !== "Observation") continue;
    const codes = codes_of(resource.code);
    const name = gene_of(resource);
    if (LOINC.phenotypes.some((code) => codes.includes(code))) found.leave(name || say.a_phenotype, say.phenotype_only);
    if (!codes.includes(LOINC.genotype)) continue;
    const gene = gene_named(name);
    const status = text(resource.status);
    if (["entered-in-error", "cancelled", "preliminary", "registered"].includes(status))
      found.leave(name || say.a_genotype, say.status(status));
    else if (!gene) found.leave(name || say.a_genotype, name === "" ? say.no_gene : say.other_gene);
    else found.take(gene, [display_of(resource.valueCodeableConcept).replaceAll(gene, "").trim()]);
  }
  return found.result("FHIR");
}

function codes_of(concept: unknown): string[] {
  return list(object(concept).coding).map((coding) => text(object(coding).code));
}

function display_of(concept: unknown): string {
  const own = text(object(concept).text);
  return own !== ""
    ? own
    : (list(object(concept).coding)
        .map((coding) => text(object(coding).display))
        .find((d) => d !== "") ?? "");
}

/** The symbol that the component "gene studied" shows. */
function gene_of(resource: Json): string {
  for (const component of list(resource.component).map(object))
    if (codes_of(component.code).includes(LOINC.gene)) return display_of(component.valueCodeableConcept).split(/\s/)[0] ?? "";
  return "";
}
