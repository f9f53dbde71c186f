import { describe, expect, it } from "vitest";
import { dayLabel, duration, fullDate, isSameDay, listTime, timeOfDay } from "./dates.ts";

const at = (text: string): number => new Date(text).getTime();
const now = at("2026-11-18T15:00:00");

describe("times in a list", () => {
  it.each([
    ["2026-11-18T09:05:00", "09:05", "9:05"],
    ["2026-11-17T23:59:00", "Yesterday", "Ayer"],
    ["2026-11-15T12:00:00", "Sun", "dom"],
    ["2026-11-10T12:00:00", "10 Nov", "10 nov"],
    ["2025-11-10T12:00:00", "10 Nov 2025", "10 nov 2025"],
  ])("%s is short in both languages", (when, english, spanish) => {
    expect(listTime("en-GB", at(when), now)).toBe(english);
    expect(listTime("es-ES", at(when), now)).toBe(spanish);
  });

  it("follows the hours of the region", () => {
    expect(timeOfDay("en-US", at("2026-11-18T15:05:00"))).toMatch(/^3:05\sPM$/u);
  });

  it("does not call a clock that runs ahead a day in the future", () => {
    expect(listTime("en-GB", now + 60_000, now)).toBe("15:01");
  });
});

describe("days in the log", () => {
  it("names the near ones and dates the others", () => {
    expect(dayLabel("en-GB", now, now)).toBe("Today");
    expect(dayLabel("es", at("2026-11-17T01:00:00"), now)).toBe("Ayer");
    expect(dayLabel("es", at("2026-11-16T12:00:00"), now)).toBe("Lunes, 16 de noviembre");
    expect(dayLabel("en-GB", at("2025-11-16T12:00:00"), now)).toContain("2025");
  });

  it("counts days by the calendar, not by 24 hours", () => {
    expect(isSameDay(at("2026-11-18T00:01:00"), at("2026-11-18T23:59:00"))).toBe(true);
    expect(isSameDay(at("2026-11-17T23:59:00"), at("2026-11-18T00:01:00"))).toBe(false);
  });
});

it("writes dates and waits in words", () => {
  expect(fullDate("es", now)).toBe("18 de noviembre de 2026");
  expect(duration("en", 400)).toBe("1 second");
  expect(duration("es", 89_000)).toBe("89 segundos");
  expect(duration("en", 100_000)).toBe("2 minutes");
});
