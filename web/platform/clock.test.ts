import { expect, test } from "vitest";
import { createClock } from "./clock.ts";

const SERVER = Date.UTC(2026, 10, 23, 15, 0, 0);
const HOUR = 3_600_000;

test("T1 a clock that runs ahead is set back to the server's, and goes on from there", () => {
  let local = SERVER + 26 * HOUR;
  const clock = createClock(() => local);
  expect(clock.now()).toBe(local);
  clock.heard(new Date(SERVER).toUTCString());
  expect(clock.now()).toBe(SERVER);
  local += 5_000;
  expect(clock.now()).toBe(SERVER + 5_000);
});

test("T1 once somebody has set the device's clock right, it counts again", () => {
  let local = SERVER + HOUR;
  const clock = createClock(() => local);
  clock.heard(new Date(SERVER).toUTCString());
  local = SERVER + 10_000;
  clock.heard(new Date(SERVER + 9_000).toUTCString());
  expect(clock.now()).toBe(local);
});

test("T1 no server can set it forward, and an answer that was slow or names no time changes nothing", () => {
  const clock = createClock(() => SERVER);
  for (const date of [SERVER + 30 * 24 * HOUR, SERVER - 30_000]) {
    clock.heard(new Date(date).toUTCString());
    expect(clock.now()).toBe(SERVER);
  }
  clock.heard(null);
  clock.heard("soon");
  expect(clock.now()).toBe(SERVER);
});

test("T1 a date of long ago sets it back by two days and no further, and then it has to be set", () => {
  const told: unknown[] = [];
  const clock = createClock(
    () => SERVER,
    (state) => told.push(state),
  );
  for (const date of [
    "Mon, 01 Jan 1900 00:00:00 GMT",
    new Date(SERVER - 49 * HOUR).toUTCString(),
  ]) {
    clock.heard(date);
    expect(clock.now()).toBe(SERVER - 48 * HOUR);
    expect(clock.state().isBeyond).toBe(true);
  }
  expect(told).toEqual([{ aheadBy: 48 * HOUR, isBeyond: true }]);
  clock.heard(new Date(SERVER - 47 * HOUR).toUTCString());
  expect(clock.now()).toBe(SERVER - 47 * HOUR);
  expect(clock.state().isBeyond).toBe(false);
  // Jitter is told to nobody.
  clock.heard(new Date(SERVER - 47 * HOUR + 20_000).toUTCString());
  clock.heard(new Date(SERVER).toUTCString());
  expect(told.slice(1)).toEqual([
    { aheadBy: 47 * HOUR, isBeyond: false },
    { aheadBy: 0, isBeyond: false },
  ]);
});

test("T1 E1 no time is before 1970 or between two milliseconds, or it could not be stored", () => {
  const clock = createClock(() => 1_000.5);
  expect(clock.now()).toBe(1_000);
  clock.heard("Mon, 01 Jan 1900 00:00:00 GMT");
  expect(clock.now()).toBe(0);
});
