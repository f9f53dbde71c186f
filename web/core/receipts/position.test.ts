import { describe, expect, test } from "vitest";
import { MAX_EXCEPT, type Reading } from "./payload.ts";
import { type ReadPosition, type StoredPlace, advance, readAt, readingUpTo } from "./position.ts";

const digest = (fill: number) => new Uint8Array(32).fill(fill);
const NOW = 1_000_000;
const named = (seq: number) => ({ digest: digest(seq), epoch: 1 });
const reading = (seq: number, change: Partial<Reading> = {}): Reading => ({
  seq,
  digest: digest(seq),
  at: seq * 100,
  except: [],
  presence: true,
  ...change,
});
const take = (
  before: ReadPosition | undefined,
  counter: number,
  seq: number,
  change: Partial<Reading> = {},
): ReadPosition | null =>
  advance(before, { counter, n: 1, reading: reading(seq, change) }, named(seq), NOW);

/** A position after these, each of which must count. */
function after(...receipts: readonly [counter: number, seq: number, change?: Partial<Reading>][]) {
  let position: ReadPosition | undefined;
  for (const [counter, seq, change] of receipts) {
    const next = take(position, counter, seq, change);
    if (!next) throw new RangeError(`refused ${counter}`);
    position = next;
  }
  if (!position) throw new RangeError("none");
  return position;
}

describe("M10 what a receipt may change", () => {
  test("M10 a first one, and a higher one (positive control)", () => {
    expect(readAt(after([1, 5]), 5)).toEqual({ at: 500 });
    expect(readAt(after([1, 5], [2, 8]), 8)).toEqual({ at: 800 });
  });

  test("M10 a replayed or lower counter says nothing", () => {
    const held = after([4, 5]);
    expect(take(held, 4, 9)).toBeNull();
    expect(take(held, 3, 9)).toBeNull();
  });

  test("M10 the position never falls, even under a higher counter", () => {
    const held = after([1, 8], [2, 5]);
    expect(readAt(held, 8)).toEqual({ at: 800 });
    expect(held.counter).toBe(2);
  });

  test("M10 one that names another message than the one held, or none that is held, is not believed", () => {
    const receipt = { counter: 1, n: 1, reading: reading(5) };
    expect(advance(undefined, receipt, { digest: digest(6), epoch: 1 }, NOW)).toBeNull();
    expect(advance(undefined, receipt, null, NOW)).toBeNull();
  });

  test("M7, M10 one sealed under an epoch that was over before the message is not believed", () => {
    const receipt = { counter: 1, n: 1, reading: reading(5) };
    expect(advance(undefined, receipt, { digest: digest(5), epoch: 2 }, NOW)).toBeNull();
  });

  test("M10 nobody has read in the future, or was seen there", () => {
    const ahead = after([1, 5, { at: NOW + 60_000 }]);
    expect(readAt(ahead, 5)).toEqual({ at: NOW });
    expect(ahead.seen).toBe(NOW);
  });

  test("M10 last seen is told only by those who show their presence", () => {
    expect(after([1, 5, { presence: false }]).seen).toBeNull();
    expect(after([1, 5], [2, 6, { presence: false }]).seen).toBe(500);
  });

  test("M10 a place that they could not verify stays unread until they can", () => {
    const held = after([1, 5, { except: [3] }]);
    expect(readAt(held, 3)).toBeNull();
    expect(readAt(held, 4)).toEqual({ at: null });
    expect(readAt(after([1, 5, { except: [3] }], [2, 5]), 3)).toEqual({ at: null });
  });

  test("M10 a message between two receipts was read at the later one; before the first nobody knows when", () => {
    const held = after([1, 5], [2, 9]);
    expect(readAt(held, 7)).toEqual({ at: 900 });
    expect(readAt(held, 5)).toEqual({ at: 500 });
    expect(readAt(held, 2)).toEqual({ at: null });
    expect(readAt(held, 10)).toBeNull();
  });

  test("M10 what is remembered is bounded, and forgetting says when less exactly, never wrongly", () => {
    const receipts = Array.from({ length: 60 }, (_, i): [number, number] => [i + 1, 2 * (i + 1)]);
    const held = after(...receipts);
    expect(held.steps.length).toBeLessThan(30);
    expect(readAt(held, 4)).toEqual({ at: null });
    expect(readAt(held, 119)).toEqual({ at: 12_000 });
  });
});

describe("M10 what may honestly be told", () => {
  const theirs = (seq: number): StoredPlace => ({ seq, is: digest(seq) });
  const own = (seq: number): StoredPlace => ({ seq, is: "own" });
  const broken = (seq: number): StoredPlace => ({ seq, is: "unverified" });

  test("M10 the newest verified message of somebody else up to there", () => {
    const places = [theirs(1), theirs(2), own(3), theirs(4)];
    expect(readingUpTo(places, 3)).toEqual({ seq: 2, digest: digest(2), except: [] });
    expect(readingUpTo(places, 9)).toEqual({ seq: 4, digest: digest(4), except: [] });
  });

  test("M10 a message that could not be verified is never told as read", () => {
    expect(readingUpTo([broken(1), broken(2)], 2)).toBeNull();
    expect(readingUpTo([theirs(1), broken(2)], 2)).toEqual({
      seq: 1,
      digest: digest(1),
      except: [],
    });
    expect(readingUpTo([theirs(1), broken(2), theirs(3)], 3)?.except).toEqual([2]);
  });

  test("M10 own messages alone are nothing to tell", () => {
    expect(readingUpTo([own(1), own(2)], 2)).toBeNull();
  });

  test("M10 with more than it can name a receipt stops before the first that it cannot", () => {
    const holes = Array.from({ length: MAX_EXCEPT }, (_, i) => broken(10 + i));
    const enough = readingUpTo([theirs(1), ...holes, theirs(90)], 99);
    expect(enough).toMatchObject({ seq: 90 });
    expect(enough?.except).toHaveLength(MAX_EXCEPT);
    const tooMany = readingUpTo([theirs(1), ...holes, theirs(90), broken(91), theirs(92)], 99);
    expect(tooMany).toMatchObject({ seq: 90 });
  });
});
