import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accountIdText } from "../../protocol/ids.ts";
import type { SavedSpending, SentBytes, SpendingStore } from "./spending-store.ts";
import { DayBudget } from "./day-budget.ts";

const DAY = 24 * 60 * 60 * 1000;
const NOW = 20_000 * DAY + 5_000;
const bytes = (fill: number) => new Uint8Array(32).fill(fill);
const ANA = accountIdText(bytes(1));
const EVA = accountIdText(bytes(2));

/** Rows as the tail holds them, and what was saved last. */
class Fake implements Pick<SpendingStore, "load" | "save" | "sentAfter"> {
  saved: SavedSpending = { upto: 0, spent: [] };
  rows: (SentBytes & { readonly seq: number })[] = [];
  load = () => this.saved;
  save = (value: SavedSpending) => {
    this.saved = value;
  };
  sentAfter = (seq: number, since: number) =>
    this.rows.filter((row) => row.seq > seq && row.at >= since);
}

function budgetOf(limit: number, store = new Fake()) {
  // The class has private members, of which a budget sees nothing.
  const budget = new DayBudget(store as unknown as SpendingStore, limit);
  budget.load(NOW);
  return budget;
}

describe("a day's budget of bytes", () => {
  test("takes up to its last byte, refuses until midnight, and is whole on the next day", () => {
    const budget = budgetOf(100);
    expect(budget.wait(ANA, 100, NOW)).toBe(0);
    budget.charge(ANA, 90, NOW);
    expect(budget.wait(ANA, 10, NOW)).toBe(0);
    expect(budget.wait(ANA, 11, NOW)).toBe(DAY - 5_000);
    expect(budget.wait(EVA, 100, NOW), "another's is untouched").toBe(0);
    expect(budget.wait(ANA, 100, NOW + DAY)).toBe(0);
    budget.charge(ANA, 100, NOW + DAY);
    expect(budget.wait(ANA, 1, NOW), "a clock set back opens nothing").toBeGreaterThan(0);
  });

  test("what is loaded is what was charged, wherever a save or a prune came between", () => {
    const step = fc.record({
      account: fc.constantFrom(1, 2),
      size: fc.integer({ min: 1, max: 50 }),
      isSaved: fc.boolean(),
      isPruned: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const store = new Fake();
        const budget = budgetOf(1_000_000, store);
        const sums = new Map([ANA, EVA].map((account) => [account, 0]));
        for (const [i, { account, size, isSaved, isPruned }] of steps.entries()) {
          const name = accountIdText(bytes(account));
          budget.charge(name, size, NOW);
          sums.set(name, (sums.get(name) ?? 0) + size);
          store.rows.push({ seq: i + 1, at: NOW, account: bytes(account), bytes: size });
          // A prune saves in its own transaction.
          if (isSaved || isPruned) budget.save(i + 1, NOW);
          if (isPruned) store.rows = [];
        }
        const again = budgetOf(1_000_000, store);
        for (const [account, sum] of sums) {
          expect(again.wait(account, 1_000_000 - sum, NOW)).toBe(0);
          expect(again.wait(account, 1_000_001 - sum, NOW)).toBeGreaterThan(0);
        }
      }),
    );
  });

  test("the Inbox is told once a report is due, and what is sent elsewhere counts", async () => {
    const budget = budgetOf(400_000);
    const told: (readonly [string, number, number])[] = [];
    const report = (elsewhere: number) =>
      budget.report((account, day, sum) => {
        told.push([account, day, sum]);
        return Promise.resolve(sum + elsewhere);
      });
    budget.charge(ANA, 60_000, NOW);
    await report(0);
    expect(told).toEqual([]);
    budget.charge(ANA, 10_000, NOW);
    await report(300_000);
    await report(300_000);
    expect(told).toEqual([[ANA, 20_000, 70_000]]);
    expect(budget.wait(ANA, 30_000, NOW)).toBe(0);
    expect(budget.wait(ANA, 30_001, NOW)).toBeGreaterThan(0);
    expect(budget.wait(ANA, 400_000, NOW + DAY)).toBe(0);
  });

  test("an Inbox out of reach is told with the next message", async () => {
    const budget = budgetOf(400_000);
    budget.charge(ANA, 70_000, NOW);
    await budget.report(() => Promise.reject(new Error("away")));
    expect(budget.wait(ANA, 330_000, NOW)).toBe(0);
    await budget.report((_, __, sum) => Promise.resolve(sum + 330_000));
    expect(budget.wait(ANA, 1, NOW)).toBeGreaterThan(0);
  });
});
