import { runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { seedPerson } from "../accounts/person.test-kit.ts";
import { inboxOf } from "../push/push.test-kit.ts";
import { Wake } from "./wake.ts";

test("the one alarm comes for whoever waits for it first, however they ask", async () => {
  const inbox = inboxOf(await seedPerson("patient"));
  const later = Date.now() + 60 * 60 * 1000;
  const found = await runInDurableObject(inbox, async (_, { storage }) => {
    const wake = new Wake(storage);
    const after = async (...times: number[]) => {
      await Promise.all(times.map((time) => wake.at(time)));
      return storage.getAlarm();
    };
    const times = [
      await after(later + 2_000),
      await after(later + 1_000, later + 3_000),
      await after(later + 5_000, later, later + 4_000),
    ];
    await storage.deleteAlarm();
    // Nothing is set, and both look before either sets.
    times.push(await after(later, later + 1_000));
    await storage.deleteAlarm();
    return times;
  });
  expect(found).toEqual([later + 2_000, later + 1_000, later, later]);
});
