#!/usr/bin/env node
// `titrate VERB FILE...`: answers each request file with one line of JSON, by the engine of the page under Node.
//
// The verb of the command line is set in the request; a `model` that names a file of models/ ("vancomycin_goti2018") becomes that
// file. `titrate validate` takes model files, or folders of them, runs their checks and prints a line for each, and FILE:LINE:COLUMN
// for what is wrong. Ends with 1 when something is wrong, with 2 when a file cannot be read or the command line makes no sense.

import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { load } from "./node.mjs";

const usage =
  "usage: titrate compile | validate | simulate | population | fit | forecast | recommend FILE...\n       titrate version";

function stop(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

function read(file) {
  try {
    return file === "-" ? readFileSync(0, "utf8") : readFileSync(file, "utf8");
  } catch (error) {
    return stop(`titrate: ${error.message}`);
  }
}

/** The file of a model that is named by its id; text that names none stays what it is (a hash, or a mistake). */
function library(id) {
  const file = fileURLToPath(new URL(`../models/${id}.json`, import.meta.url));
  return /^[\w.-]+$/.test(id) && existsSync(file) ? readFileSync(file, "utf8") : null;
}

/** The request's text. Only what must change is written anew, so that a sound request reaches the engine byte for byte. */
function request(verb, text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return text; // the engine says what is wrong, and where
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) return text;
  const model = typeof value.model === "string" ? library(value.model) : null;
  if (model === null) return value.verb === verb ? text : JSON.stringify({ ...value, verb });
  const { model: _, verb: __, ...rest } = value;
  const members = Object.entries(rest).map(([key, member]) => `,${JSON.stringify(key)}:${JSON.stringify(member)}`);
  return `{"verb":${JSON.stringify(verb)},"model":${model.trim()}${members.join("")}}`;
}

/** Model files: those named, and those of the folders named. */
function modelFiles(names) {
  return names.flatMap((name) => {
    if (!existsSync(name)) return stop(`titrate: there is no ${name}`);
    if (!statSync(name).isDirectory()) return [name];
    const inside = readdirSync(name).filter((file) => file.endsWith(".json") && file !== "schema.json");
    return inside.sort().map((file) => join(name, file));
  });
}

const [verb, ...files] = process.argv.slice(2);
if (verb === "version" && files.length === 0) {
  console.log((await load()).version());
  process.exit(0);
}
if (verb === undefined || files.length === 0) stop(usage);

const engine = await load();
let wrong = false;

const envelope = '{"verb":"validate","model":';

/** Lines are those of the file; only the first is moved, by what stands before the model in the request. */
function validate(file) {
  const { ok, diagnostics, result } = JSON.parse(engine.call(`${envelope}${read(file)}}`));
  for (const { severity, line, column, message, hint } of diagnostics) {
    const place = `${line}:${line === 1 ? Math.max(1, column - envelope.length) : column}`;
    process.stderr.write(`${file}:${place}: ${severity}: ${[message, hint].filter(Boolean).join(" ")}\n`);
  }
  const checks = ok ? result.worked_cases : [];
  for (const { label, check, got, expected, unit } of checks.filter((check) => !check.ok))
    process.stderr.write(`${file}: error: ${label}, ${check}: ${got} ${unit}, expected ${expected}.\n`);
  if (!ok || checks.some((check) => !check.ok)) {
    wrong = true;
    console.log(`${file}: wrong`);
    return;
  }
  const worst = Math.max(0, ...checks.map(({ relative, tolerance }) => relative / tolerance));
  const passed = result.population_checks.filter((check) => check.ok).length;
  console.log(
    `${file}: ${checks.length} numbers, worst error ${worst.toPrecision(2)} of its tolerance; ` +
      `${passed} of ${result.population_checks.length} population checks passed; ${result.grade.word}`,
  );
}

function answer(file) {
  const response = engine.call(request(verb, read(file)));
  process.stdout.write(`${response}\n`);
  const { ok, diagnostics = [] } = JSON.parse(response);
  if (ok) return;
  wrong = true;
  for (const { path, message } of diagnostics.filter(({ severity }) => severity === "error"))
    process.stderr.write(`${file}: ${path}: ${message}\n`);
}

if (verb === "validate") modelFiles(files).forEach(validate);
else files.forEach(answer);
process.exitCode = wrong ? 1 : 0;
