import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MOST_TRIES, PUSH_LIFE_MS, nextTry, outcomeOf, retryAfterMs } from "./retry.ts";

const NOW = Date.parse("2026-11-27T12:00:00Z");

describe("what a push service answers", () => {
  test.each([
    [201, "sent"],
    [202, "sent"],
    [404, "gone"],
    [410, "gone"],
    [307, "refused"],
    [301, "refused"],
    [400, "refused"],
    [403, "refused"],
    [413, "refused"],
    [408, "unreachable"],
    [429, "unreachable"],
    [500, "unreachable"],
    [503, "unreachable"],
  ] as const)("%s means %s", (status, kind) => {
    expect(outcomeOf(status, null, NOW)).toMatchObject({ kind, status });
  });

  test("Retry-After is seconds or a date, and anything else says nothing", () => {
    expect(retryAfterMs("120", NOW)).toBe(120_000);
    expect(retryAfterMs("Fri, 27 Nov 2026 12:01:00 GMT", NOW)).toBe(60_000);
    expect(retryAfterMs("Fri, 27 Nov 2026 11:00:00 GMT", NOW)).toBe(0);
    for (const nothing of [null, "", "soon", "-5", "9".repeat(20)]) {
      expect(retryAfterMs(nothing, NOW), String(nothing)).toBe(0);
    }
    expect(outcomeOf(429, "30", NOW)).toMatchObject({ retryAfterMs: 30_000 });
  });
});

describe("trying again", () => {
  test("takes longer each time, and ends", () => {
    const push = { since: NOW, tries: 1 };
    expect(nextTry(push, 0, NOW, 1)).toBe(NOW + 5_000);
    expect(nextTry({ ...push, tries: 4 }, 0, NOW, 1)).toBe(NOW + 40_000);
    expect(nextTry({ ...push, tries: MOST_TRIES - 1 }, 0, NOW, 1)).not.toBeNull();
    expect(nextTry({ ...push, tries: MOST_TRIES }, 0, NOW, 1)).toBeNull();
  });

  test("is never before the push service's own time, and never after the push's life", () => {
    const tries = fc.integer({ min: 1, max: MOST_TRIES - 1 });
    const wait = fc.integer({ min: 0, max: 2 * PUSH_LIFE_MS });
    const age = fc.integer({ min: 0, max: PUSH_LIFE_MS });
    const random = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(tries, wait, age, random, (count, asked, old, chance) => {
        const push = { since: NOW - old, tries: count };
        const at = nextTry(push, asked, NOW, chance);
        if (at === null) {
          expect(asked + old + 60 * 60 * 1000).toBeGreaterThan(PUSH_LIFE_MS);
          return;
        }
        expect(at).toBeGreaterThanOrEqual(NOW + asked);
        expect(at).toBeGreaterThan(NOW);
        expect(at).toBeLessThanOrEqual(push.since + PUSH_LIFE_MS);
      }),
    );
  });
});
