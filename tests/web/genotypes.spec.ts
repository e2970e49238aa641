// Genotypes on the page: typed, or taken from a laboratory's file, with what was left out said. With the stand-in engine.

import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { stand_in } from "./stand_in.ts";

const { vancomycin } = stand_in("genotypes");

const report = (gene: string, ...pairs: [string, string][]) => ({
  geneSymbol: gene,
  sourceDiplotypes: pairs.map(([one, other]) => ({ allele1: { gene, name: one }, allele2: { gene, name: other } })),
});

test("a PharmCAT file fills the fields, and what it leaves out is said", async ({ page }) => {
  await vancomycin(page);
  await page.getByText("Genotypes").click();
  await expect(page.getByLabel("CYP2D6", { exact: true })).toHaveValue("");
  const CPIC = {
    CYP2D6: report("CYP2D6", ["*1", "*4"]),
    TPMT: report("TPMT", ["*1", "*3A"], ["*3B", "*3C"]),
    ABCG2: report("ABCG2", ["a", "b"]),
  };
  const buffer = Buffer.from(JSON.stringify({ geneReports: { CPIC } }));
  await page.locator("#open-genotypes").setInputFiles({ name: "patient.phenotype.json", mimeType: "application/json", buffer });
  await expect(page.getByLabel("CYP2D6", { exact: true })).toHaveValue("*1/*4");
  await expect(page.getByLabel("TPMT", { exact: true })).toHaveValue("");
  await expect(page.locator(".genotypes")).toContainText("PharmCAT: 1 genotype taken, 2 left out.");
  await expect(page.locator(".genotypes")).toContainText("several diplotypes are possible: *1/*3A, *3B/*3C");
  const found = await new AxeBuilder({ page }).include(".inputs").analyze();
  expect(found.violations.map((v) => v.id)).toEqual([]);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByLabel("CYP2D6", { exact: true })).toHaveValue("");
});

test("a file that is no report changes nothing", async ({ page }) => {
  await vancomycin(page);
  const buffer = Buffer.from('{ "a": 1 }');
  await page.locator("#open-genotypes").setInputFiles({ name: "other.json", mimeType: "application/json", buffer });
  await expect(page.locator('[role="status"]')).toContainText("neither a PharmCAT file nor a FHIR genomics report");
});
