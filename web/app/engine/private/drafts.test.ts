import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { C1 } from "../../ids.test-kit.ts";
import { DRAFT_TEXT } from "../../../core/private-state/drafts.ts";
import type { DraftOffer } from "../../drafts-view.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { loadDrafts } from "./drafts.ts";
import { putDraft } from "./local-drafts.ts";
import { privateState } from "./private-state.test-kit.ts";

type State = ReturnType<typeof privateState>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A tab over this store; what it offers to its box, and how often it says that a conversation changed. */
async function tab(server: State, store = memoryStore()) {
  const { deps, privateRecords } = await server.over(store);
  const offers: DraftOffer[] = [];
  let changes = 0;
  const drafts = await loadDrafts(
    deps,
    privateRecords,
    () => void changes++,
    (offer) => void offers.push(offer),
  );
  const connect = async () => {
    await privateRecords.sync();
    await drafts.sync();
  };
  return { store, drafts, offers, connect, changes: () => changes };
}

const pause = () => vi.advanceTimersByTimeAsync(60_000);

test("K9 a draft that covers another device's is given away, and is nothing new to its own box", async () => {
  const server = privateState();
  await (await server.otherDevice()).put(C1, "Oats");
  const { drafts, offers, changes } = await tab(server);
  await drafts.save(C1, { text: "Oats and milk", seen: 0 });
  await drafts.flush();
  expect([server.state.writes, await drafts.storedAt(C1)]).toEqual([2, null]);
  expect([offers, changes()]).toEqual([[], 0]);
});

test("K9 a draft that is too long to be given away stays here as it is, and nothing is said of it", async () => {
  const server = privateState();
  const { drafts, offers } = await tab(server);
  await drafts.save(C1, { text: "x".repeat(DRAFT_TEXT + 1), seen: 0 });
  server.state.now += 5;
  await drafts.flush();
  expect([server.state.writes, offers]).toEqual([0, []]);
  expect(await drafts.storedAt(C1)).toBe(1_000);
  await drafts.save(C1, { text: "x".repeat(DRAFT_TEXT), seen: 0 });
  await drafts.flush();
  expect([server.state.writes, await drafts.storedAt(C1)]).toEqual([1, null]);
});

test("K9 two drafts that are too long together stay here together, and the account keeps the one that it has", async () => {
  const server = privateState();
  const [theirs, mine] = ["a", "b"].map((letter) => letter.repeat(DRAFT_TEXT - 1));
  await (await server.otherDevice()).put(C1, theirs ?? "");
  const { drafts } = await tab(server);
  await drafts.save(C1, { text: mine ?? "", seen: 0 });
  await drafts.flush();
  expect(server.state.writes).toBe(1);
  expect((await drafts.kept(C1)).text).toBe(`${theirs}\n${mine}`);
});

test("a tab that ended gives nothing away any more, whatever is stored through it", async () => {
  const server = privateState();
  const ended = await tab(server);
  ended.drafts.close();
  await ended.drafts.save(C1, { text: "Oats", seen: 0 });
  await pause();
  expect([server.state.writes, vi.getTimerCount()]).toEqual([0, 0]);
  const open = await tab(server, ended.store);
  await open.drafts.sync();
  await pause();
  expect(server.state.writes).toBe(1);
});

test("K9 what this device has not given away yet is not overwritten by what the account has", async () => {
  const server = privateState();
  const store = memoryStore();
  const local = { text: "Oats", at: 1, known: 0, sent: [], by: "" };
  await store.write(["state"], (writer) => putDraft(writer, C1, local));
  const { connect, offers, drafts } = await tab(server, store);
  await (await server.otherDevice()).put(C1, "Beans");
  await connect();
  expect(offers).toEqual([]);
  await pause();
  expect(offers).toEqual([expect.objectContaining({ text: "Beans\nOats", before: "Oats" })]);
  drafts.close();
});

test("what each box shows already is not read again whenever the account is level", async () => {
  const server = privateState();
  await (await server.otherDevice()).put(C1, "Oats");
  const { store, connect, offers } = await tab(server);
  await connect();
  expect(offers).toHaveLength(1);
  const read = vi.spyOn(store, "read");
  await connect();
  expect([offers.length, read.mock.calls.length]).toEqual([1, 0]);
});
