import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeOf } from "../people.test-kit.ts";
import {
  type Intake,
  type Stretch,
  afterWelcome,
  cursorOf,
  intake,
  intakeOlder,
  intakeTail,
} from "./cursor.ts";

const items = (...seqs: number[]) => seqs.map((seq) => ({ seq }));
const seqs = (list: readonly { seq: number }[]) => list.map(({ seq }) => seq);

describe("A5 the stored stretch", () => {
  test("A5 takes what follows, skips what is stored, asks for what is missing", () => {
    const first = intake(null, items(1, 2));
    expect([seqs(first.apply), first.stretch, first.fetchAfter]).toEqual([
      [1, 2],
      { from: 1, to: 2 },
      null,
    ]);
    const next = intake(first.stretch, items(2, 3, 3, 6));
    expect([seqs(next.apply), next.stretch, next.fetchAfter]).toEqual([[3], { from: 1, to: 3 }, 3]);
    expect(intake(next.stretch, items(1, 2, 3))).toEqual({
      apply: [],
      stretch: { from: 1, to: 3 },
      fetchAfter: null,
    });
    expect(intake(null, items(4)).fetchAfter).toBe(0);
  });

  test("K13, A5 of a tail, the unbroken end is taken", () => {
    const tail = intakeTail(items(1, 5, 8, 9, 10), 10);
    expect([seqs(tail.apply), tail.stretch]).toEqual([[8, 9, 10], { from: 8, to: 10 }]);
    expect(intakeTail(items(1, 5), 10)).toEqual({ apply: [], stretch: null });
  });

  test("A5 older history is added only where it meets the stretch", () => {
    const older = intakeOlder({ from: 8, to: 10 }, items(3, 6, 7, 9));
    expect([seqs(older.apply), older.stretch]).toEqual([[6, 7], { from: 6, to: 10 }]);
    expect(intakeOlder({ from: 8, to: 10 }, items(5)).stretch).toEqual({ from: 8, to: 10 });
  });

  test("A5 whatever comes in whatever order: contiguous, each once, and complete in the end", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 8 }), { maxLength: 20 }),
        (batches) => {
          let stretch: Stretch | null = null;
          const stored: number[] = [];
          for (const batch of [...batches, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]]) {
            const taken: Intake<{ seq: number }> = intake(stretch, items(...batch));
            stored.push(...seqs(taken.apply));
            stretch = taken.stretch;
            expect(stored).toEqual(stored.map((_, i) => i + 1));
            expect(cursorOf(stretch)).toBe(stored.length);
          }
          expect(cursorOf(stretch)).toBe(12);
        },
      ),
    );
  });

  test("A5 after welcome: caught up, await, page, or the server fell behind what it gave", async () => {
    const stretch = { from: 1, to: 5 };
    expect(afterWelcome(stretch, { lastSeq: 5, behind: false })).toEqual({ kind: "caught-up" });
    expect(afterWelcome(stretch, { lastSeq: 7, behind: false })).toEqual({ kind: "await" });
    expect(afterWelcome(stretch, { lastSeq: 9, behind: true })).toEqual({ kind: "page", after: 5 });
    expect(afterWelcome(null, { lastSeq: 0, behind: false })).toEqual({ kind: "caught-up" });
    const back = () => afterWelcome(stretch, { lastSeq: 4, behind: false });
    expect(await codeOf(back)).toBe("bundle_forked");
  });
});
