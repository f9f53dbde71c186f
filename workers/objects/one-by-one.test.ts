import { expect, test } from "vitest";
import { OneByOne } from "./one-by-one.ts";

test("what is given side by side runs one after the other, in order, and a failure holds up nothing", async () => {
  const queue = new OneByOne();
  const seen: string[] = [];
  const step = (name: string, fails = false) =>
    queue.run(async () => {
      seen.push(`${name} begins`);
      await Promise.resolve();
      seen.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  expect(queue.isBusy).toBe(false);
  const all = Promise.allSettled([step("a"), step("b", true), step("c")]);
  expect(queue.isBusy).toBe(true);
  const [a, b, c] = await all;
  expect([a, c]).toEqual([
    { status: "fulfilled", value: "a" },
    { status: "fulfilled", value: "c" },
  ]);
  expect(b).toMatchObject({ status: "rejected" });
  expect(seen).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  expect(queue.isBusy).toBe(false);
});
