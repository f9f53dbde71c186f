import fc from "fast-check";
import { expect, test } from "vitest";
import { deleteInSlices } from "./slices.ts";

test("however much is due, no statement and no run goes over its bound, and runs come to an end", async () => {
  const sizes = fc.record({
    rows: fc.integer({ min: 1, max: 9 }),
    statements: fc.integer({ min: 1, max: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 200 }), sizes, async (due, bound) => {
      let left = due;
      for (let isDone = false; !isDone; ) {
        const counts: number[] = [];
        const before = left;
        isDone = await deleteInSlices((limit) => {
          expect(limit).toBe(bound.rows);
          const some = Math.min(limit, left);
          left -= some;
          counts.push(some);
          return Promise.resolve(some);
        }, bound);
        expect(counts.length).toBeLessThanOrEqual(bound.statements);
        expect(isDone || left < before).toBe(true);
        if (isDone) expect(left).toBe(0);
      }
    }),
  );
});
