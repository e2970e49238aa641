// How times grow at the door: with draws, doses, states, points and workers. Each series is one kind of request at growing sizes.
// Each repetition changes what an engine could remember: the seed of a request, the title of a model that is read.

import { ask, error_of_course, times, with_settings } from "./door.mjs";
import { network, networks } from "./networks.mjs";
import { jobs, patient } from "./requests.mjs";
import { spread } from "./table.mjs";

const fit = { ...jobs["MAP + Laplace, 3 levels, 10 doses"].request, settings: {} };
const ranking = jobs["fit + 2000 draws + 60 regimens ranked"].request;
const { model } = fit;

/** n doses at times that repeat no interval for long, and levels after the last. */
function after_doses(n, covariates) {
  const doses = Array.from({ length: n }, (_, i) => ({ time: `${12 * i + (i % 3) / 2} h`, amt: "1000 mg", dur: "1 h" }));
  const last = 12 * (n - 1);
  const observations = [3, 11].map((after) => ({ time: `${last + after} h`, dv: "15 mg/L" }));
  return { covariates, doses, observations, now: `${last + 24} h` };
}

const without_levels = (one) => ({ ...one, observations: [] });
const hundred_points = (n) => ({ from: "0 h", to: `${12 * n} h`, every: `${(12 * n) / 100} h` });
const of_points = (n) => ({ from: "0 h", to: "168 h", every: `${168 / (n - 1)} h` });
const in_networks = { covariates: {}, doses: patient.doses, observations: [], now: "120 h" };
let versions = 0; // a model that was read before would not be read again
const laplace = { method: "laplace", starts: 1 };

const by_doses = [
  ["vancomycin", model, patient.covariates],
  ["saturable, 4 states", network("saturable", 4), {}],
];

const map_of = (file) => ({
  verb: "fit",
  model: file,
  patient: { ...in_networks, observations: patient.observations },
  settings: laplace,
});

/** Each series: its name, its sizes, and the request of a size. */
const series = [
  ["fit by draws", [250, 1000, 4000], (draws) => with_settings(fit, { draws })],
  ["fit and 60 regimens ranked by draws", [250, 1000, 4000], (draws) => with_settings(ranking, { draws })],
  ...by_doses.flatMap(([name, file, covariates]) => [
    [
      `${name}: course by doses`,
      [1, 10, 100, 1000],
      (n) => ({ verb: "simulate", model: file, patient: without_levels(after_doses(n, covariates)), times: hundred_points(n) }),
    ],
    [
      `${name}: MAP by doses`,
      [1, 10, 100, 1000],
      (n) => ({ verb: "fit", model: file, patient: after_doses(n, covariates), settings: laplace }),
    ],
  ]),
  [
    "vancomycin: course by points",
    [100, 1681, 5000],
    (n) => ({ verb: "simulate", model, patient: without_levels(patient), times: of_points(n) }),
  ],
  ...networks.flatMap((kind) => [
    [
      `${kind} network read, by states`,
      [10, 50, 100, 200],
      (n) => ({ verb: "compile", model: { ...network(kind, n), version: `${++versions}` } }),
    ],
    [
      `${kind} network: course by states`,
      [10, 50, 100, 200],
      (n) => ({ verb: "simulate", model: network(kind, n), patient: in_networks, times: of_points(169) }),
    ],
  ]),
  ["linear network: MAP by states", [10, 50, 100], (n) => map_of(network("linear", n))],
  ["saturable network: MAP by states", [10, 50], (n) => map_of(network("saturable", n))],
];

/** What the engine reaches at a size: as door.mjs says it, in short. */
async function achieved(engine, request) {
  if (request.verb === "compile") return "";
  if (request.verb === "simulate") {
    const stiff = /stiff/.test(request.model.title);
    return (await error_of_course(engine, request, stiff ? "rosenbrock" : "dopri5")).toExponential(1);
  }
  const { result } = await ask(engine, request);
  if (request.verb === "recommend") return `P(in) ${Math.max(...result.ranked.map((one) => one.p_error)).toFixed(3)}`;
  return result.sample?.ess > 0
    ? `mean ${(1 / Math.sqrt(result.sample.ess)).toFixed(3)} sd`
    : `mode ${result.gradient_norm.toExponential(1)} sd`;
}

/** One row for each size of each series; "order" is the exponent of its native time between it and the size before. */
export async function scaling(engines, on_row) {
  for (const [name, sizes, request] of series) {
    let before;
    for (const size of sizes) {
      const row = { job: name, size, achieved: await achieved(engines[0], request(size)) };
      for (const engine of engines) row[engine.name] = spread(await times(engine, () => request(size), 3, 4000));
      const { median } = row[engines[0].name];
      row.order = before && Math.log(median / before.median) / Math.log(size / before.size);
      before = { size, median };
      on_row(row);
    }
  }
}

/** Eight rankings by one worker and by two, which is what this machine may have cores for. */
export async function workers(engines, on_row) {
  const texts = Array.from({ length: 9 }, (_, seed) => JSON.stringify(with_settings(ranking, { seed })));
  for (const n of [1, 2]) {
    const row = { job: "eight rankings of 60 regimens, by workers", size: n };
    for (const engine of engines.filter((one) => one.together)) {
      const all = [];
      for (let i = 0; i < 3; ++i) all.push(await engine.together(texts, n));
      row[engine.name] = spread(all);
    }
    on_row(row);
  }
}
