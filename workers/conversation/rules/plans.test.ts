import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../protocol/limits.ts";
import { planChunk, planPrune } from "../upkeep/flush.ts";
import { type EncodedItem, fitting, joinPage, placesOf } from "./page.ts";
import { planReplay } from "./replay.ts";
import { TUNING } from "../settings.ts";

describe("flush", () => {
  test("the tail keeps its newest items and everything that is not in D1", () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(5000), fc.nat(5000), (a, b, c) => {
        const [pruned = 0, flushed = 0, last = 0] = [a, b, c].sort((x, y) => x - y);
        const upto = planPrune({ flushed, pruned, last });
        if (upto === null) return;
        expect(upto).toBeLessThanOrEqual(flushed);
        expect(last - upto).toBeGreaterThanOrEqual(TUNING.tailKeep);
        expect(upto - pruned).toBeGreaterThanOrEqual(TUNING.pruneStep);
      }),
    );
  });

  test("a chunk fits its bytes, and never is empty", () => {
    const row = (length: number) => ({ body: new Uint8Array(length) });
    expect(planChunk([row(TUNING.flushBytes * 2), row(1)])).toHaveLength(1);
    expect(planChunk([row(10), row(TUNING.flushBytes), row(1)])).toHaveLength(1);
    expect(planChunk([row(10), { body: null }, row(10)])).toHaveLength(3);
  });
});

describe("replay after hello", () => {
  test("everything after the cursor, or behind", () => {
    expect(planReplay(0, 0, 0)).toEqual({ kind: "items", from: 1, to: 0 });
    expect(planReplay(7, 5, 9)).toEqual({ kind: "items", from: 8, to: 9 });
    expect(planReplay(5, 5, 9)).toEqual({ kind: "items", from: 6, to: 9 });
    expect(planReplay(4, 5, 9)).toEqual({ kind: "behind" });
    expect(planReplay(0, 0, TUNING.replayItems + 1)).toEqual({ kind: "behind" });
  });
});

const none = () => null;
const ask = (part: Partial<Parameters<typeof placesOf>[0]>) => ({
  after: null,
  before: null,
  at: null,
  limit: 10,
  ...part,
});

describe("pages of the log", () => {
  test("after, before, at, and the newest", () => {
    expect(placesOf(ask({ after: 5 }), 100, none)).toEqual({ from: 6, to: 15, keep: "oldest" });
    expect(placesOf(ask({ after: 95 }), 100, none)).toEqual({ from: 96, to: 100, keep: "oldest" });
    expect(placesOf(ask({ before: 5 }), 100, none)).toEqual({ from: 1, to: 4, keep: "newest" });
    expect(placesOf(ask({}), 100, none)).toEqual({ from: 91, to: 100, keep: "newest" });
    expect(placesOf(ask({ at: 1 }), 100, () => 40)).toEqual({ from: 40, to: 49, keep: "oldest" });
    expect(placesOf(ask({ at: 1 }), 100, none)).toBeNull();
    const places = placesOf(ask({ after: 0, limit: 9999 }), 5000, none);
    expect(places?.to).toBe(LIMITS.itemsPerPage);
  });

  test("parts that were cut, purged or out of reach never leave a hole that paging steps over", () => {
    const item = (seq: number): EncodedItem => ({ seq, item: new Uint8Array(100) });
    const cap = 350;
    const size = () => 100;
    const arbitrary = fc.record({
      last: fc.integer({ min: 1, max: 60 }),
      tailFrom: fc.integer({ min: 1, max: 60 }),
      limit: fc.integer({ min: 1, max: 20 }),
      isOnward: fc.boolean(),
    });
    fc.assert(
      fc.property(arbitrary, ({ last, tailFrom, limit, isOnward }) => {
        const seen: number[] = [];
        let cursor = isOnward ? 0 : last + 1;
        for (let pages = 0; pages < 100; pages++) {
          const question = ask({ limit, ...(isOnward ? { after: cursor } : { before: cursor }) });
          const places = placesOf(question, last, none);
          if (!places) throw new Error("no places");
          const part = (from: number, to: number) => {
            const all = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) =>
              item(from + i),
            );
            const items = fitting(all, places.keep, size, cap);
            return { items, isCut: items.length < all.length };
          };
          const archived = part(places.from, Math.min(places.to, tailFrom - 1));
          const tail = part(Math.max(places.from, tailFrom), places.to);
          const { items, more } = joinPage(places, last, [archived, tail]);
          seen.push(...(isOnward ? items : items.toReversed()).map(({ seq }) => seq));
          cursor = seen.at(-1) ?? cursor;
          if (!more) break;
        }
        const all = Array.from({ length: last }, (_, i) => i + 1);
        expect(seen).toEqual(isOnward ? all : all.toReversed());
      }),
    );
  });

  test("the archive out of reach: the newer part is a page, and says that there is more", () => {
    const places = { from: 1, to: 10, keep: "newest" } as const;
    const tail = {
      items: [
        { seq: 9, item: new Uint8Array() },
        { seq: 10, item: new Uint8Array() },
      ],
      isCut: false,
    };
    const page = joinPage(places, 10, [{ items: [], isCut: true, end: 9 }, tail]);
    expect(page.items.map(({ seq }) => seq)).toEqual([9, 10]);
    expect(page.more).toBe(true);
  });
});
