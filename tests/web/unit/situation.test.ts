// What happens besides doses and levels: from typed rows to the request, back to their fields, into the file and onto the report.

import { describe, expect, test } from "vitest";
import type { Card } from "../../../wasm/titrate";
import { field_of } from "../../../web/src/case/diagnostics";
import { read_save } from "../../../web/src/case/file";
import { split_error } from "../../../web/src/case/quantity";
import { inputs_of } from "../../../web/src/case/situation";
import { to_request } from "../../../web/src/case/to_request";
import { empty_case, type TypedCase } from "../../../web/src/case/typed";
import { situation_lines } from "../../../web/src/report/inputs";

const plain_card = {
  covariates: [],
  outputs: [{ name: "Cc", unit: "mg/L", residuals: [{ assay: "" }] }],
  routes: [{ name: "iv", unit: "mg" }],
  targets: [],
  genotypes: [],
  inputs: [],
  co_medication: [],
  interactions: [],
  random_effects: [],
  equations: [{ state: "central", unit: "mg" }],
} as unknown as Card;

const card = {
  ...plain_card,
  dialysis: {
    input: "CL_session",
    unit: "L/h",
    modalities: [
      { name: "high_flux", label: "High flux", clearance: 6, read: "" },
      { name: "crrt", label: "Continuous", of_effluent: 0.8, read: "" },
    ],
  },
  co_medication: [{ drug: "rifampicin", label: "Rifampicin", input: "inducer", value: 1, unit: "1", read: "" }],
  inputs: [
    { name: "CL_session", label: "Session", unit: "L/h", resting: 0, note: "" },
    { name: "inducer", label: "Inducer", unit: "1", resting: 0, note: "" },
    { name: "meal", label: "Glucose eaten", unit: "g/h", resting: 0, note: "" },
  ],
  random_effects: [{ name: "eta_CL" }],
} as unknown as Card;

const typed: TypedCase = {
  ...empty_case("m"),
  zone: "UTC",
  doses: [{ id: 1, time: "2026-03-02 08:00", amt: "100", dur: "", ii: "", addl: "", route: "" }],
  levels: [{ id: 2, time: "2026-03-02 18:00 ± 15", dv: "5", output: "", assay: "", used: true, why: "" }],
  sessions: [
    { id: 3, time: "2026-03-03 08:00", length: "4", modality: "", flow: "" },
    { id: 4, time: "+24h", length: "", modality: "crrt", flow: "2,5" },
  ],
  co_medication: [{ id: 5, drug: "", time: "2026-03-01 08:00", stop: "+3d" }],
  inputs: [{ id: 6, input: "meal", time: "2026-03-02 12:00", stop: "12:30", value: "120" }],
  earlier: [{ id: 7, state: "", amount: "50", cv: "80" }],
  prior_weight: "0,5",
};

