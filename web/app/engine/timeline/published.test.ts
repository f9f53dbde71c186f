import { afterEach, expect, test, vi } from "vitest";
import type { EngineEvent } from "../../rpc.ts";
import { C1, C2 } from "../../ids.test-kit.ts";
import type { Identity } from "../account/identity.ts";
import { CONVERSATION_STORES, beginKeptIn, changeKept } from "../conversation/keep.ts";
import { newConversation } from "../conversation/kept.ts";
import { type Library, createLibrary } from "../conversation/library.ts";
import type { Deps } from "../store/deps.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { me } from "./effects-view.test-kit.ts";
import { type Published, createPublished } from "./published.ts";

const shown: Published[] = [];

afterEach(async () => {
  for (const published of shown.splice(0)) {
    await published.open(null);
    published.close();
  }
});

/** What the page is told by a device with two conversations; `chain`: what reading a chain waits for. */
async function publishing(chain: () => Promise<void> = () => Promise.resolve()) {
  const store = memoryStore();
  await store.write(CONVERSATION_STORES, async (writer) => {
    for (const [id, title] of [
      [C1, "Ana"],
      [C2, "Eva"],
    ] as const) {
      const about = { title, owner: me.account, createdAt: 1 };
      await beginKeptIn(writer, id, { ...newConversation(about), members: 2 });
    }
  });
  const deps = { store, now: () => 1 } as unknown as Deps;
  const library = createLibrary(deps);
  const slow: Library = {
    ...library,
    async chain(id) {
      await chain();
      return library.chain(id);
    },
  };
  const told: EngineEvent[] = [];
  const published = createPublished({
    deps,
    me: me as unknown as Identity,
    library: slow,
    directory: { historyOf: () => undefined, load: () => Promise.resolve(undefined) },
    outbox: { entries: () => Promise.resolve([]) },
    catchUp: {},
    receipts: () => true,
    draftOf: () => null,
    link: () => "",
    emit: (event: EngineEvent) => void told.push(event),
  } as unknown as Parameters<typeof createPublished>[0]);
  shown.push(published);
  const details = () =>
    told.flatMap((event) => (event.type === "details" ? [event.details?.title] : []));
  const lists = () => told.filter(({ type }) => type === "conversations").length;
  return { store, published, details, lists };
}

test("details are told when they changed, and not again with every change of the log", async () => {
  const { store, published, details, lists } = await publishing();
  await published.open(C1);
  await vi.waitFor(() => expect(details()).toEqual(["Ana"]));
  published.changed(C1);
  await vi.waitFor(() => expect(lists()).toBe(1));
  await changeKept(store, C1, (kept) => ({ ...kept, title: "Ana M." }));
  published.changed(C1);
  await vi.waitFor(() => expect(details()).toEqual(["Ana", "Ana M."]));
});

test("details that come when another conversation is on screen are not told", async () => {
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const chain = vi.fn<() => Promise<void>>(() => gate);
  const { published, details } = await publishing(chain);
  await published.open(C1);
  await vi.waitFor(() => expect(chain).toHaveBeenCalledOnce());
  await published.open(C2);
  open();
  await vi.waitFor(() => expect(details()).toContain("Eva"));
  expect(details()).toEqual(["Eva"]);
});
