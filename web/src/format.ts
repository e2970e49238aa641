/** The one formatter: 3 significant digits on the page, full precision in titles and data tables. A number never comes bare. */

const SPACE = "\u00a0";

export function number(value: number | undefined | null, digits = 3): string {
  if (value === undefined || value === null || !Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return scientific(value, digits);
  const rounded = Number(value.toPrecision(digits));
  const text = Math.abs(rounded) >= 10 ** digits ? String(rounded) : value.toPrecision(digits);
  return text.replace("-", "−");
}

/** Without trailing zeros: for what was typed or stated rather than computed, six digits of it. */
export function plain(value: number, unit_name = "", digits = 6): string {
  const text = number(value, digits)
    .replace(/(\.\d*?)0+(?=$|·)/, "$1")
    .replace(/\.(?=$|·)/, "");
  return unit_name === "" || unit_name === "1" ? text : `${text}${SPACE}${unit_name}`;
}

const superscript = (exponent: number) => [...String(exponent)].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)])).join("");

function scientific(value: number, digits: number): string {
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e") as [string, string];
  return `${mantissa}·10${superscript(Number(exponent))}`.replaceAll("-", "−");
}

/** "14.2 mg/L"; a unit of "1" or none is not written. */
export function quantity(value: number | undefined | null, unit: string, digits = 3): string {
  const text = number(value, digits);
  return unit === "" || unit === "1" || text === "–" ? text : `${text}${SPACE}${unit}`;
}

/** A range in one unit: "412 to 655 mg*h/L". */
export function interval(low: number | undefined, high: number | undefined, unit: string, digits = 3): string {
  return `${number(low, digits)} to ${quantity(high, unit, digits)}`;
}

/** Everything the double holds, for titles and data tables. */
export function full(value: number | undefined | null): string {
  return value === undefined || value === null || !Number.isFinite(value) ? "" : String(value);
}

/** Probability in per cent; 0 and 1 are never claimed, since they come from finitely many draws. */
export function percent(p: number | undefined | null): string {
  if (p === undefined || p === null || !Number.isFinite(p)) return "–";
  if (p < 0.01) return `<1${SPACE}%`;
  if (p > 0.99) return `>99${SPACE}%`;
  return `${Math.round(p * 100)}${SPACE}%`;
}

/** Axis labels: no more digits than the step needs. */
export function tick(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-5) return scientific(value, 1);
  return String(Number(value.toPrecision(6))).replace("-", "−");
}

/** "12 h", "2 d 4 h" for spans of time. */
export function span(hours: number): string {
  if (Math.abs(hours) < 72) return quantity(hours, "h");
  return `${number(hours / 24)}${SPACE}d`;
}

/** Units as read on a page: "mg*h/L" -> "mg·h/L", "m^2" -> "m²", "umol" -> "µmol". */
export function unit(text: string): string {
  return text
    .replaceAll("*", "·")
    .replaceAll("^2", "²")
    .replaceAll("^3", "³")
    .replace(/\bumol/g, "µmol")
    .replace(/\bug\b/g, "µg")
    .replace(/^1e9\/L$/, "10⁹/L")
    .replace(/^1$/, "");
}

/** The engine's sentences, with units and powers as read on a page. */
export function sentence(text: string): string {
  return text
    .replace(/ x 10\^9\/L/g, " × 10⁹/L")
    .replace(/\b([munpk]?g)\*h\/(m?L)\b/g, "$1·h/$2")
    .replace(/\b(c?m)2\b/g, "$1²")
    .replace(/\bumol\b/g, "µmol")
    .replace(/\.\.(?!\.)/g, ".");
}

/** "peripheral volume (eta_V2)" at the head of a row; symbols such as pH keep their case. */
export function capital(text: string): string {
  return /^[a-z]{2}/.test(text) && !/^eta_|^kappa_/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

/** A regimen's name as the engine writes it, with its units as read on a page; a number and its unit stay on one line. */
export function regimen_text(label: string): string {
  return sentence(label).replace(/(\d) (?=[a-z])/gi, `$1${SPACE}`);
}
