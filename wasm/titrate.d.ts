/**
 * The door: one call, JSON in, JSON out. `call` never throws and keeps no visible state: the same request gives the same bytes.
 *
 * Quantities are text with a unit ("1000 mg", "11.5 h", "12.3 mg/L", "62 mL/min"); a covariate with choices takes its word
 * ("yes"). Times count from an origin that the caller chooses; clock dates stay with the caller. A missing unit is an error.
 */

export type Quantity = string;

export interface Request {
  verb: "compile" | "validate" | "simulate" | "population" | "fit" | "forecast" | "recommend";
  /** The model file's content, or the hash that an earlier response gave. */
  model: object | string;
  patient?: Patient;
  settings?: Settings;
  /** simulate */
  eta?: Record<string, number>;
  times?: Times;
  /** population: patients drawn from the model's variability and from stated covariates; of the settings it takes the seed (default 1). */
  population?: PopulationRequest;
  /** forecast: what is given from `now` on; several can be compared. Without it the current regimen goes on. */
  regimens?: Regimen[];
  /** forecast, recommend: how far after `now`. */
  horizon?: Quantity;
  /** recommend, forecast: id of a target of the model, or one of the user's own. Default: the model's first. */
  target?: string | CustomTarget;
  /** recommend: replaces the product's grid where given. */
  candidates?: { doses?: Quantity[]; intervals?: Quantity[]; durations?: Quantity[]; route?: string };
  /** Acceptance by a person that the model did not study this kind of patient (id of the caution). */
  accepted?: string[];
}

export type Times = Quantity[] | { from: Quantity; to: Quantity; every: Quantity };

/** What a covariate is drawn from: log-normal (by median and CV, or by mean and SD) or even, in its unit and within limits, which
 *  are the range that the model studied where none are stated; or shares of its words, or of alleles, that sum to 1. Alleles become
 *  diplotypes by Hardy and Weinberg and words as the model takes them. */
export type Distribution =
  | { median: number; cv: Quantity; within?: [number, number] }
  | { mean: number; sd: number; within?: [number, number] }
  | { even: [number, number] }
  | { alleles: Record<string, number> }
  | Record<string, number>;

/** By covariate (or "bmi", in kg/m2): one of some words, or a range in its unit, without the upper end. */
export type Conditions = Record<string, string | string[] | { at_least?: Quantity | number; below?: Quantity | number }>;

/** In the language of a model file's population checks (models/README.md). A covariate that is neither given nor sampled is drawn as
 *  the model file says of its population, else by the frequencies that it states for an unknown one; else it is missing. */
export interface PopulationRequest {
  /** What all have in common. */
  covariates?: Record<string, Quantity | number>;
  /** Drawn for each patient; `by` another covariate, one distribution for each of its words. Computed covariates are never drawn. */
  sampled?: Record<string, Distribution | ({ by: string } & Record<string, Distribution | string>)>;
  /** Of the normal numbers behind the draws: of the logarithms of two log-normal covariates. */
  correlations?: { between: [string, string]; correlation: number }[];
  /** Who does not fulfil it is drawn again. */
  where?: Conditions;
  /** Who lies outside what the model studied is drawn again (default) or kept. */
  outside_studied?: "redraw" | "keep";
  inputs?: Patient["inputs"];
  dialysis?: Patient["dialysis"];
  co_medication?: Patient["co_medication"];
  /** Effects that are not drawn. */
  eta?: Record<string, number>;
  /** "1000 mg over 1 h every 12 h, 5 doses"; times count from the first. */
  regimen?: string | string[];
  /** Doses are amounts per unit of this covariate: "15 mg" and "WT" in kg. */
  per?: string;
  /** In the place of the two: up to 12, each in the same patients. */
  regimens?: { label?: string; regimen?: string | string[]; per?: string }[];
  /** 1 to 5000; default 300. */
  patients?: number;
  /** An output, or an individual parameter. */
  of: string;
  /** When the output is read: "12 h", "min 0 to 21 days", "auc 24 to 48 h". Predictions, without residual error. */
  each?: string;
  /** Limits of the shares. */
  at_least?: Quantity | number;
  at_most?: Quantity | number;
  /** Parts of the population that are counted by themselves. */
  subgroups?: { label: string; where: Conditions }[];
  /** The course of the output over time, at up to 500 times. */
  times?: { from: Quantity; to: Quantity; every: Quantity };
}

