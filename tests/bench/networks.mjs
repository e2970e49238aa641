// Models of any size, written at run time: n states in a ring, each with an exchange with both neighbours and an elimination.
//
// An infusion enters the first state, and the last one is measured; two etas act on every elimination and every exchange. The
// elimination is first-order ("linear") or saturable ("saturable"). The exchange is of the order of the elimination ("slow"), or a
// thousand times as fast at some places as at others ("stiff").

const kinds = {
  linear: { loss: (i) => `k * x${i}`, exchange: () => 1 },
  "linear, stiff": { loss: (i) => `k * x${i}`, exchange: (i) => 10 ** (i % 4) },
  saturable: { loss: (i) => `k * x${i} / (1 + x${i} / Km)`, exchange: () => 1 },
  "saturable, stiff": { loss: (i) => `k * x${i} / (1 + x${i} / Km)`, exchange: (i) => 10 ** (i % 4) },
};
export const networks = Object.keys(kinds);

/** The content of a model file. */
export function network(kind, n) {
  const { loss, exchange } = kinds[kind];
  const equations = {};
  const derived = {};
  for (let i = 0; i < n; ++i) {
    const next = (i + 1) % n;
    const before = (i + n - 1) % n;
    derived[`flow${i}`] = { value: `${exchange(i)} * q * (x${i} - x${next})`, label: `From state ${i} to the next` };
    equations[`x${i}`] = { label: `State ${i}`, unit: "mg", derivative: `flow${before} - flow${i} - ${loss(i)}` };
  }
  const read = "made up";
  return {
    format: "titrate-model/1",
    id: "network",
    version: "1",
    title: `${n} states in a ring, ${kind}`,
    drug: { name: "none" },
    source: { citation: "made up for benchmarks" },
    time_unit: "h",
    population: { about: "nobody" },
    parameters: {
      TVk: { value: "0.1 [1/h]", label: "Elimination", read },
      TVq: { value: "0.3 [1/h]", label: "Exchange", read },
      V: { value: "10 [L]", label: "Volume", read },
      ...(kind.startsWith("saturable") && { Km: { value: "20 [mg]", label: "Amount at half of the largest elimination", read } }),
    },
    random_effects: { eta_k: { variance: 0.09, read }, eta_q: { variance: 0.09, read } },
    individual: {
      k: { value: "TVk * exp(eta_k)", unit: "1/h", label: "Elimination" },
      q: { value: "TVq * exp(eta_q)", unit: "1/h", label: "Exchange" },
    },
    equations,
    derived,
    routes: { iv: { label: "Infusion", into: "x0", infusion: true } },
    outputs: {
      Cc: { label: "Level", value: "x0 / V", unit: "mg/L", drug_level: true, error: { proportional: 0.1, read } },
    },
  };
}
