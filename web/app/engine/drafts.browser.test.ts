import { afterEach, beforeEach, expect, it } from "vitest";
import { type Database, deleteDatabase, openDatabase } from "../../platform/database.ts";
import { draftHandlers } from "./drafts.ts";
import { createStore } from "./store.ts";

const KEY = new Uint8Array(32).fill(7);
const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
let db: Database;

beforeEach(async () => {
  db = await openDatabase(() => undefined);
});

afterEach(async () => {
  db.close();
  await deleteDatabase();
});

const save = (conversation: string, text: string, signedIn = true) =>
  draftHandlers(createStore(db, KEY, random), () => signedIn).saveDraft({ conversation, text });
const of = (conversation: string) =>
  draftHandlers(createStore(db, KEY, random), () => true).draftOf(conversation);

it("keeps one draft for each conversation, sealed, until it is emptied", async () => {
  expect(await of("a")).toBe("");
  await save("a", "half a sentence");
  await save("b", "another");
  expect(await of("a")).toBe("half a sentence");

  const stored = await db.getAll("state");
  expect(stored).toHaveLength(2);
  for (const bytes of stored) expect(new TextDecoder().decode(bytes)).not.toContain("sentence");

  await save("a", " ");
  expect(await of("a")).toBe("");
  expect(await of("b")).toBe("another");
});

it("keeps nothing of somebody who has signed out", async () => {
  await save("a", "too late", false);
  expect(await db.getAll("state")).toEqual([]);
});
