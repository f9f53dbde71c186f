import { describe, expect, it } from "vitest";
import {
  END,
  type Extent,
  type Stretch,
  around,
  atNewest,
  bounded,
  holds,
  withNewer,
  withOlder,
} from "./stretch.ts";

const extent: Extent = { oldest: 1, newest: 10_000 };
const length = ({ from, to }: Stretch): number => Math.min(to, extent.newest) - from + 1;

describe("a stretch of the history", () => {
  it("begins with the last page and is open at the end", () => {
    expect(atNewest(extent)).toEqual({ from: 9_941, to: END });
    expect(atNewest({ oldest: 1, newest: 3 })).toEqual({ from: 1, to: END });
  });

  it("stands around any place, closed where it ends before the newest", () => {
    expect(around(5_000, extent)).toEqual({ from: 4_940, to: 5_060 });
    expect(around(9_990, extent)).toEqual({ from: 9_930, to: END });
    expect(around(2, extent).from).toBe(1);
  });

  it("goes to the beginning and back to the end in steps, and is never long", () => {
    let now = atNewest(extent);
    for (let step = 0; step < 200 && now.from > 1; step += 1) {
      const next = withOlder(now, extent);
      expect(next.from).toBeLessThan(now.from);
      expect(length(next)).toBeLessThanOrEqual(480);
      // What one looks at, near the upper end, is still there.
      expect(holds(next, now.from + 100) || length(now) < 100).toBe(true);
      now = next;
    }
    expect(now.from).toBe(1);
    expect(now.to).toBeLessThan(END);
    for (let step = 0; step < 200 && now.to !== END; step += 1) {
      now = withNewer(now, extent);
      expect(length(now)).toBeLessThanOrEqual(480);
    }
    expect(now.to).toBe(END);
  });

  it("does not follow thousands that arrive at once", () => {
    const before = atNewest({ oldest: 1, newest: 100 });
    expect(bounded(before, { oldest: 1, newest: 300 })).toEqual(before);
    expect(bounded(before, extent).to).toBeLessThan(600);
  });
});