export interface Patient {
  /** One value, or values over time. "unknown" (or left out) where the model states the frequencies of the choices: the fit then
   *  averages over them. A class of a mixture may be stated when it is known. */
  covariates: Record<string, Quantity | number | { time: Quantity; value: Quantity | number }[]>;
  /** Diplotypes by gene ("CYP2C9": "*1/*3", "VKORC1": "-1639 G/A"). A model that was estimated with the gene takes its covariate from
   *  it where the covariate is not stated; for every other model it is advice. Inhibitors of CYP2D6 are drugs of the engine's table,
   *  or "strong", "moderate". */
  genotypes?: Partial<Record<GeneName, string | { diplotype: string; inhibitors?: string[] }>>;
  /** What the model calls its inputs, piece by piece; at rest otherwise. Without `to` a piece lasts until further notice. */
  inputs?: Record<string, { from: Quantity; to?: Quantity; value: Quantity | number }[]>;
  /** Sessions: the modality's clearance, or one of their own; a continuous modality takes its effluent and may have no length. */
  dialysis?: { start: Quantity; length?: Quantity; modality?: string; clearance?: Quantity; effluent?: Quantity }[];
  /** Drugs that the model computes, and those of the engine's table of interactions, which give a caution and no number; without
   *  `stop` until further notice. */
  co_medication?: { drug: string; start: Quantity; stop?: Quantity }[];
  doses: Dose[];
  observations: Observation[];
  /** The end of history: fit uses what lies before, forecast starts here. Default: the last record. */
  now?: Quantity;
  /** What a patient who arrives treated may still hold at the first record, from doses that nobody knows: each is amount * exp(effect),
   *  the effect normal with variance ln(1 + cv^2). */
  initial_amounts?: { state: string; amount: Quantity; cv: Quantity | number }[];
  /** What is planned now; default: the last dose and its interval go on. */
  current?: Regimen;
}

export type GeneName = "CYP2D6" | "CYP2C9" | "CYP2C19" | "CYP3A4" | "CYP3A5" | "VKORC1" | "TPMT" | "NUDT15" | "DPYD" | "UGT1A1";

export interface Dose {
  time: Quantity;
  amt: Quantity;
  /** One of the two for an infusion, none for a bolus or an oral dose. */
  dur?: Quantity;
  rate?: Quantity;
  /** At least a minute. */
  ii?: Quantity;
  addl?: number;
  /** 1: at steady state, replacing what was before; 2: steady state added. */
  ss?: 0 | 1 | 2;
  route?: string;
  /** Default "yes". "no": missed, it is only shown. A probability (0.7, "70 %"): the fit averages over both. Not with addl or ss. */
  taken?: "yes" | "no" | number | string;
}

export interface Observation {
  time: Quantity;
  /** One of the three: the level, or that it lies below or above a limit of quantification ("<0.5 mg/L" is below: "0.5 mg/L"). */
  dv?: Quantity;
  below?: Quantity;
  above?: Quantity;
  output?: string;
  assay?: string;
  /** Why the level is not used; it is still shown. */
  excluded?: string;
  /** true: the sample was taken after the dose given at the same time. */
  after_dose?: boolean;
  /** Standard error of the time of the draw, where it is not known well: "15 min". */
  time_error?: Quantity;
}

export interface Regimen {
  /** "0 mg": no dose. */
  amt: Quantity;
  dur?: Quantity;
  /** Absent only when doses is 1. */
  ii?: Quantity;
  route?: string;
  /** Default: when the next dose is due. */
  start?: Quantity;
  /** Number of doses; default: until the horizon. */
  doses?: number;
}

export interface Settings {
  seed?: number;
  draws?: number;
  starts?: number;
  /** Relative tolerance of stepping solvers. */
  rtol?: number;
  method?: "importance" | "laplace";
  /**
   * lambda, 0.001 to 10, default 1: multiplies eta' Omega^-1 eta itself, as if the variances between patients were Omega / lambda.
   * (Tools that weigh standard deviations square it: their 0.3 is 0.09 here.) Without a level it plays no part.
   */
  prior_weight?: number;
  solver?: "automatic" | "exact" | "dopri5" | "rosenbrock";
}

export interface CustomTarget {
  metric: Metric;
  of: string;
  during: string;
  low?: Quantity;
  high?: Quantity;
  limit?: Quantity;
  weight_low?: number;
  weight_high?: number;
}

