import { afterEach, expect, test } from "vitest";
import { closeStores, forgetDevice, openStore } from "../store/local-store.test-kit.ts";
import { unsavedEditHandlers } from "./unsaved-edit.ts";
import { C1, C2 } from "../../ids.test-kit.ts";

afterEach(forgetDevice);

/** As a page that is opened, perhaps again, has it. */
async function page(signedIn = true) {
  closeStores();
  const { db, store } = await openStore();
  const handlers = unsavedEditHandlers(store, () => signedIn);
  const sealed = () => db.getAll("state");
  return { ...handlers, sealed };
}

const edit = { seq: 2, before: "Half the oats", text: "Half the oats and berries" };

test("K8 a message that is being written anew survives a reload, sealed, until it is saved or given up", async () => {
  const before = await page();
  await before.keepEdit({ conversation: C1, edit });
  const after = await page();
  expect(await after.unsavedEdit(C1)).toEqual(edit);
  expect(await after.unsavedEdit(C2)).toBeNull();
  const bytes = (await after.sealed()).flatMap((one) => (one instanceof Uint8Array ? [one] : []));
  expect(bytes).toHaveLength(1);
  expect(new TextDecoder().decode(bytes[0])).not.toContain("berries");
  await after.keepEdit({ conversation: C1, edit: null });
  expect(await (await page()).unsavedEdit(C1)).toBeNull();
});

test("K8 nothing of somebody who has signed out is kept", async () => {
  const it = await page(false);
  await it.keepEdit({ conversation: C1, edit });
  expect(await it.unsavedEdit(C1)).toBeNull();
});
