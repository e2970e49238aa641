// Small invented files in the shapes that PharmCAT and the FHIR genomics reporting guide document.

import { describe, expect, test } from "vitest";
import { import_genotypes } from "../../../web/src/case/import_genotypes";

const diplotype = (gene: string, one: string, other: string) => ({
  allele1: { gene, name: one, function: "" },
  allele2: { gene, name: other, function: "" },
  gene,
  phenotypes: [],
  label: `${one}/${other}`,
});
const report = (gene: string, ...diplotypes: object[]) => ({ geneSymbol: gene, sourceDiplotypes: diplotypes });

const observation = (gene: string, value: string, more: object = {}) => ({
  resource: {
    resourceType: "Observation",
    status: "final",
    code: { coding: [{ system: "http://loinc.org", code: "84413-4", display: "Genotype display name" }] },
    valueCodeableConcept: { text: value },
    component: [
      {
        code: { coding: [{ system: "http://loinc.org", code: "48018-6", display: "Gene studied [ID]" }] },
        valueCodeableConcept: { coding: [{ system: "http://www.genenames.org/geneId", code: "HGNC:1", display: gene }] },
      },
    ],
    ...more,
  },
});
const bundle = (...entry: object[]) => JSON.stringify({ resourceType: "Bundle", type: "collection", entry });

describe("a PharmCAT file", () => {
  const phenotype = {
    geneReports: {
      CPIC: {
        CYP2C9: report("CYP2C9", diplotype("CYP2C9", "*1", "*3")),
        VKORC1: report("VKORC1", diplotype("VKORC1", "rs9923231 reference (C)", "rs9923231 variant (T)")),
        TPMT: report("TPMT", diplotype("TPMT", "*1", "*3A"), diplotype("TPMT", "*3B", "*3C")),
        CYP2D6: report("CYP2D6", diplotype("CYP2D6", "Unknown", "Unknown")),
        ABCG2: report("ABCG2", diplotype("ABCG2", "a", "b")),
      },
      DPWG: {
        CYP2C9: report("CYP2C9", diplotype("CYP2C9", "*1", "*3")),
        CYP3A5: report("CYP3A5", diplotype("CYP3A5", "*3", "*3")),
      },
    },
  };

  test("gives one diplotype a gene, of CPIC's rules and DPWG's", () => {
    const read = import_genotypes(JSON.stringify(phenotype));
    expect(read.from).toBe("PharmCAT");
    expect(read.taken).toEqual([
      { gene: "CYP2C9", diplotype: "*1/*3" },
      { gene: "VKORC1", diplotype: "rs9923231 reference (C)/rs9923231 variant (T)" },
      { gene: "CYP3A5", diplotype: "*3/*3" },
    ]);
  });

  test("leaves what was not called, what has several answers and what the engine does not read, and says so", () => {
    const left = Object.fromEntries(import_genotypes(JSON.stringify(phenotype)).left.map((l) => [l.what, l.why]));
    expect(Object.keys(left)).toEqual(["TPMT", "CYP2D6", "ABCG2"]);
    expect(left.TPMT).toContain("*3B/*3C");
  });

  test("may name its genes without a source, or in a list", () => {
    const genes = { CYP3A5: report("CYP3A5", diplotype("CYP3A5", "*1", "*3")) };
    expect(import_genotypes(JSON.stringify({ geneReports: genes })).taken).toEqual([{ gene: "CYP3A5", diplotype: "*1/*3" }]);
    expect(import_genotypes(JSON.stringify({ genes: Object.values(genes) })).taken).toEqual([
      { gene: "CYP3A5", diplotype: "*1/*3" },
    ]);
  });

  test("leaves a gene that is called twice in different ways, and one of which an allele was not called", () => {
    const twice = [report("CYP2C9", diplotype("CYP2C9", "*1", "*3")), report("CYP2C9", diplotype("CYP2C9", "*1", "*2"))];
    expect(import_genotypes(JSON.stringify({ genes: twice }))).toMatchObject({ taken: [], left: [{ what: "CYP2C9" }] });
    const sources = {
      CPIC: { CYP2C19: report("CYP2C19", diplotype("CYP2C19", "*1", "*2")) },
      DPWG: { CYP2C19: report("CYP2C19", diplotype("CYP2C19", "*1", "*17")) },
    };
    expect(import_genotypes(JSON.stringify({ geneReports: sources })).taken).toEqual([]);
    const half = { ...diplotype("CYP2C19", "*1", ""), allele2: null };
    const halves = { CYP2C19: report("CYP2C19", diplotype("CYP2C19", "*1", "*2"), half) };
    expect(import_genotypes(JSON.stringify({ geneReports: halves })).left[0]?.why).toContain("*1/?");
    expect(import_genotypes(JSON.stringify({ geneReports: { CYP2C19: report("CYP2C19", half) } })).taken).toEqual([
      { gene: "CYP2C19", diplotype: "*1/?" },
    ]);
  });
});

describe("a FHIR genomics report", () => {
  test("gives the genotype of each gene studied", () => {
    const read = import_genotypes(
      bundle(observation("CYP2C9", "CYP2C9*1/*1"), observation("CYP2D6", "CYP2D6*7.001 / CYP2D6*1.001")),
    );
    expect(read).toEqual({
      from: "FHIR",
      taken: [
        { gene: "CYP2C9", diplotype: "*1/*1" },
        { gene: "CYP2D6", diplotype: "*7.001 / *1.001" },
      ],
      left: [],
    });
  });

  test("takes nothing that was cancelled, contradicts itself, or names no gene that is read", () => {
    const read = import_genotypes(
      bundle(
        observation("TPMT", "TPMT*1/*3A", { status: "entered-in-error" }),
        observation("CYP2C19", "*1/*2"),
        observation("CYP2C19", "*2/*2"),
        observation("CYP2C19", "*1/*2"),
        observation("HLA-B", "*57:01/*07:02"),
        observation("DPYD", "", { component: [] }),
      ),
    );
    expect(read.taken).toEqual([]);
    expect(read.left.map((l) => l.what)).toEqual(["TPMT", "CYP2C19", "HLA-B", "a genotype"]);
  });

  test("leaves a phenotype that names no alleles", () => {
    const phenotype = observation("CYP2C19", "Poor metabolizer", { code: { coding: [{ code: "53040-2" }] } });
    expect(import_genotypes(bundle(phenotype))).toMatchObject({ taken: [], left: [{ what: "CYP2C19" }] });
  });
});

test("a bundle of several persons is refused whole", () => {
  const of = (person: string) => ({ subject: { reference: `Patient/${person}` } });
  const both = bundle(observation("CYP2C9", "*1/*3", of("a")), observation("CYP2D6", "*1/*4", of("b")));
  expect(() => import_genotypes(both)).toThrow("more than one person");
  expect(import_genotypes(bundle(observation("CYP2C9", "*1/*3", of("a")), observation("CYP2D6", "*1/*4"))).taken).toHaveLength(2);
});

test("another file is refused in words", () => {
  expect(() => import_genotypes("{}")).toThrow("neither");
  expect(() => import_genotypes("no JSON")).toThrow();
});
