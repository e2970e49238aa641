// The numbers of the stand-in engine: one compartment, invented spreads and chances.

import type * as T from "../../../wasm/titrate";

import { num } from "./fake_card.ts";

const clamp = (x: number) => Math.min(0.985, Math.max(0.005, x));

export interface Given {
  time: number;
  amt: number;
  dur: number;
  taken?: number;
}

/** Probability that a dose was taken, where that is below 1. */
const doubt = (d: T.Dose) => (d.taken === undefined ? {} : { taken: num(d.taken) / 100 });

/** Unknown covariates and doubtful doses; the levels speak for the second choice of a covariate, and for a dose. */
export function unknown_of(patient: T.Patient, covariates: T.Card["covariates"]): NonNullable<T.Fit["unknown"]> {
  const choices = (words: string[], prior: number[], after: number[]) =>
    words.map((word, i) => ({ word, prior_probability: prior[i]!, probability: after[i]! }));
  return [
    ...covariates
      .filter((c) => c.frequencies && !patient.covariates[c.name])
      .map((c) => ({
        kind: "covariate" as const,
        name: c.name,
        label: c.label,
        path: `/patient/covariates/${c.name}`,
        choices: choices(c.choices!, c.frequencies!, [0.18, 0.82]),
      })),
    ...patient.doses.flatMap((d, i) => {
      const { taken = 0 } = doubt(d);
      if (taken === 0) return [];
      const path = `/patient/doses/${i}`;
      const both = choices(["taken", "not taken"], [taken, 1 - taken], [0.91, 0.09]);
      return [{ kind: "dose" as const, name: "", label: `dose at ${d.time}`, path, choices: both }];
    }),
  ];
}

export function given(doses: T.Dose[]): Given[] {
  return doses.flatMap((d) =>
    Array.from({ length: 1 + (d.addl ?? 0) }, (_, i) => ({
      time: num(d.time) + i * num(d.ii),
      amt: num(d.amt),
      dur: num(d.dur) || 0.5,
      ...doubt(d),
    })),
  );
}

export function level(doses: Given[], t: number, k: number, v: number): number {
  return doses.reduce((sum, d) => {
    if (t <= d.time) return sum;
    const during = Math.min(t - d.time, d.dur);
    const made = (d.amt / d.dur / (k * v)) * (1 - Math.exp(-k * during));
    return sum + made * Math.exp(-k * (t - d.time - during));
  }, 0);
}

export function bands(median: number[], spread: number): T.Bands {
  const times = (f: number) => median.map((m) => m * f);
  return {
    median,
    p5: times(Math.exp(-1.6 * spread)),
    p25: times(Math.exp(-0.7 * spread)),
    p75: times(Math.exp(0.7 * spread)),
    p95: times(Math.exp(1.6 * spread)),
    with_residual: { p5: times(Math.exp(-2.6 * spread)), p25: times(0.8), p75: times(1.2), p95: times(Math.exp(2.6 * spread)) },
  };
}

export const spread = (median: number, unit: string): T.Spread => ({
  unit,
  median,
  p5: median * 0.75,
  p25: median * 0.9,
  p75: median * 1.12,
  p95: median * 1.34,
});

export function chances(value: number, low: number, high: number): T.Chances {
  const below = clamp(0.5 + (low - value) / value / 0.6);
  const above = clamp(0.5 + (value - high) / value / 0.6) * (1 - below);
  return {
    loss: Math.abs(Math.log(value / Math.sqrt(low * high))),
    loss_error: 0.01,
    p_below: below * 0.9,
    p_in: 1 - below * 0.9 - above,
    p_above: above,
    p_error: 0.012,
  };
}
