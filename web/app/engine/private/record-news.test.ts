import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { followRecords } from "./record-news.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function scene(held: Record<string, number> = {}) {
  const asked: string[] = [];
  const news = followRecords(
    {
      holds: (name, version) => (held[name] ?? 0) >= version,
      syncSome: (names) => Promise.resolve(asked.push(...names)),
      sync: () => Promise.resolve(asked.push("all")),
    },
    () => Promise.resolve(void asked.push("adopt")),
  );
  const settle = () => vi.advanceTimersByTimeAsync(1_000);
  return { asked, news, settle };
}

test("K9 what several devices write within a moment is fetched together and then taken over", async () => {
  const { asked, news, settle } = scene();
  news.tell("a", 1);
  news.tell("b", 4);
  news.tell("a", 2);
  await settle();
  expect(asked).toEqual(["a", "b", "adopt"]);
});

test("K9 the own writes, which are held already, are not fetched again", async () => {
  const { asked, news, settle } = scene({ a: 2 });
  news.tell("a", 2);
  await settle();
  expect(asked).toEqual([]);
  news.tell("a", 3);
  await settle();
  expect(asked).toEqual(["a", "adopt"]);
});

test("K9 a burst is one round of pages", async () => {
  const { asked, news, settle } = scene();
  for (let i = 0; i < 100; i++) news.tell(`record ${i}`, 1);
  await settle();
  expect(asked).toEqual(["all", "adopt"]);
});

test("nothing is fetched for a device that was closed", async () => {
  const { asked, news, settle } = scene();
  news.tell("a", 1);
  news.close();
  await settle();
  expect(asked).toEqual([]);
});
