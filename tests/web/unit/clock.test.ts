import { describe, expect, test } from "vitest";
import { clock_text, clock_with_zone, hours_between, instants_of, read_clock, zone_exists } from "../../../web/src/case/clock";

const berlin = "Europe/Berlin";

function read(text: string, zone = berlin, above?: string) {
  const first = above === undefined ? undefined : read_clock(above, zone);
  return read_clock(text, zone, first?.ok ? first.instant : undefined);
}
function epoch(text: string, zone = berlin, above?: string): number {
  const reading = read(text, zone, above);
  if (!reading.ok) throw new Error(reading.message);
  return reading.instant.epoch;
}
function hours(from: string, to: string, zone = berlin): number {
  return hours_between({ epoch: epoch(from, zone) }, { epoch: epoch(to, zone) });
}

describe("clock times", () => {
  test("a date and a time are local wall time in the zone", () => {
    expect(new Date(epoch("2026-03-01 08:00")).toISOString()).toBe("2026-03-01T07:00:00.000Z");
    expect(new Date(epoch("2026-07-01 08:00")).toISOString()).toBe("2026-07-01T06:00:00.000Z");
    expect(epoch("01.03.2026 08:00")).toBe(epoch("2026-03-01 08:00"));
    expect(epoch("2026-03-01T08:00")).toBe(epoch("2026-03-01 08:00"));
  });

  test("an hour alone means the day of the row above, and a person is asked when that is earlier", () => {
    expect(epoch("08:00", berlin, "2026-03-02 06:00")).toBe(epoch("2026-03-02 08:00"));
    const earlier = read("08:00", berlin, "2026-03-02 20:00");
    expect(earlier.ok && earlier.warning).toMatch(/next day/);
    expect(read("08:00").ok).toBe(false);
  });

  test("24:00, ambiguous dates, days that do not exist and nonsense are refused with a hint", () => {
    for (const text of ["2026-03-01 24:00", "24:00", "03/04/2026 08:00", "2026-02-30 08:00", "2026-03-01 08:60", "soon", ""]) {
      const reading = read(text, berlin, "2026-03-01 07:00");
      expect(reading.ok, text).toBe(false);
      if (!reading.ok) expect(reading.hint.length).toBeGreaterThan(5);
    }
    const refused = read("2026-03-01 24:00");
    expect(!refused.ok && refused.hint).toContain("00:00 of the next day");
  });

  test("a relative time counts elapsed hours from the row above", () => {
    expect(epoch("+12h", berlin, "2026-03-01 08:00")).toBe(epoch("2026-03-01 20:00"));
    expect(epoch("+1d 2h", berlin, "2026-03-01 08:00")).toBe(epoch("2026-03-02 10:00"));
    expect(epoch("+1,5h", berlin, "2026-03-01 08:00")).toBe(epoch("2026-03-01 09:30"));
    expect(epoch("+30min", berlin, "2026-03-01 08:00")).toBe(epoch("2026-03-01 08:30"));
    expect(read("+12", berlin, "2026-03-01 08:00").ok).toBe(false);
    expect(read("+12h").ok).toBe(false);
  });

  test("a night in which the clocks change has 9 or 11 hours", () => {
    expect(hours("2026-03-28 22:00", "2026-03-29 08:00")).toBe(9);
    expect(hours("2026-10-24 22:00", "2026-10-25 08:00")).toBe(11);
    expect(hours("2026-03-28 22:00", "2026-03-29 08:00", "UTC")).toBe(10);
    expect(hours("2026-03-07 22:00", "2026-03-08 08:00", "America/New_York")).toBe(9);
    expect(hours("2026-04-04 22:00", "2026-04-05 08:00", "Australia/Lord_Howe")).toBe(10.5);
  });

  test("a missing hour and a repeated hour are said, and the second one can be named", () => {
    const missing = read("2026-03-29 02:30");
    expect(missing.ok && missing.warning).toMatch(/does not exist/);
    const repeated = read("2026-10-25 02:30");
    expect(repeated.ok && repeated.warning).toMatch(/twice/);
    expect(hours("2026-10-25 02:30", "2026-10-25 02:30 second")).toBe(1);
    expect(instants_of({ year: 2026, month: 3, day: 29, hour: 2, minute: 30 }, berlin)).toEqual([]);
    expect(instants_of({ year: 2026, month: 10, day: 25, hour: 2, minute: 30 }, berlin)).toHaveLength(2);
  });

  test("what is written back is what was read, with the zone on request", () => {
    expect(clock_text(epoch("2026-10-25 01:30"), berlin)).toBe("2026-10-25 01:30");
    expect(clock_with_zone(epoch("2026-07-01 08:00"), berlin)).toBe("2026-07-01 08:00 (Europe/Berlin, UTC+2)");
    expect(zone_exists("Europe/Nowhere")).toBe(false);
  });
});
