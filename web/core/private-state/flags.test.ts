import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NO_FLAGS, type FlagName, isArchived, isMuted, mergeFlags } from "./flags.ts";

const flags = fc.record({
  pinned: fc.boolean(),
  muted: fc.option(fc.record({ until: fc.option(fc.nat()) })),
  archived: fc.option(fc.record({ seq: fc.nat(), at: fc.nat() })),
});
const names: readonly FlagName[] = ["pinned", "muted", "archived"];

describe("flags of a conversation", () => {
  test("K9 each flag is taken from the device that changed it", () => {
    fc.assert(
      fc.property(flags, flags, fc.subarray([...names]), (theirs, mine, pending) => {
        const merged = mergeFlags(theirs, mine, pending);
        for (const name of names) {
          expect(merged[name]).toEqual((pending.includes(name) ? mine : theirs)[name]);
        }
      }),
    );
  });

  test("a mute ends when its time comes, or never", () => {
    expect(isMuted(NO_FLAGS, 5)).toBe(false);
    expect(isMuted({ ...NO_FLAGS, muted: { until: null } }, 5)).toBe(true);
    expect(isMuted({ ...NO_FLAGS, muted: { until: 6 } }, 5)).toBe(true);
    expect(isMuted({ ...NO_FLAGS, muted: { until: 5 } }, 5)).toBe(false);
  });

  test("new activity brings an archived conversation back, only if it is not muted", () => {
    const archived = { ...NO_FLAGS, archived: { seq: 3, at: 100 } };
    expect(isArchived(NO_FLAGS, { seq: 3, at: 100 }, 5)).toBe(false);
    expect(isArchived(archived, { seq: 3, at: 100 }, 5)).toBe(true);
    expect(isArchived(archived, { seq: 4, at: 101 }, 5)).toBe(false);
    expect(isArchived({ ...archived, muted: { until: null } }, { seq: 4, at: 101 }, 5)).toBe(true);
    expect(isArchived({ ...archived, muted: { until: 5 } }, { seq: 4, at: 101 }, 5)).toBe(false);
  });

  test("a name that was said, which is no activity, does not, and neither does another clock", () => {
    const archived = { ...NO_FLAGS, archived: { seq: 3, at: 100 } };
    expect(isArchived(archived, { seq: 4, at: 100 }, 5)).toBe(true);
    expect(isArchived(archived, { seq: 3, at: 101 }, 5)).toBe(true);
  });
});
