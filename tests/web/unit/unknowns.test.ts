import { expect, test } from "vitest";
import type { Fit } from "../../../wasm/titrate";
import { unknown_lines } from "../../../web/src/panels/unknowns";

const genotype: NonNullable<Fit["unknown"]>[number] = {
  kind: "covariate",
  name: "GENE",
  label: "CYP3A5 genotype",
  path: "/patient/covariates/GENE",
  choices: [
    { word: "non-expresser", prior_probability: 0.8, probability: 0.18 },
    { word: "expresser", prior_probability: 0.2, probability: 0.82 },
  ],
};

const lines = (status: Fit["status"], unknown: Fit["unknown"]) =>
  unknown_lines({ status, message: "", levels: [], solver: "exact", ...(unknown ? { unknown } : {}) }, 0, "UTC").map((l) => ({
    ...l,
    text: l.text.replaceAll("\u00a0", " "),
    others: l.others.replaceAll("\u00a0", " "),
  }));

test("the most probable class comes first, with its probability before the levels", () => {
  expect(lines("converged", [genotype])).toEqual([
    {
      name: "CYP3A5 genotype",
      text: "probably expresser: 82 %, from 20 % in the population",
      others: "non-expresser: 18 %, from 80 % in the population",
    },
  ]);
});

test("without a level the frequencies stand alone", () => {
  const before = { ...genotype, choices: genotype.choices.map((c) => ({ ...c, probability: c.prior_probability })) };
  expect(lines("no_data", [before])[0]!.text).toBe("non-expresser 80 %, expresser 20 % in the population; no level tells more");
});

test("a class that is not even half as probable as not is a perhaps", () => {
  const choices = [0.4, 0.35, 0.25].map((probability, i) => ({ word: `${i}`, prior_probability: 1 / 3, probability }));
  expect(lines("converged", [{ ...genotype, choices }])[0]!.text).toMatch(/^perhaps 0: 40 %/);
});

test("a dose keeps the engine's name where its time is not known, and its probability was entered", () => {
  const choices = [
    { word: "taken", prior_probability: 0.7, probability: 0.91 },
    { word: "not taken", prior_probability: 0.3, probability: 0.09 },
  ];
  const [line] = lines("converged", [{ ...genotype, kind: "dose", label: "dose at 24 h", path: "/patient/doses/9", choices }]);
  expect(line!.name).toBe("dose at 24 h");
  expect(line!.text).toBe("probably taken: 91 %, from 70 % as entered");
});

test("with everything known there is nothing to say", () => {
  expect(lines("converged", undefined)).toEqual([]);
});
