import { expect, it } from "vitest";
import { upcoming } from "./upcoming.ts";

it("says the time today, the weekday within a week, else the date", () => {
  const now = new Date(2026, 10, 23, 13, 0).getTime();
  const at = (day: number, hour: number): number => new Date(2026, 10, day, hour).getTime();
  expect(upcoming("en-GB", at(23, 14), now)).toBe("14:00");
  expect(upcoming("en-GB", at(24, 8), now)).toMatch(/^Tue,? 08:00$/);
  expect(upcoming("en-GB", at(30, 13), now)).toMatch(/^30 Nov,? 13:00$/);
  expect(upcoming("es-ES", at(24, 8), now)).toMatch(/^mar,? 8:00$/);
});
