import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type InboxState, unreadOf, withActivity, withRead } from "./unread.ts";

const activity = (lastSeq: number, others: number) => ({
  conversation: new Uint8Array(32),
  shard: 0,
  head: 0,
  lastSeq,
  lastAt: lastSeq,
  others,
});

const after = (before: InboxState | null, next: ReturnType<typeof activity>): InboxState => {
  const state = withActivity(before, next) ?? before;
  if (!state) throw new Error("the first activity makes a row");
  return state;
};

describe("unread", () => {
  test("counts the others' envelopes, not bundles or one's own", () => {
    let state = after(null, activity(1, 0));
    expect(unreadOf(state)).toBe(0);
    state = after(state, activity(5, 3));
    expect(unreadOf(state)).toBe(3);
    state = withRead(state, 5) ?? state;
    expect(unreadOf(state)).toBe(0);
    expect(unreadOf(after(state, activity(7, 4)))).toBe(1);
  });

  test("calls that repeat or overtake each other change nothing; reading never goes back", () => {
    const state = after(after(null, activity(5, 3)), activity(9, 6));
    expect(withActivity(state, activity(9, 6))).toBeNull();
    expect(withActivity(state, activity(5, 3))).toBeNull();
    const read = withRead(state, 7) ?? state;
    expect(withRead(read, 7)).toBeNull();
    expect(withRead(read, 3)).toBeNull();
  });

  test("is never below the truth, never negative, and 0 once all is read", () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constantFrom("other", "own", "tell") }),
      fc.record({ kind: fc.constant("read"), seq: fc.integer({ min: 1, max: 60 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const log: boolean[] = [];
        let told = 0;
        let state: InboxState | null = null;
        let readTo = 0;
        for (const each of steps) {
          if (each.kind === "tell") {
            told = log.length;
            if (told > 0) state = after(state, activity(told, log.filter(Boolean).length));
          } else if ("seq" in each) {
            if (!state || each.seq > told) continue;
            state = withRead(state, each.seq) ?? state;
            readTo = Math.max(readTo, each.seq);
          } else log.push(each.kind === "other");
          if (!state) continue;
          const truth = log.slice(readTo, told).filter(Boolean).length;
          expect(unreadOf(state)).toBeGreaterThanOrEqual(truth);
          expect(unreadOf(state)).toBeLessThanOrEqual(Math.max(0, told - readTo));
          if (readTo === told) expect(unreadOf(state)).toBe(0);
        }
      }),
    );
  });
});
