import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { currentShard, partsByShard, seqsByShard, withShard } from "./shards.ts";

const moved = [
  { from: 1, shard: 0 },
  { from: 10, shard: 2 },
  { from: 20, shard: 5 },
];

describe('decision "archive shards"', () => {
  test("a range of the log is cut where the conversation went on to another shard", () => {
    expect(partsByShard(moved, 5, 25)).toEqual([
      { shard: 0, from: 5, to: 9 },
      { shard: 2, from: 10, to: 19 },
      { shard: 5, from: 20, to: 25 },
    ]);
    expect(partsByShard(moved, 10, 10)).toEqual([{ shard: 2, from: 10, to: 10 }]);
    expect(partsByShard(moved, 3, 2)).toEqual([]);
    expect(currentShard(moved)).toBe(5);
  });

  test("every place lies in exactly one shard, whatever is asked", () => {
    const place = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(place, place, (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const asked = Array.from({ length: to - from + 1 }, (_, i) => from + i);
        const found = partsByShard(moved, from, to).flatMap((part) =>
          Array.from({ length: part.to - part.from + 1 }, (_, i) => part.from + i),
        );
        expect(found).toEqual(asked);
        expect(seqsByShard(moved, asked).flatMap(({ seqs }) => seqs)).toEqual(asked);
      }),
    );
  });

  test("it goes on to a shard that it never used, from a later place; else it stays", () => {
    expect(withShard(moved, { from: 30, shard: 6 })).toHaveLength(4);
    expect(withShard(moved, { from: 20, shard: 6 })).toEqual([
      ...moved.slice(0, 2),
      { from: 20, shard: 6 },
    ]);
    expect(() => withShard(moved, { from: 30, shard: 0 })).toThrow(RangeError);
    expect(() => withShard(moved, { from: 15, shard: 6 })).toThrow(RangeError);
  });
});
