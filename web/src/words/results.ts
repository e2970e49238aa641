/** What was computed: the figure, the regimens, the cautions, and what was not known for certain. */

import { list } from "./list";

export const figure = {
  title: "Course",
  time: "time",
  hours: "h",
  summary: (label: string, unit: string) =>
    `${label} in ${unit} over time. Use the arrow keys to read values, Home and End for the ends.`,
  instructions: "Point at the figure, or use the arrow keys, to read values.",
  now: "now",
  target: (text: string) => `Target: ${text}`,
  target_elsewhere: (metric: string, text: string) =>
    `The target is ${/^[AEIOU]/.test(metric) ? "an" : "a"} ${metric} (${text}), not a level: see the regimens.`,
  log: "Log scale",
  show_residual: "Measurement error",
  show_a_priori: "Before levels",
  show_population: "Typical",
  population: "Typical patient of the model: median",
  legend: "Legend",
  options: "What to draw",
  fit_short: "This patient",
  fit: "This patient: median, 50\u00a0% and 90\u00a0% band",
  residual: "90\u00a0% band of measurements, with assay and other error",
  a_priori: "Patients like this one, before any level: median and 90 %",
  level: "Level used",
  excluded: "Level not used",
  below: "Level below a limit (mark at the limit)",
  above: "Level above a limit (mark at the limit)",
  current: "Current",
  scenario: (label: string) => `Current if ${label}`,
  table: "Data table",
  table_caption: (label: string) => `${label}: numbers behind the figure, in full precision`,
  table_time: "Time",
  table_median: "Median",
  table_low: "5 %",
  table_high: "95 %",
  table_more: (shown: number, all: number) => `${shown} of ${all} times`,
  reading: (time: string, parts: string[]) => `${time}: ${parts.join("; ")}`,
  median_and: (name: string, median: string, range: string) => `${name} ${median} (90 %: ${range})`,
  measured: (value: string) => `measured ${value}`,
  dose_in_doubt: (amount: string, how: string) => `${amount}, ${how}`,
  covariate: (unit: string, range: string) => `(${unit}): ${range}`,
  day: "day",
  empty: "The course of the patient appears here: doses, levels, fit with its uncertainty, and the forecast.",
  first: "New here? Load an invented patient:",
  steps:
    "For your own case: choose the model above, then enter on the left 1. the patient, 2. the doses given, 3. the levels, if there are any. Everything is computed as you type.",
  worked: {
    vancomycin: "Vancomycin, intensive care",
    tacrolimus: "Tacrolimus, kidney transplant",
    docetaxel: "Docetaxel, neutrophils",
  } as Record<string, string>,
};

export const unknowns = {
  title: "Not known for certain",
  lead: "The forecast and the ranking average over all of these cases, each with its probability.",
  probably: "probably",
  perhaps: "perhaps",
  line: (word: string, after: string, prior: string, where: string) => `${word}: ${after}, from ${prior} ${where}`,
  no_level: (shares: string, where: string) => `${shares} ${where}; no level tells more`,
  in_population: "in the population",
  as_entered: "as entered",
  dose: (when: string) => `Dose of ${when}`,
};

export const regimens = {
  title: "Regimens",
  target: "Target",
  lead: (loss: string) =>
    `Best first: smallest loss, the average distance outside the target (0 is best). ${loss.split(";")[0]!.replace(/\.$/, "")}.`,
  how_ranked: (loss: string, draws: number) =>
    `Each regimen is simulated in ${draws} versions of this patient that agree with the levels. ${loss}`,
  ranking: "Ranking regimens …",
  ranking_again: "Out of date: ranking regimens with the new input …",
  current: "Current",
  no_dose: "No dose",
  what_if: "What if",
  rank: (n: number) => `Rank ${n}`,
  below: "below",
  within: "in target",
  above: "above",
  chances: (below: string, within: string, above: string) => `${below} below, ${within} in, ${above} above the target`,
  error: (p: string) => `Monte-Carlo error of the probability in target: ${p}`,
  median: "median",
  peak: "Peak",
  trough: "Trough",
  loss: "Expected loss",
  loss_short: "Loss",
  daily: "Daily",
  change: "Change",
  compare: (label: string) => `Show ${label} on the figure`,
  compare_short: "Show",
  unreachable: "No regimen reaches the target in half of the cases. This list is the least bad, not a recommendation.",
  /** By the grade of the model, where it is not the highest. */
  graded: {
    "teaching only": "This model is for teaching only, not for dosing a patient; the basis says why.",
    "simulate only": "This model has not been shown to fit patients: do not dose by it; the basis says why.",
  } as Record<string, string>,
  tried: (n: number) => `How this was ranked: ${n} regimens tried.`,
  removed: (n: number) => `${n} left out by rules.`,
  own_low: "from",
  own_high: "to",
  source: (source: string) => `Source: ${source}`,
  own_source: "Source: limits typed by the user.",
  reset: "Use the model's limits",
  scenario: (label: string) => `worst if ${label}`,
  withheld: "No ranking is shown: see the cautions.",
  more: (n: number) => `Show ${n} more`,
  fewer: "Show fewer",
  smaller: (what: string) => `Smaller: ${what}`,
  larger: (what: string) => `Larger: ${what}`,
  what_if_lead: "Type any regimen; it is drawn and judged with the others.",
  ninety: "90 %",
};

export const metrics = {
  auc24: "AUC24",
  auc: "AUC",
  cmin: "Trough",
  cmax: "Peak",
  cavg: "Average",
  time_above: "Time above",
  value_at: "Value",
  nadir: "Nadir",
  nadir_time: "Time of nadir",
} as Record<string, string>;

export const what_if = { amt: "Amount", dur: "Infusion", ii: "Every" };

export const cautions = {
  title: "Cautions",
  none: "No caution for this result.",
  grades: { stop: "Stop", warn: "Warning", note: "Note" },
  why: "Why:",
  explained: {
    few_draws: "k-hat measures how evenly the simulated patients carry the result: below 0.7 is good, above 1 is poor.",
  } as Record<string, string>,
  what_to_do: "What to do:",
  accept: "I have considered this and accept it for this patient. It is printed.",
  accepted: "accepted by the user",
  message: "Input:",
};

export const report = {
  title: "Dosing report",
  regimens: "Regimens, best first",
  loss: "Loss: average distance outside the target; 0 is best.",
  no_ranking: "No ranking: it is not finished, or a caution stops it.",
  undrawn: (labels: string[]) => `Not drawn: ${list(labels)}. It was not computed yet when this was printed.`,
  regimen: "Regimen",
  next_sample: "Next sample",
  next_sample_text: (when: string) =>
    `A sample shortly before the dose due at ${when} would say most about the trough; record the exact draw time.`,
  inputs: "Inputs as used",
  cautions: "Cautions",
  basis: "Basis",
  made: "Printed",
  withheld: "No current result: the input has changed, is incomplete, or a caution stops the ranking.",
  parameters: "Parameters of this patient",
  differs: "Difference from a typical patient",
  doses: "Doses",
  levels: "Levels",
  model_line: (id: string, version: string, hash: string) => `${id} ${version}, hash ${hash}`,
};
