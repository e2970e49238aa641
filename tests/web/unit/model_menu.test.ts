// The list of models: groups from the files' own words, search by drug and author, and what is not for dosing apart.

import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { author_and_year, matches, model_groups } from "../../../web/src/case/model_menu";
import { describe_model } from "../../../web/src/case/models";

const folder = new URL("../../../models/", import.meta.url);
const all = readdirSync(folder)
  .filter((name) => name.endsWith(".json") && name !== "schema.json")
  .map((name) => describe_model(JSON.parse(readFileSync(new URL(name, folder), "utf8")), ""));
const of = (id: string) => all.find((m) => m.id === id)!;

describe("the list of models", () => {
  test("every model of the library states its class, and appears exactly once", () => {
    expect(all.filter((m) => m.classes.length !== 2).map((m) => m.id)).toEqual([]);
    const listed = model_groups(all, "").flatMap((group) => group.models.map((m) => m.id));
    expect([...listed].sort()).toEqual(all.map((m) => m.id).sort());
  });

  test("drug monitoring comes before mechanistic models, and what is for teaching only stands apart at the end", () => {
    const heparin = { ...of("heparin_alsallami2016"), grade: "teaching only" };
    const groups = model_groups([heparin, of("bone_mineral"), of("vancomycin_goti2018"), of("tacrolimus_andrews2019")], "");
    expect(groups.map((g) => [g.heading, g.apart])).toEqual([
      ["drug monitoring: antibiotics and antifungals", false],
      ["drug monitoring: immunosuppressants", false],
      ["mechanistic: hormones, glucose and bone", false],
      ["Teaching only or on hold: not for dosing a patient", true],
    ]);
  });

  test("a file that the user opened comes first", () => {
    const opened = describe_model(of("bone_mineral").definition, "mine.json");
    expect(model_groups([...all, opened], "")[0]).toEqual({ heading: "Opened files", apart: false, models: [opened] });
  });

  test("drug, author, year and class are searched together, in any order and without accents", () => {
    expect(model_groups(all, "goti vanco").flatMap((g) => g.models.map((m) => m.id))).toEqual(["vancomycin_goti2018"]);
    expect(model_groups(all, "2018 Goti")[0]!.models[0]!.id).toBe("vancomycin_goti2018");
    expect(matches({ ...of("bone_mineral"), citation: "Müller A" }, "muller")).toBe(true);
    expect(model_groups(all, "antifungals").flatMap((g) => g.models).length).toBe(13);
    expect(model_groups(all, "no such drug")).toEqual([]);
  });

  test("a model is called by its first author and year", () => {
    expect(author_and_year(of("vancomycin_goti2018").citation)).toBe("Goti 2018");
    expect(author_and_year(of("everolimus_dewit2016").citation)).toBe("de Wit 2016");
    expect(author_and_year(of("levetiracetam_bilbaomeseguer2021").citation)).toBe("Bilbao-Meseguer 2021");
    expect(author_and_year("Not a published model.")).toBe("");
  });
});
