/**
 * The engine counts hours from an origin that only the page knows; a person reads clock times. Only what is surely a time of the
 * record is replaced: hours in a model's own rules ("at 42 h after the start") are left as they are.
 */

import type { Patient } from "../../../wasm/titrate";
import { clock_text } from "./clock";

const HOUR = 3_600_000;

/** A message about the record at this pointer: "The level at 23.5 h ...", "... after now (36 h)". */
export function on_the_clock(message: string, path: string, patient: Patient, origin: number, zone: string): string {
  // The engine's hours are rounded, clock times are whole minutes.
  const minute = (epoch: number) => Math.round(epoch / 60_000) * 60_000;
  const clock = (hours: string) => clock_text(minute(origin + Number.parseFloat(hours) * HOUR), zone);
  const index = /^\/patient\/observations\/(\d+)/.exec(path)?.[1];
  const level = index === undefined ? undefined : patient.observations[Number(index)];
  const said = message.replace(/\bnow \((-?[\d.]+ h)\)/, (_, hours: string) => `now (${clock(hours)})`);
  if (!path.startsWith("/patient/")) return said;
  // The message about a level rounds; the record has the time itself.
  return said.replace(/\bat (-?[\d.]+ h)\b/, (_, hours: string) => `at ${clock(level?.time ?? hours)}`);
}
