// The card that the stand-in engine makes of a model file: what is written there, and nothing derived.

import type * as T from "../../../wasm/titrate";

export const num = (text: string | number | undefined) => Number.parseFloat(String(text ?? "0"));

export type Definition = Record<string, any>;

export function card(d: Definition): T.Card {
  const unit_of = (text: unknown) => /\[(.*)\]/.exec(String(text))?.[1] ?? String(text).split(" ").slice(1).join(" ");
  return {
    id: d.id,
    version: d.version,
    title: d.title,
    drug: d.drug.name,
    class: d.class ?? [],
    citation: d.source.citation,
    doi: d.source.doi,
    about: d.population.about,
    grade: { word: "fits a patient", because: ["Variability between patients and residual error are published."] },
    structure: "two compartments",
    time_unit: "h",
    solver: "exact",
    covariates: Object.entries<Definition>(d.covariates).map(([name, c]) => ({
      name,
      label: c.label,
      unit: c.unit ?? "1",
      ...(c.studied ? { studied: c.studied } : {}),
      ...(c.choices ? { choices: Object.keys(c.choices) } : {}),
      ...(c.unknown ? { frequencies: Object.keys(c.choices).map((word) => c.unknown.frequencies[word]) } : {}),
      over_time: "last",
      continues: c.continues,
      ...(c.from
        ? {
            from: c.from,
            needs: [...c.from.matchAll(/\b(age|WT|HT|SCR|sex)\b/g)]
              .map((m: string[]) => m[1]!)
              .filter((x: string, i: number, a: string[]) => a.indexOf(x) === i),
          }
        : {}),
      ...(c.when_unknown ? { when_unknown: num(c.when_unknown) || 0 } : {}),
      note: c.note ?? "",
    })),
    genotypes: [],
    inputs: Object.entries<Definition>(d.inputs ?? {}).map(([name, i]) => ({
      name,
      label: i.label,
      unit: i.unit,
      resting: num(i.resting),
      note: i.note ?? "",
    })),
    ...(d.dialysis
      ? {
          dialysis: {
            input: d.dialysis.input,
            unit: d.inputs[d.dialysis.input].unit,
            modalities: Object.entries<Definition>(d.dialysis.modalities).map(([name, m]) => ({
              name,
              label: m.label,
              ...(m.clearance ? { clearance: num(m.clearance) } : {}),
              ...(m.of_effluent ? { of_effluent: m.of_effluent } : {}),
              read: "",
            })),
          },
        }
      : {}),
    co_medication: Object.entries<Definition>(d.co_medication ?? {}).map(([drug, c]) => ({
      drug,
      label: c.label,
      input: c.input,
      value: num(c.value),
      unit: "1",
      read: "",
    })),
    interactions: d.interactions ?? [],
    parameters: Object.entries<Definition>(d.parameters).map(([name, p]) => ({
      name,
      label: p.label,
      value: num(p.value),
      unit: unit_of(p.value),
      uncertainty: "",
      read: p.read ?? "",
      assumed: false,
    })),
    random_effects: Object.entries<Definition>(d.random_effects).map(([name, e]) => ({
      name,
      variance: 0.1584,
      sd: 0.398,
      written: e.cv ?? "",
      uncertainty: "",
      read: e.read ?? "",
      assumed: false,
    })),
    occasion_effects: [],
    correlations: [],
    individual: Object.entries<Definition>(d.individual ?? {}).map(([name, i]) => ({
      name,
      text: i.value ?? String(i),
      unit: i.unit ?? "",
    })),
    equations: [{ state: "central", initial: "0", derivative: "-CL / V1 * central", unit: "mg" }],
    events: [],
    derived: [],
    outputs: Object.entries<Definition>(d.outputs).map(([name, o]) => ({
      name,
      label: o.label,
      unit: o.unit,
      matrix: o.matrix,
      value: o.value,
      drug_level: true,
      residuals: o.error.by_assay
        ? Object.keys(o.error.by_assay).map((assay) => ({ assay, written: "proportional", uncertainty: "", read: "" }))
        : [{ assay: "", written: "proportional and additive", uncertainty: "", read: "" }],
    })),
    routes: Object.entries<Definition>(d.routes).map(([name, r]) => ({
      name,
      label: r.label,
      unit: "mg",
      into: ["central"],
      entries: [{ state: "central", bioavailability: "1", lag: "0 [h]" }],
      bolus: !!r.bolus,
      infusion: !!r.infusion,
    })),
    targets: d.targets.map((t: Definition) => ({
      id: t.id,
      label: t.label,
      metric: t.metric,
      of: t.of,
      during: t.during,
      unit: unit_of(t.window[0]),
      low: num(t.window[0]),
      high: num(t.window[1]),
      weight_low: 1,
      weight_high: 1,
      source: t.source,
    })),
    products: d.products.map((p: Definition) => ({
      name: p.name,
      route: p.route,
      unit: "mg",
      step: num(p.step),
      smallest: num(p.smallest),
      largest: num(p.largest),
      intervals: p.intervals.map(num),
      durations: (p.durations ?? []).map(num),
      per_area: !!p.per_area,
      source: p.source,
    })),
    rules: (d.rules ?? []).map((r: Definition) => ({ kind: "rule", message: r.message, source: r.source })),
    serves: d.serves,
    caveats: d.caveats,
    assumptions: d.assumptions ?? [],
    notes: d.notes ?? [],
    worked_cases: d.worked_cases.map((w: Definition) => ({ label: w.label, checks: 3 })),
    population_checks: [],
  };
}