describe("what happens besides doses and levels", () => {
  test("sessions, drugs, inputs, earlier doses and the weight of the prior travel as the door takes them", () => {
    const { patient, settings, problems } = to_request(typed, card);
    expect(problems).toEqual([]);
    expect(patient.doses[0]!.time).toBe("24 h"); // the drug began a day before
    expect(patient.dialysis).toEqual([
      { start: "48 h", length: "4 h", modality: "high_flux" },
      { start: "72 h", modality: "crrt", effluent: "2.5 L/h" },
    ]);
    expect(patient.co_medication).toEqual([{ drug: "rifampicin", start: "0 h", stop: "72 h" }]);
    expect(patient.inputs).toEqual({ meal: [{ from: "28 h", to: "28.5 h", value: "120 g/h" }] });
    expect(patient.initial_amounts).toEqual([{ state: "central", amount: "50 mg", cv: "80 %" }]);
    expect(patient.observations[0]).toMatchObject({ time: "34 h", time_error: "15 min" });
    expect(settings).toEqual({ prior_weight: 0.5 });
  });

  test("a model that knows nothing of them is sent nothing of them, and what was typed stays for another", () => {
    const { patient, settings, problems } = to_request(typed, plain_card);
    expect(problems).toEqual([]);
    expect(Object.keys(patient).sort()).toEqual(["covariates", "doses", "observations"]);
    expect(settings).toBeUndefined();
    expect(situation_lines(typed, plain_card)).toEqual([]);
  });

  test("a drug of which only advice is known is sent as well, and one that was named for another model is not", () => {
    const advised = {
      ...plain_card,
      interactions: [{ drug: "voriconazole", exposure: "rises", effect: "AUC times 2", source: "a trial" }],
    } as unknown as Card;
    const named = (drug: string) => ({ ...typed, co_medication: [{ ...typed.co_medication[0]!, drug }] });
    const sent = [{ drug: "voriconazole", start: "0 h", stop: "72 h" }];
    expect(to_request(named("voriconazole"), advised).patient.co_medication).toEqual(sent);
    expect(to_request(named(""), advised).patient.co_medication).toEqual(sent);
    expect(to_request(named("tocilizumab"), advised).patient.co_medication).toBeUndefined();
    expect(situation_lines(named("voriconazole"), advised)[0]!.text).toContain("voriconazole (advice, not computed)");
    expect(situation_lines(named("tocilizumab"), advised)).toEqual([]);
  });

  test("a person sets the inputs that no session and no drug sets", () => {
    expect(inputs_of(card).map((input) => input.name)).toEqual(["meal"]);
  });

  test("the engine's complaints find the cell that was typed in", () => {
    const { places } = to_request(typed, card);
    expect(field_of("/patient/dialysis/1/effluent", places)).toBe("session-4-flow");
    expect(field_of("/patient/dialysis/0", places)).toBe("session-3-time");
    expect(field_of("/patient/co_medication/0/stop", places)).toBe("drug-5-stop");
    expect(field_of("/patient/inputs/meal/0/value", places)).toBe("input-6-value");
    expect(field_of("/patient/initial_amounts/0/cv", places)).toBe("earlier-7-cv");
    expect(field_of("/patient/observations/0/time_error", places)).toBe("level-2-time");
    expect(field_of("/settings/prior_weight", places)).toBe("prior-weight");
  });

  test("an empty cell that is needed is a problem at that cell", () => {
    const gap = { ...typed, earlier: [{ id: 7, state: "", amount: "50", cv: "" }] };
    expect(to_request(gap, card).problems.map((p) => p.field)).toEqual(["earlier-7-cv"]);
    const late = { ...typed, levels: [{ ...typed.levels[0]!, time: "2026-03-02 18:00 ± soon" }] };
    expect(to_request(late, card).problems.map((p) => p.field)).toEqual(["level-2-time"]);
  });

  test("a weight of 1 is the published prior and is neither sent nor printed", () => {
    const same = { ...typed, prior_weight: "1" };
    expect(to_request(same, card).settings).toBeUndefined();
    expect(situation_lines(same, card).map((line) => line.title)).not.toContain("How far the typical patient counts");
  });

  test("the report says all of it", () => {
    expect(situation_lines(typed, card).map((line) => `${line.title}: ${line.text}`)).toEqual([
      "Dialysis: 2026-03-03 08:00 4 h High flux; +24h Continuous 2,5 L/h",
      "Other drugs: Rifampicin 2026-03-01 08:00 until +3d",
      "What else changes over time: Glucose eaten 120 g/h 2026-03-02 12:00 until 12:30",
      "Treated before the first record: central 50 mg ± 80 %",
      "How far the typical patient counts: Weight of the prior (lambda): 0,5, not the published 1",
    ]);
  });

  test("a saved file keeps it, and one saved before these fields existed still opens", () => {
    expect(read_save(JSON.stringify({ case: typed }))).toEqual(typed);
    const { sessions: _, co_medication: __, inputs: ___, earlier: ____, prior_weight: _____, ...old } = typed;
    expect(read_save(JSON.stringify({ case: old }))).toEqual({
      ...old,
      sessions: [],
      co_medication: [],
      inputs: [],
      earlier: [],
      prior_weight: "",
    });
    expect(() => read_save(JSON.stringify({ case: { ...typed, sessions: [{ id: 1, time: 5 }] } }))).toThrow(/time/);
  });
});

test("the error of a draw time is typed behind it", () => {
  expect(split_error("07:30 ± 15 min")).toEqual({ value: "07:30", error: "15 min" });
  expect(split_error("+12h +-0.25 h")).toEqual({ value: "+12h", error: "0.25 h" });
  expect(split_error("07:30 +/-15")).toEqual({ value: "07:30", error: "15" });
  expect(split_error("+1d 2h")).toEqual({ value: "+1d 2h" });
});