export type Metric = "auc24" | "auc" | "cmin" | "cmax" | "cavg" | "time_above" | "value_at" | "nadir" | "nadir_time";

// ---------------------------------------------------------------------------------------------------------------- responses

export interface Response {
  ok: boolean;
  verb: string;
  engine: string;
  model?: { id: string; version: string; hash: string };
  /** Everything wrong with, or worth saying about, the input. `path` is a JSON pointer into the request. */
  diagnostics: Diagnostic[];
  /** Clinical doubt about the result. */
  cautions: Caution[];
  /** Of the request, also where nothing could be computed. */
  genotypes?: GenotypeRead[];
  result?: Card | Validation | Simulation | VirtualPopulation | Fit | Forecast | Recommendation;
}

export interface Diagnostic {
  code: string;
  severity: "note" | "warning" | "error";
  path: string;
  span?: [number, number];
  /** In the text of the request, from 1, where a model file is validated or the text is no JSON. Columns count bytes. */
  line?: number;
  column?: number;
  message: string;
  hint: string;
}

export interface GenotypeRead {
  gene: GeneName;
  written: string;
  /** In one spelling and order. */
  diplotype: string;
  /** Both chromosomes; `function` is absent where it is not covered. */
  haplotypes: { text: string; function?: string; activity?: number }[];
  /** Alleles to which the rules assign no function: never taken for *1. */
  not_covered: string[];
  /** Activity score, for genes that have one. */
  score?: number;
  phenotype: string;
  phenoconversion?: { inhibitors: string[]; factor: number; score: number; phenotype: string; source: string };
  /** Name and version of the rule set. */
  rules: string;
  source: string;
  remarks: string[];
  /** Covariates of the model that come from this gene; none: the genotype is advice. `offered`: the value after phenoconversion,
   *  used only when it is stated as the covariate. */
  uses: { covariate: string; used: boolean; value?: number | string; offered?: number | string; why?: string }[];
  words: string;
}

export interface Caution {
  /** Stable name: outside_studied, misfit, prior_and_data, few_draws, trough_during_infusion, before_steady_state, doses_missing,
   *  unknown_covariate, uncertain_doses, unstable_renal ... */
  id: string;
  grade: "stop" | "warn" | "note";
  message: string;
  why: string;
  what_to_do: string;
  /** Where in the request, when there is a place. */
  path?: string;
  /** 'stop' that a person may accept by naming it in `accepted`. */
  acceptable?: boolean;
}

/** A number with its unit; quantiles of a metric over the posterior. */
export interface Spread {
  unit: string;
  median: number;
  p5: number;
  p25: number;
  p75: number;
  p95: number;
}

