import { expect, test } from "vitest";
import { type Ringing, mayRing } from "./may-ring.ts";

const NOON = Date.parse("2026-01-15T12:00:00Z");
const rings: Ringing = {
  preferences: { on: true, quietHours: null },
  isMuted: false,
  isShown: false,
  unread: 1,
};
const quiet = (from: number, to: number) => ({
  on: true,
  quietHours: { from: from * 60, to: to * 60, timeZone: "UTC" },
});

test("N1 what is unread rings", () => {
  expect(mayRing(rings, NOON)).toBe(true);
  expect(mayRing({ ...rings, preferences: quiet(22, 7) }, NOON)).toBe(true);
});

test.each([
  ["a muted conversation", { isMuted: true }],
  ["one that a page shows", { isShown: true }],
  ["what was read elsewhere", { unread: 0 }],
  ["an account that wants no notifications", { preferences: { on: false, quietHours: null } }],
  ["quiet hours", { preferences: quiet(11, 13) }],
] as const)("N1 %s does not ring", (_, change) => {
  expect(mayRing({ ...rings, ...change }, NOON)).toBe(false);
});
