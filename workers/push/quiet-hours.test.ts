import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pushPreferences, quietHours } from "../protocol/http/push.ts";
import { isQuietTime } from "./quiet-hours.ts";

const at = (time: string): number => Date.parse(time);
const minutes = (hours: number, rest = 0): number => hours * 60 + rest;
const night = { from: minutes(22), to: minutes(7), timeZone: "Europe/Madrid" };

describe("N1 quiet hours", () => {
  test("go past midnight, by the clock of their zone", () => {
    // Madrid is an hour ahead in winter.
    const quiet = (utc: string) => isQuietTime(night, at(utc));
    expect(quiet("2026-01-15T20:59:59Z")).toBe(false);
    expect(quiet("2026-01-15T21:00:00Z")).toBe(true);
    expect(quiet("2026-01-16T05:59:59Z")).toBe(true);
    expect(quiet("2026-01-16T06:00:00Z")).toBe(false);
  });

  test("begin and end by the clock on the wall when summer begins and ends in between", () => {
    const quiet = (utc: string) => isQuietTime(night, at(utc));
    // 29 March 2026: 02:00 becomes 03:00. The night has eight hours.
    expect(quiet("2026-03-28T20:59:00Z")).toBe(false);
    expect(quiet("2026-03-28T21:00:00Z")).toBe(true);
    expect(quiet("2026-03-29T04:59:00Z")).toBe(true);
    expect(quiet("2026-03-29T05:00:00Z")).toBe(false);
    // 25 October 2026: 03:00 becomes 02:00. The night has ten hours.
    expect(quiet("2026-10-24T19:59:00Z")).toBe(false);
    expect(quiet("2026-10-24T20:00:00Z")).toBe(true);
    expect(quiet("2026-10-25T05:59:00Z")).toBe(true);
    expect(quiet("2026-10-25T06:00:00Z")).toBe(false);
  });

  test("an hour that the clock skips is not there; one that comes twice is quiet twice", () => {
    const hour = { from: minutes(2), to: minutes(3), timeZone: "Europe/Madrid" };
    const minutesQuiet = (day: string) =>
      Array.from({ length: 24 * 60 }, (_, i) => at(`${day}T00:00:00Z`) + i * 60_000).filter(
        (time) => isQuietTime(hour, time),
      ).length;
    expect(minutesQuiet("2026-03-29")).toBe(0);
    expect(minutesQuiet("2026-10-25")).toBe(120);
    expect(minutesQuiet("2026-06-01")).toBe(60);
  });

  test("of some days are those that begin on them, the morning after included", () => {
    // 16 January 2026 is a Friday.
    const friday = { ...night, days: [5] };
    expect(isQuietTime(friday, at("2026-01-16T21:30:00Z"))).toBe(true);
    expect(isQuietTime(friday, at("2026-01-17T05:00:00Z"))).toBe(true);
    expect(isQuietTime(friday, at("2026-01-16T05:00:00Z"))).toBe(false);
    expect(isQuietTime(friday, at("2026-01-17T21:30:00Z"))).toBe(false);
    const sunday = { ...night, days: [7] };
    expect(isQuietTime(sunday, at("2026-01-19T05:00:00Z"))).toBe(true);
    const noon = { from: minutes(12), to: minutes(14), timeZone: "UTC", days: [1, 2] };
    expect(isQuietTime(noon, at("2026-01-19T13:00:00Z"))).toBe(true);
    expect(isQuietTime(noon, at("2026-01-21T13:00:00Z"))).toBe(false);
  });

  test("cover exactly their minutes on a day without a change of the clock, in any zone", () => {
    const zones = fc.constantFrom("UTC", "Asia/Kolkata", "Pacific/Chatham", "America/Bogota");
    const minute = fc.integer({ min: 0, max: 1439 });
    fc.assert(
      fc.property(minute, minute, zones, (from, to, timeZone) => {
        fc.pre(from !== to);
        // Three whole days of the zone, whichever it is.
        const times = Array.from(
          { length: 1440 },
          (_, i) => at("2026-06-10T00:00:00Z") + i * 60_000,
        );
        const quiet = times.filter((time) => isQuietTime({ from, to, timeZone }, time)).length;
        expect(quiet).toBe((to - from + 1440) % 1440);
      }),
      { numRuns: 8 },
    );
  });

  test("that say nothing, or nothing that is, are refused where they come in", () => {
    const taken = (change: object) => quietHours.safeParse({ ...night, ...change }).success;
    expect(taken({})).toBe(true);
    expect(taken({ days: [1, 2, 3, 4, 5, 6, 7] })).toBe(true);
    expect(taken({ from: 0, to: 1439 })).toBe(true);
    for (const change of [
      { timeZone: "Europe/Nowhere" },
      { timeZone: "" },
      { timeZone: "A".repeat(65) },
      { to: night.from },
      { from: 1440 },
      { from: -1 },
      { days: [] },
      { days: [8] },
      { days: [0] },
      { days: [1, 2, 3, 4, 5, 6, 7, 7] },
      { from: 0.5 },
    ]) {
      expect(taken(change), JSON.stringify(change)).toBe(false);
    }
    expect(pushPreferences.safeParse({ on: true, quietHours: null }).success).toBe(true);
  });
});