/** compile */
export interface Card {
  id: string;
  version: string;
  title: string;
  drug: string;
  /** Where a clinician looks for it, from wide to narrow: "drug monitoring", "antibiotics and antifungals". */
  class: string[];
  citation: string;
  doi: string;
  about: string;
  grade: ModelGrade;
  structure: string;
  /** Unit of the times in results, of the products' intervals and durations. */
  time_unit: string;
  solver: "exact" | "automatic" | "dopri5" | "rosenbrock";
  covariates: {
    name: string;
    label: string;
    unit: string;
    studied?: [number, number];
    plausible?: [number, number];
    /** Values beyond these are replaced by them. */
    at_least?: number;
    at_most?: number;
    choices?: string[];
    over_time: string;
    continues: string;
    /** Computed from these when it is not given. */
    from?: string;
    needs?: string[];
    when_unknown?: number;
    /** Of the choices, in their order; an unknown covariate is averaged over them. */
    frequencies?: number[];
    frequencies_read?: string;
    /** A class of a mixture: nobody is asked for it. */
    hidden?: true;
    note: string;
  }[];
  /** What the file says of its own population, for virtual patients: in words, and where it was read. */
  sampled?: { name: string; words: string; read: string }[];
  /** Covariates that the patient's genotype gives: which value stands for what the source studied. */
  genotypes: {
    covariate: string;
    gene: GeneName;
    by: "diplotype" | "phenotype" | "activity score";
    values: { genotype: string; value: string }[];
    alleles?: string[];
    read: string;
  }[];
  inputs: { name: string; label: string; unit: string; resting: number; plausible?: [number, number]; note: string }[];
  /** Absent: the model knows nothing of sessions. */
  dialysis?: {
    input: string;
    unit: string;
    modalities: { name: string; label: string; clearance?: number; of_effluent?: number; read: string }[];
  };
  co_medication: { drug: string; label: string; input: string; value: number; unit: string; read: string }[];
  /** Other drugs that change the exposure to this one and that the model does not compute; ratios are with to without. */
  interactions: { drug: string; exposure: "rises" | "falls"; effect: string; source: string }[];
  /** `uncertainty`: "RSE 12 %", in the words of the source; empty where what was read says nothing. */
  parameters: {
    name: string;
    label: string;
    value: number;
    unit: string;
    uncertainty: string;
    read: string;
    assumed: boolean;
  }[];
  random_effects: {
    name: string;
    variance: number;
    sd: number;
    written: string;
    uncertainty: string;
    read: string;
    assumed: boolean;
  }[];
  /** Variability from occasion to occasion; `on`: the parameter that exp(kappa) multiplies. */
  occasion_effects: {
    name: string;
    on: string;
    occasion: string;
    variance: number;
    sd: number;
    written: string;
    uncertainty: string;
    read: string;
    assumed: boolean;
  }[];
  correlations: { between: [string, string]; correlation: number; uncertainty: string; read: string }[];
  individual: { name: string; text: string; unit: string }[];
  equations: { state: string; initial: string; derivative: string; unit: string }[];
  /** What happens by itself: when a comparison becomes true, or every so many hours. */
  events: { name: string; when?: string; every?: string; sets: { state: string; value: string }[] }[];
  derived: { name: string; text: string; unit: string }[];
  outputs: {
    name: string;
    label: string;
    unit: string;
    matrix: string;
    value: string;
    /** A level of the drug itself; everything else is an endpoint. */
    drug_level: boolean;
    /** Limits of quantification in the model's source. */
    lloq?: number;
    uloq?: number;
    residuals: { assay: string; written: string; uncertainty: string; read: string }[];
    /** How the errors of its levels are correlated, in words. */
    correlations?: string[];
  }[];
  routes: {
    name: string;
    label: string;
    unit: string;
    into: string[];
    /** How a dose enters each state, in the model language; profile is a density in tad. */
    entries: {
      state: string;
      bioavailability: string;
      lag: string;
      sets_to?: string;
      duration?: string;
      rate?: string;
      profile?: string;
    }[];
    bolus: boolean;
    infusion: boolean;
  }[];
  targets: TargetCard[];
  products: {
    name: string;
    route: string;
    unit: string;
    step: number;
    smallest: number;
    largest: number;
    intervals: number[];
    durations: number[];
    per_area: boolean;
    /** Considered only where the patient's covariate is this choice. */
    only_with?: { covariate: string; choice: string };
    source: string;
  }[];
  rules: { kind: string; message: string; source: string }[];
  /** Status: studied, not studied, excluded; not stated, of the usual groups that the source is silent about. */
  serves: { who: string; status: string; note: string }[];
  caveats: string[];
  assumptions: string[];
  notes: { title: string; text: string }[];
  worked_cases: { label: string; checks: number }[];
  /** Numbers in the unit of the output or parameter, shares as fractions. */
  population_checks: {
    label: string;
    of: string;
    statistic: string;
    patients: number;
    /** Doses, what all have in common, how the rest was drawn: in words. */
    simulated: string;
    published: number;
    accepted: [number, number];
    /** What the recorded run of this very file found; absent when there is none. */
    got?: number;
    ok?: boolean;
    source: string;
    recalled: boolean;
    why: string;
  }[];
}

/** Derived, never stated: from the definition, and from the recorded results of the checks of this very file. */
export interface ModelGrade {
  word: "fits a patient" | "simulate only" | "teaching only";
  /** Sentences, what decides first. */
  because: string[];
}

export interface TargetCard {
  id: string;
  label: string;
  metric: Metric;
  of: string;
  during: string;
  unit: string;
  low?: number;
  high?: number;
  limit?: number;
  weight_low: number;
  weight_high: number;
  source: string;
}

/**
 * validate. Without a patient the model's worked cases are computed and compared; with one, the values that would be used are listed,
 * and everything worth saying about them stands in `diagnostics` and `cautions`.
 */
