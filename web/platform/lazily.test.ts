import { expect, test } from "vitest";
import { PlatformError } from "./problem.ts";
import { lazily } from "./lazily.ts";

test("a part is fetched once, however often it is asked for", async () => {
  let loads = 0;
  const part = lazily(() => Promise.resolve(++loads));
  expect(await Promise.all([part(), part()])).toEqual([1, 1]);
  expect(await part()).toBe(1);
});

test("a part that did not come is no dead end: it says so, and the next call tries again", async () => {
  let loads = 0;
  const part = lazily(() =>
    ++loads === 1 ? Promise.reject(new TypeError("no network")) : Promise.resolve("here"),
  );
  await expect(part()).rejects.toMatchObject(new PlatformError("offline"));
  expect(await part()).toBe("here");
});
