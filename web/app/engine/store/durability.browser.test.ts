import { afterEach, expect, test, vi } from "vitest";
import * as z from "zod/mini";
import { eraseDatabase } from "../../../platform/database.ts";
import { forgetDevice, openStore } from "./local-store.test-kit.ts";

afterEach(async () => {
  vi.restoreAllMocks();
  await forgetDevice();
});

/** How durable each transaction that writes was asked to be, from now on. */
function watchWrites() {
  const begun = vi.spyOn(IDBDatabase.prototype, "transaction");
  return () =>
    begun.mock.calls.flatMap(([, mode, options]) =>
      mode === "readwrite" ? [options?.durability] : [],
    );
}

test("K8 what is written is on the disk before it counts: the local key, every record, and their end", async () => {
  const asked = watchWrites();
  const { db, store } = await openStore();
  expect(asked()).toEqual(["strict"]);
  await store.write(["state"], (writer) => writer.put("state", "a", z.string(), "b"));
  expect(asked()).toEqual(["strict", "strict"]);
  expect(await store.read("state", "a", z.string())).toBe("b");
  await eraseDatabase(db);
  expect(asked()).toEqual(["strict", "strict", "strict"]);
});

test("K8 the key that wraps the local key can be used and never read out", async () => {
  const { db } = await openStore();
  const { key } = (await db.get("local", "key")) ?? {};
  expect(key?.extractable).toBe(false);
  await expect(crypto.subtle.exportKey("raw", key!)).rejects.toThrow();
});
