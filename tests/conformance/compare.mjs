// How nearly two responses must agree. Text, truth values, shapes and counts are equal; numbers have the tolerance of what made
// them: exact solutions 1e-10, stepping solvers 100 times their own tolerance of 1e-9, modes of a fit 1e-6, objectives 1e-8,
// whatever comes from draws 1e-6. Entries of a column may also differ by a thousandth of the tolerance of its largest entry: a
// level thirty half-lives down has no digits to compare.

const longest = 48; // of a recorded column

/** The response with long columns replaced by their length and some 40 of their entries. */
export function thinned(value) {
  if (Array.isArray(value)) {
    if (value.length <= longest || !value.every((x) => typeof x === "number")) return value.map(thinned);
    const step = Math.ceil(value.length / 40);
    return { length: value.length, step, entries: value.filter((_, i) => i % step === 0) };
  }
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, x]) => [key, thinned(x)]));
}

function tolerance(path, response) {
  if (response.verb === "simulate") return { relative: exact(response) ? 1e-10 : 1e-7 };
  if (/\/(ofv|objective)$/.test(path)) return { relative: 1e-8, absolute: 1e-8 };
  if (/\/eta\/\d+\//.test(path)) return { relative: 1e-6, absolute: 1e-6 };
  if (/\/hessian_covariance\//.test(path)) return { relative: 1e-4, absolute: 1e-7 };
  if (path.endsWith("/gradient_norm")) return { relative: 0, absolute: 1e-3 };
  if (path.endsWith("/residual_sd")) return { relative: 1e-6, absolute: 1e-6 };
  if (/\/worked_cases\/\d+\/relative$/.test(path)) return { relative: 0, absolute: 1e-7 };
  return { relative: 1e-6, absolute: 1e-9 };
}
// Whatever a stepping solver made says so by the model: only the neutrophil models are not linear.
const exact = (response) => !response.model?.id.startsWith("docetaxel");

/** The first place where two responses differ by more than they may, or "". */
export function difference(got, want, path = "", response = want, scale = 0) {
  if (typeof got !== typeof want || Array.isArray(got) !== Array.isArray(want))
    return `${path}: ${JSON.stringify(got)} is no ${typeof want}`;
  if (typeof want === "number") {
    const { relative, absolute = 0 } = tolerance(path, response);
    const allowed = relative * Math.max(Math.abs(got), Math.abs(want), 1e-3 * scale) + absolute;
    return Math.abs(got - want) <= allowed ? "" : `${path}: ${got}, recorded ${want}`;
  }
  if (want === null || typeof want !== "object")
    return got === want ? "" : `${path}: ${JSON.stringify(got)}, recorded ${JSON.stringify(want)}`;
  const keys = Object.keys(want);
  const strange = Object.keys(got).find((key) => !(key in want)) ?? keys.find((key) => !(key in got));
  if (strange !== undefined) return `${path}/${strange}: in one of the two alone`;
  const numbers = Array.isArray(want) && want.every((x) => typeof x === "number");
  const largest = numbers ? Math.max(0, ...want.map(Math.abs)) : 0;
  for (const key of keys) {
    const found = difference(got[key], want[key], `${path}/${key}`, response, largest);
    if (found) return found;
  }
  return "";
}
