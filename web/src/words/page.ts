/** The page around the case: what it is, its menus, what it is doing, and messages. */

export const page = {
  name: "Titrate",
  what: "Doses from a model, this patient's levels, and their uncertainty",
  intended: "Education, research and verification. Not a medical device. Fictitious patients only.",
  skip: "Skip to the patient",
  verify: "Verify against your protocol; the prescriber decides.",
  not_for:
    "Not a medical device; not CE-marked; not FDA-cleared. For education, research and model verification by health professionals. Not for emergencies, closed loops or patients.",
  licences: "Licences",
  update: "A newer version is ready",
  update_now: "Use it (open cases are kept only if saved)",
  nothing_leaves: "Nothing that you type leaves this page, and nothing is stored unless you save a file.",
};

export const header = {
  model: "Model",
  open_model: "Open model…",
  example: "Worked patient",
  example_none: "Load an invented patient…",
  new_case: "New",
  save: "Save file",
  open: "Open file…",
  print: "Print report",
  undo: "Undo",
  opened_model: (title: string) => `${title} (opened file)`,
  tools: "Case and report",
};

export const model_menu = {
  search: "Search: drug, author, class …",
  opened: "Opened files",
  unclassed: "Without a class",
  apart: "Teaching only or on hold: not for dosing a patient",
  none: (query: string) => `No model has “${query}” in its drug, author, class or title.`,
  count: (n: number) => `${n} ${n === 1 ? "model" : "models"}`,
};

export const status = {
  label: "Status",
  starting: "Starting the engine …",
  ready: "Ready. Enter a patient, or load an invented one.",
  first: "Ready. Enter a patient on the left, or load an invented one.",
  reading_model: (title: string) => `Reading the model: ${title} …`,
  model_read: (title: string) => `Model read: ${title}.`,
  waiting: "Waiting for complete input.",
  working: (what: string) => `Computing: ${what} …`,
  checking: "checking the input",
  fitting: "fit and forecast",
  ranking: "ranking regimens",
  comparing: "comparing regimens",
  print_waits: "The report is printed as soon as everything on it is computed …",
  cancel: "Cancel",
  cancelled: "Cancelled. Change an input or compute again.",
  again: "Compute again",
  to_regimens: "To the regimens",
  fitted: (levels: number) =>
    `${levels === 0 ? "Forecast without a level is ready" : `Fit with ${levels} ${levels === 1 ? "level" : "levels"} is ready`}; ranking regimens …`,
  finished: (seconds: string, levels: number) =>
    levels === 0
      ? `Finished in ${seconds} s: no level used, this is the a priori forecast.`
      : `Fit finished in ${seconds} s with ${levels} ${levels === 1 ? "level" : "levels"}.`,
  not_converged: (why: string) => `Not converged: ${why} Numbers that depend on the fit are withheld.`,
  stopped: "The engine stopped for an internal reason and was replaced. What you typed is kept.",
  engine_failed: (why: string) => `The engine could not start: ${why}`,
  failed: (count: number) => `The engine could not use the input: ${count} ${count === 1 ? "message" : "messages"}.`,
  stale_working: "Out of date: computing with the new input …",
  stale_input: "Out of date: the input has changed and cannot be computed yet.",
  stale_failed: "Out of date: the last computation did not finish.",
  no_result: "Results appear here when the input is complete.",
  saved: "File saved to your downloads.",
  opened: (name: string) => `Opened ${name}.`,
  open_failed: (name: string, why: string) => `Could not open ${name}: ${why}`,
  undone: "Undone.",
  loaded: (title: string) => `Loaded: ${title}`,
};

export const messages = {
  title: "Please check",
  count: (n: number) => `${n} ${n === 1 ? "entry needs" : "entries need"} attention`,
  engine: "Engine",
  needed: "Still needed",
};
