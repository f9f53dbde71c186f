import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { eachSettled } from "./each-settled.ts";

afterEach(() => {
  vi.useRealTimers();
});

test("every item is worked on once, never more than `width` at a time, whatever fails", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.boolean(), { maxLength: 60 }),
      fc.integer({ min: 1, max: 9 }),
      async (fates, width) => {
        const seen: number[] = [];
        let running = 0;
        let most = 0;
        const failures = await eachSettled([...fates.keys()], width, async (item) => {
          running += 1;
          most = Math.max(most, running);
          seen.push(item);
          await Promise.resolve();
          running -= 1;
          if (!fates[item]) throw new Error("out of reach");
        });
        expect(seen).toEqual([...fates.keys()]);
        expect(most).toBe(Math.min(width, fates.length));
        expect(failures).toHaveLength(fates.filter((fate) => !fate).length);
      },
    ),
  );
});

test("five hundred calls of a tenth of a second each take less than two seconds at 32 a time", async () => {
  vi.useFakeTimers();
  const start = Date.now();
  const items = Array.from({ length: 500 }, (_, i) => i);
  const done = eachSettled(items, 32, () => new Promise((resolve) => setTimeout(resolve, 100)));
  await vi.runAllTimersAsync();
  expect(await done).toEqual([]);
  expect(Date.now() - start).toBeLessThan(2_000);
  // The control: one by one they take 50 seconds.
  const before = Date.now();
  const serial = eachSettled(items, 1, () => new Promise((resolve) => setTimeout(resolve, 100)));
  await vi.runAllTimersAsync();
  await serial;
  expect(Date.now() - before).toBeGreaterThan(49_000);
});

test("one that never answers holds up nobody but its own lane", async () => {
  const reached: number[] = [];
  void eachSettled([0, 1, 2, 3, 4], 2, (item) => {
    reached.push(item);
    return item === 0 ? new Promise(() => {}) : Promise.resolve();
  });
  await vi.waitFor(() => expect(reached).toEqual([0, 1, 2, 3, 4]));
});