export interface Validation {
  worked_cases?: {
    label: string;
    check: string;
    expected: number;
    got: number;
    unit: string;
    relative: number;
    tolerance: number;
    ok: boolean;
  }[];
  /** Computed anew, as the worked cases are. */
  population_checks?: { label: string; got: number; published: number; accepted: [number, number]; ok: boolean }[];
  /** By these results. */
  grade?: ModelGrade;
  /** Covariates as used after `at` (in the model's time unit), in their units; a choice carries its word. */
  covariates?: {
    name: string;
    label: string;
    unit: string;
    /** Absent when it is unknown. */
    value?: number;
    word?: string;
    source: "given" | "genotype" | "computed" | "assumed_unknown" | "unknown";
  }[];
  now?: number;
  time_unit?: string;
}

/** simulate: columns over `time` (in the model's time unit). */
export interface Simulation {
  time: number[];
  time_unit: string;
  outputs: Record<string, { unit: string; value: number[]; auc: number[] }>;
  parameters: { name: string; value: number; unit: string }[];
  eta: Record<string, number>;
}

/** population: numbers in `unit`; an area has the output's unit times the model's unit of time. */
export interface VirtualPopulation {
  of: string;
  unit: string;
  patients: number;
  /** Draws of covariates that it took, and patients per draw: the rest lay outside `where` or what the model studied. */
  draws: number;
  acceptance: number;
  /** As drawn: percentiles in `unit`, or shares of the words. `model_file`: as its population or its frequencies say, `read` there. */
  covariates: {
    name: string;
    label: string;
    unit: string;
    source: "sampled" | "model_file" | "given" | "computed" | "assumed_unknown";
    read?: string;
    p5?: number;
    p50?: number;
    p95?: number;
    shares?: Record<string, number>;
  }[];
  /** Where a course was asked for. */
  time?: number[];
  time_unit?: string;
  course_unit?: string;
  /** The groups are everybody ("all"), then the subgroups in their order. */
  regimens: { label: string; groups: VirtualGroup[] }[];
}

/** Numbers are absent where it holds nobody. */
export interface VirtualGroup {
  label: string;
  patients: number;
  mean?: number;
  percentiles?: { p5: number; p10: number; p25: number; p50: number; p75: number; p90: number; p95: number };
  /** Where limits are stated: shares of the patients below, within and above them; `error` is the Monte-Carlo standard error of
   *  `within`, sqrt(p (1 - p) / patients), and where nobody or everybody lies within, the 95 % bound 1 - 0.05^(1/patients). */
  shares?: { at_least?: number; at_most?: number; below: number; within: number; above: number; error: number };
  /** Columns beside `time`, in `course_unit`. */
  course?: { p5: number[]; p25: number[]; p50: number[]; p75: number[]; p95: number[] };
}

export interface Fit {
  /** converged | no_data | not_converged; numbers that depend on the mode are absent when it did not converge. */
  status: "converged" | "no_data" | "not_converged";
  message: string;
  prior_weight?: number;
  ofv?: number;
  /** OFV + ln det Omega - ln det C, NONMEM's individual objective; Omega / prior_weight where that is not 1. */
  objective?: number;
  /** `label` names the parameter that it moves, where there is one: "peripheral volume (eta_V2)". */
  eta?: { name: string; label: string; value: number; sd: number; in_omega_sd: number; posterior_over_prior_sd: number }[];
  /** What the levels tell, against the prior: how many directions of so many effects they narrow by a tenth or more, how unevenly
   *  (ratio of the largest to the smallest gain), which effects keep the population's value, which are only told in combination. */
  information?: {
    rank: number;
    of: number;
    condition: number;
    not_informed: string[];
    together: { a: string; b: string; correlation: number }[];
    words: string;
  };
  /** A model that varies between occasions: where each begins. 0: none, its kappas are zero; to_come: the prior holds. */
  occasions?: { from: number; number: number; to_come: boolean }[];
  /** First-order covariance with interaction (NONMEM's ETC) and the exact-Hessian one; rows by eta. */
  covariance?: number[][];
  hessian_covariance?: number[][];
  gradient_norm?: number;
  starts?: { tried: number; converged: number; other_optima: number };
  parameters?: { name: string; label: string; unit: string; population: number; a_priori: number; individual: number }[];
  levels: {
    index: number;
    time: number;
    output: string;
    unit: string;
    /** The level; for one that lies below or above a limit, the limit. */
    dv: number;
    censored?: "below" | "above";
    used: boolean;
    why: string;
    /** Standard error of the time, as stated; the estimated shift stands among `eta`, in h. */
    time_error?: number;
    a_priori: number;
    /** Absent when the fit did not converge. */
    individual?: number;
    /** Residual in SD at the individual prediction (for a t distribution, in SD of a normal one with the same tail); a censored level has the probability of what was seen instead. */
    residual_sd?: number;
    probability?: number;
    /** Percentile of the level, or of its limit, under the a priori prediction with residual error, and what it says. */
    percentile?: number;
    words: string;
    remarks: string[];
  }[];
  sample?: { method: string; draws: number; ess: number; pareto_k?: number; seed: number };
  /** As stated, and at the mode. */
  initial_amounts?: { state: string; unit: string; stated: number; individual: number }[];
  /** What is not known of the patient, each with the probabilities of its choices before and after the levels. Absent when all is
   *  known; else `eta`, `covariance`, `ofv` and the individual numbers belong to the most probable variant, a_priori to the one that
   *  is most frequent, and everything about the future averages over all. */
  unknown?: {
    kind: "covariate" | "subpopulation" | "dose";
    /** Of the covariate; empty for a dose. */
    name: string;
    label: string;
    path: string;
    choices: { word: string; prior_probability: number; probability: number }[];
  }[];
  /** All combinations of what is not known. */
  variants?: { label: string; prior_probability: number; probability: number }[];
  solver: "exact" | "automatic" | "dopri5" | "rosenbrock";
}

