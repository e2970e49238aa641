// A stand-in for the engine, of the same shapes and of no truth: one compartment, invented spreads. It lets the page's behaviour
// be tested where the real engine would have to fail on purpose. Never part of dist/.

import type * as T from "../../../wasm/titrate";

import { card, num, type Definition } from "./fake_card.ts";
import { unknown_of, given, level, bands, spread, chances } from "./fake_course.ts";

const known = new Map<string, Definition>();

function respond(request: T.Request, model: Definition, hash: string): T.Response {
  const response: T.Response = {
    ok: true,
    verb: request.verb,
    engine: "0.0.0-fake",
    model: { id: model.id, version: model.version, hash },
    diagnostics: [],
    cautions: [],
  };
  const c = card(model);
  if (request.verb === "compile") return { ...response, result: c };
  const patient = request.patient!;
  const wt = num(patient.covariates.WT as string);
  const refuse = (code: string, path: string, message: string, hint: string) => ({
    ...response,
    ok: false,
    diagnostics: [{ code, severity: "error" as const, path, message, hint }],
  });
  if (wt > 400)
    return refuse(
      "covariate.implausible",
      "/patient/covariates/WT",
      `Body weight ${wt} kg is outside 25 to 400 kg.`,
      "Is the unit right?",
    );
  if (wt === 334) return refuse("request.too_much_work", "", "The request was given up.", "Ask for less.");
  if (wt === 333) throw new Error("the fake engine was asked to stop");
  if (patient.doses.length === 0)
    return refuse("patient.no_doses", "/patient/doses", "No dose is given.", "Enter at least one dose.");
  if (request.verb === "validate")
    return {
      ...response,
      result: {
        covariates: c.covariates.map((k) => ({
          name: k.name,
          label: k.label,
          unit: k.unit,
          value: 62,
          ...(k.choices ? { word: String(patient.covariates[k.name] ?? k.choices[0]) } : {}),
          source: (patient.covariates[k.name] ? "given" : k.from ? "computed" : "assumed_unknown") as "given",
        })),
        now: num(patient.now),
        time_unit: "h",
      },
    };
  const output = c.targets[0]!.of;
  const scale = output === "Cc" ? 1 : 0.1;
  const v = 62,
    k = 0.055;
  const history = given(patient.doses);
  const last = history.at(-1)!;
  const now = patient.now ? num(patient.now) : last.time;
  const end = now + 60;
  const time = Array.from({ length: 260 }, (_, i) => (i / 259) * end);
  if (!time.includes(now)) {
    time.push(now);
    time.sort((a, b) => a - b);
  }
  const at_now = time.indexOf(now);
  const fit: T.Fit = {
    status: "converged",
    message: "Converged from 4 starts.",
    ofv: 12.3,
    gradient_norm: 3e-8,
    starts: { tried: 4, converged: 4, other_optima: 0 },
    eta: [
      { name: "eta_CL", label: "clearance (eta_CL)", value: -0.21, sd: 0.11, in_omega_sd: -0.53, posterior_over_prior_sd: 0.28 },
      { name: "eta_V1", label: "central volume (eta_V1)", value: 0.12, sd: 0.4, in_omega_sd: 0.15, posterior_over_prior_sd: 0.5 },
    ],
    parameters: [
      { name: "CL", label: "Clearance", unit: "L/h", population: 4.5, a_priori: 2.65, individual: 2.15 },
      { name: "V1", label: "Central volume", unit: "L", population: 58.4, a_priori: 68.4, individual: 77.1 },
    ],
    levels: patient.observations.map((o, index) => {
      const dv = num(o.dv ?? o.below ?? o.above);
      const censored = o.below !== undefined ? "below" : o.above !== undefined ? "above" : undefined;
      return {
        index,
        time: num(o.time),
        output: o.output ?? output,
        unit: c.outputs.find((x) => x.name === o.output)?.unit ?? "",
        dv,
        used: !o.excluded,
        why: o.excluded ?? "",
        a_priori: dv * 1.2,
        individual: dv * 1.03,
        ...(censored ? { censored, probability: 0.43 } : { residual_sd: -0.31 }),
        percentile: 44,
        words: censored ? "to be expected in 44 % of this kind of patient" : "usual for this kind of patient",
        remarks: [],
      };
    }),
    sample: { method: "importance", draws: 1000, ess: 812, pareto_k: 0.21, seed: 1 },
    solver: "exact",
  };
  const unknown = unknown_of(patient, c.covariates);
  if (unknown.length > 0) fit.unknown = unknown;
  const label = (r: T.Regimen) => (num(r.amt) === 0 ? "no dose" : `${r.amt}${r.dur ? ` over ${r.dur}` : ""} every ${r.ii}`);
  const current: T.Regimen = patient.current ?? {
    amt: patient.doses.at(-1)!.amt,
    ...(patient.doses.at(-1)!.dur ? { dur: patient.doses.at(-1)!.dur! } : {}),
    ii: patient.doses.at(-1)!.ii ?? "24 h",
  };
  const future = (r: T.Regimen) =>
    num(r.amt) === 0
      ? []
      : Array.from({ length: Math.max(1, Math.floor(60 / num(r.ii))) }, (_, i) => ({
          time: now + 1 + i * num(r.ii),
          amt: num(r.amt),
          dur: num(r.dur) || 0.5,
          unit: "mg",
        }));
  const target = c.targets[0]!;
  const custom = typeof request.target === "object" ? request.target : undefined;
  const low = custom?.low ? num(custom.low) : target.low!;
  const high = custom?.high ? num(custom.high) : target.high!;
  const daily = (r: T.Regimen) => (num(r.amt) * 24) / Math.max(1, num(r.ii) || 24);
  const value = (r: T.Regimen) =>
    Math.max(1e-3, (daily(r) / (target.unit.includes("h") ? 3.4 : 120)) * (target.unit.startsWith("1e9") ? 0.2 : 1));
  const before = history.filter((d) => d.time < now);
  if (request.verb === "forecast") {
    const regimens = request.regimens ?? [current];
    const result: T.Forecast = {
      fit,
      time,
      time_unit: "h",
      now,
      outputs: Object.fromEntries(
        c.outputs.map((o, n) => {
          const m = time.map(
            (t) => level(before.concat(future(current)), t, k, v) * (n === 0 ? scale : 0.05) + (n === 0 && scale < 1 ? 2 : 0),
          );
          return [
            o.name,
            {
              unit: o.unit,
              label: o.label,
              population: m.map((x) => x * 1.2),
              a_priori: bands(
                m.map((x) => x * 1.15),
                0.3,
              ),
              history: bands(m, 0.12),
              mode: m,
            },
          ];
        }),
      ),
      regimens: regimens.map((r) => ({
        label: label(r),
        regimen: r,
        outputs: Object.fromEntries(
          c.outputs.map((o, n) => [
            o.name,
            bands(
              time
                .slice(at_now)
                .map((t) => level(before.concat(future(r)), t, k, v) * (n === 0 ? scale : 0.05) + (n === 0 && scale < 1 ? 2 : 0)),
              0.15,
            ),
          ]),
        ),
        doses: future(r),
        metrics: [
          { ...spread(value(r), target.unit), metric: target.metric, of: target.of, during: target.during, label: target.label },
        ],
        target: chances(value(r), low, high),
        cautions: [],
      })),
      doses: history.map((d) => ({ ...d, unit: "mg" })),
      covariates: [{ name: "CRCL", unit: "mL/min", time: [0, 10, 34], value: [52.7, 64.8, 70.2] }],
      target: { ...target, low, high },
    };
    return { ...response, result };
  }
  const product = c.products[0]!;
  const grid = product.intervals.flatMap((ii) =>
    [1, 2, 3, 4, 6].map((n): T.Regimen => ({
      amt: `${product.step * n} mg`,
      ...(product.durations.length ? { dur: "1 h" } : {}),
      ii: `${ii} h`,
    })),
  );
  const candidate = (r: T.Regimen, kind: T.Candidate["kind"]): T.Candidate => ({
    ...chances(value(r), low, high),
    label: label(r),
    kind,
    regimen: r,
    metric: spread(value(r), target.unit),
    peak: spread(value(r) / 18, "mg/L"),
    trough: spread(value(r) / 40, "mg/L"),
    daily: { value: daily(r), unit: "mg" },
    change: kind === "current" ? "" : "one vial more a day",
    remarks: [],
  });
  const ranked = grid
    .map((r) => candidate(r, "regimen"))
    .sort((a, b) => a.loss - b.loss)
    .slice(0, 9);
  const cautions: T.Caution[] = [
    {
      id: "unstable_renal",
      grade: "warn",
      message: "Kidney function is changing.",
      why: "Creatinine fell by 25 % in 34 h.",
      what_to_do: "Measure creatinine again and take a level within 24 h.",
    },
    {
      id: "prior_and_data",
      grade: "note",
      message: "The levels weigh more than the population.",
      why: "Posterior SD of clearance is 28 % of the prior's.",
      what_to_do: "Check draw times.",
    },
  ];
  if (num(patient.covariates.age as string) > 101 && !request.accepted?.includes("not_studied"))
    return {
      ...response,
      cautions: [
        {
          id: "not_studied",
          grade: "stop",
          message: "Age 105 years was not studied.",
          why: "The model was built from 17 to 101 years.",
          what_to_do: "Decide whether the model applies.",
          acceptable: true,
        },
      ],
    };
  return {
    ...response,
    cautions,
    result: {
      fit,
      target: { ...target, low, high },
      loss: "Too high costs as much as too low.",
      current: candidate(current, "current"),
      ranked: [...ranked, { ...candidate({ amt: "0 mg", doses: 1, ii: "24 h" }, "no_dose"), label: "no dose" }],
      reachable: true,
      message: "",
      tried: grid.length,
      removed: [{ label: "3000 mg every 6 h", why: "A day's dose is at most 4500 mg." }],
      sample: { draws: 1000, ess: 812 },
    } satisfies T.Recommendation,
  };
}

export default async function createEngine() {
  let interrupted = false;
  const call = (text: string): string => {
    const request = JSON.parse(text) as T.Request;
    const definition = typeof request.model === "string" ? known.get(request.model) : (request.model as Definition);
    if (!definition)
      return JSON.stringify({
        ok: false,
        verb: request.verb,
        engine: "0.0.0-fake",
        diagnostics: [{ code: "model.unknown_hash", severity: "error", path: "/model", message: "unknown hash", hint: "" }],
        cautions: [],
      });
    const hash = `fake-${definition.id}`;
    known.set(hash, definition);
    return JSON.stringify(respond(request, definition, hash));
  };
  return {
    call,
    version: () => "0.0.0-fake",
    interrupted: () => interrupted,
    call_with_progress(text: string, report: (fraction: number) => void): string {
      const request = JSON.parse(text) as T.Request;
      report(0.5);
      const weight = num(request.patient?.covariates.WT as string);
      if (weight === 334) interrupted = true;
      const slow = weight === 222 || (weight === 223 && request.verb === "recommend");
      const takes = slow ? 20_000 : weight === 224 && request.verb === "forecast" ? 2000 : 5;
      for (const end = Date.now() + takes; Date.now() < end;);
      return call(text);
    },
  };
}
