// Times and errors of requests at the door, text in and text out.
//
// The engine keeps results by the request's hash, so each repetition carries another seed, and is a new request.

/** The answer and its ms; a request that is refused ends the run. */
export async function ask(engine, request) {
  const { response, ms } = await engine.answer(JSON.stringify(request));
  const answer = JSON.parse(response);
  if (!answer.ok) throw new Error(`${request.verb}: ${JSON.stringify(answer.diagnostics)}`);
  return { result: answer.result, ms };
}

export const with_settings = (request, settings) => ({ ...request, settings: { ...request.settings, ...settings } });

/** ms of `repeats` answers, to requests that `make` makes, after one that is not counted, since WebAssembly is compiled well only after a while. No more once
 *  `most` ms are spent; then the first one counts. */
export async function times(engine, make, repeats, most) {
  const all = [];
  for (let spent = 0; all.length <= repeats && spent < most; spent += all.at(-1)) {
    all.push((await ask(engine, with_settings(make(), { seed: all.length + 1 }))).ms);
  }
  return all.length > repeats ? all.slice(1) : all;
}

const exponent = (x) => x.toExponential(1);
const percent = (x) => `${(100 * x).toFixed(1)} %`;

/** Largest difference between two columns, in the largest value of the second. */
function apart(column, reference) {
  const most = Math.max(...reference.map(Math.abs));
  return Math.max(...column.map((x, i) => Math.abs(x - reference[i]))) / most;
}

/** Of a course, against steps at a tolerance of 1e-12: by the other kind of steps than those of which many would be needed. */
export async function error_of_course(engine, request, steps = "dopri5") {
  const timed = (await ask(engine, request)).result.outputs;
  const tight = (await ask(engine, with_settings(request, { solver: steps, rtol: 1e-12 }))).result.outputs;
  return Math.max(...Object.keys(timed).map((output) => apart(timed[output].value, tight[output].value)));
}

/** Of the quantiles of a forecast's first regimen, against those of ten times as many other draws. */
async function error_of_bands(engine, request) {
  const { fit, regimens } = (await ask(engine, request)).result;
  const more = { draws: Math.min(20_000, 10 * fit.sample.draws), seed: 2 };
  const other = (await ask(engine, with_settings(request, more))).result.regimens[0].outputs;
  const curves = ["p5", "median", "p95"].flatMap((which) =>
    Object.entries(regimens[0].outputs).map(([output, bands]) => apart(bands[which], other[output][which])),
  );
  return Math.max(...curves);
}

/** What the timed settings reach, in words. */
export async function achieved(engine, { request, course }) {
  if (request.verb === "simulate" || course) {
    const simulated = course ? { verb: "simulate", ...course } : request;
    const steps = Object.keys(request.model.equations ?? {}).length > 10 ? "rosenbrock" : "dopri5";
    return `${exponent(await error_of_course(engine, simulated, steps))} of the largest value${course ? ", each course" : ""}`;
  }
  if (request.verb === "forecast") return `quantiles within ${percent(await error_of_bands(engine, request))} of the largest`;
  const { result } = await ask(engine, request);
  if (request.verb === "recommend") return `P(in) within ${Math.max(...result.ranked.map((one) => one.p_error)).toFixed(3)}`;
  const of_mean = result.sample.ess > 0 ? `, ${(1 / Math.sqrt(result.sample.ess)).toFixed(3)} sd of a mean` : "";
  return `mode within ${exponent(result.gradient_norm)} sd${of_mean}`;
}