export interface Bands {
  median: number[];
  p5: number[];
  p25: number[];
  p75: number[];
  p95: number[];
  /** The 50 % and 90 % bands with residual error as well: what the next measurement would show. The error is that of the last
   *  level's assay. Empty columns without an error model. */
  with_residual: { p5: number[]; p25: number[]; p75: number[]; p95: number[] };
}

export interface Forecast {
  fit: Fit;
  time: number[];
  time_unit: string;
  now: number;
  /** Per output: this patient before any level (a priori), and with the levels (a posteriori), in history and under regimens. */
  outputs: Record<string, { unit: string; label: string; population: number[]; a_priori: Bands; history: Bands; mode: number[] }>;
  regimens: {
    label: string;
    /** Absent: no dose. */
    regimen?: Regimen;
    /** Over `time` from `now` on: the last entries of the column. */
    outputs: Record<string, Bands>;
    doses: { time: number; amt: number; dur: number; unit: string }[];
    metrics: (Spread & { metric: string; of: string; during: string; label: string })[];
    target?: Chances;
    cautions: string[];
    /** Id of the future that was assumed for a covariate that is changing now. */
    scenario?: string;
  }[];
  /** As given; `taken` where it is below 1, 0 for a missed one. */
  doses: { time: number; amt: number; dur: number; unit: string; taken?: number }[];
  covariates: { name: string; unit: string; time: number[]; value: number[] }[];
  target?: TargetCard;
}

export interface Chances {
  loss: number;
  /** Monte-Carlo error of the loss. */
  loss_error: number;
  p_below: number;
  p_in: number;
  p_above: number;
  /** Monte-Carlo error of p_in; at 0 or 1 the exact 95 % bound. */
  p_error: number;
}

export interface Candidate extends Chances {
  /** "1000 mg over 1 h every 12 h" */
  label: string;
  /** 'hold': the current regimen with its next dose left out; the target's window counts from when that dose was due. */
  kind: "current" | "hold" | "regimen" | "no_dose";
  regimen?: Regimen;
  metric: Spread;
  /** Peak and trough of the target's output in the window, or the nadir. */
  peak: Spread;
  trough: Spread;
  daily: { value: number; unit: string };
  change: string;
  /** Worst scenario's name when renal function is unstable. */
  worst?: string;
  /** From the planned start until 90 % of the steady state, where that matters. */
  time_to_90?: Quantity;
  remarks: string[];
}

export interface Recommendation {
  fit: Fit;
  target: TargetCard;
  /** a sentence about what the loss means: "too high costs as much as too low". */
  loss: string;
  current?: Candidate;
  ranked: Candidate[];
  /** false: no candidate reaches the target in half of the draws; the ranking is then a list of the least bad. */
  reachable: boolean;
  /** What to say about reachability; may be empty. */
  message: string;
  tried: number;
  removed: { label: string; why: string }[];
  scenarios?: {
    id: "hold" | "continue" | "recover";
    label: string;
    covariate: string;
    unit: string;
    time: number[];
    value: number[];
  }[];
  sample: { draws: number; ess: number };
}
