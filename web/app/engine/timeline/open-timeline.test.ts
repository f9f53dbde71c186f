import { afterEach, expect, test, vi } from "vitest";
import type { TimelineUpdate } from "../../timeline-update.ts";
import { C1 } from "../../ids.test-kit.ts";
import type { Identity } from "../account/identity.ts";
import { CONVERSATION_STORES, beginKeptIn, changeKept } from "../conversation/keep.ts";
import { type KeptConversation, newConversation } from "../conversation/kept.ts";
import { createLibrary } from "../conversation/library.ts";
import type { CatchUp } from "../log/catch-up.ts";
import type { Outbox } from "../send/outbox.ts";
import type { Deps } from "../store/deps.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { me } from "./effects-view.test-kit.ts";
import { type OpenTimeline, openTimeline } from "./open-timeline.ts";

const opened: OpenTimeline[] = [];

afterEach(() => {
  for (const timeline of opened.splice(0)) timeline.close();
});

/** A history on screen whose places from 100 on are here; each page from the server has ten more, when it may come. */
async function show(kept: Partial<KeptConversation> = {}) {
  const store = memoryStore();
  const fresh = newConversation({ title: "Ana", owner: me.account, createdAt: 1 });
  const level = { oldest: 100, cursor: 120, lastSeq: 120, readSeq: 120 };
  await store.write(CONVERSATION_STORES, (writer) =>
    beginKeptIn(writer, C1, { ...fresh, ...level, ...kept }),
  );
  const deps = { store, now: () => 1 } as unknown as Deps;
  const told: (TimelineUpdate | null)[] = [];
  const did = { pages: 0, looks: 0, page: () => Promise.resolve(), look: () => undefined as void };
  const timeline = openTimeline(
    {
      deps,
      me: me as unknown as Identity,
      library: createLibrary(deps),
      outbox: {
        entries() {
          did.looks += 1;
          did.look();
          return Promise.resolve([]);
        },
      } as unknown as Outbox,
      catchUp: {
        async older() {
          did.pages += 1;
          await did.page();
          await changeKept(store, C1, (was) => ({ ...was, oldest: was.oldest - 10 }));
        },
      } as unknown as CatchUp,
      receipts: () => true,
      emit: (update) => void told.push(update),
    },
    C1,
  );
  opened.push(timeline);
  await timeline.show();
  return { timeline, did, told };
}

/** A gate that work waits at until it is opened. */
function gate() {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

test("a place that is stored is shown without a request, one that is not is fetched back to, and no further", async () => {
  const { timeline, did } = await show();
  await timeline.at(110);
  await timeline.at(100);
  expect(did.pages).toBe(0);
  await timeline.at(75);
  expect(did.pages).toBe(3);
});

test("a jump ends when a newer one begins, or the history is closed", async () => {
  for (const end of ["newest", "close"] as const) {
    const { timeline, did } = await show();
    const { passed, open } = gate();
    did.page = () => passed;
    const jump = timeline.at(5);
    await vi.waitFor(() => expect(did.pages).toBe(1));
    const ended = timeline[end]();
    open();
    await Promise.all([jump, ended]);
    expect(did.pages).toBe(1);
  }
});

test("who asks for what is older while it is on its way does not ask for it twice", async () => {
  const { timeline, did } = await show();
  const { passed, open } = gate();
  did.page = () => passed;
  const first = timeline.older();
  await vi.waitFor(() => expect(did.pages).toBe(1));
  const second = timeline.older();
  open();
  await Promise.all([first, second]);
  expect(did.pages).toBe(1);
  await timeline.older();
  expect(did.pages).toBe(2);
});

test("that it is caught up is shown once, however often it is", async () => {
  const { timeline, did, told } = await show();
  expect(told.at(-1)).toMatchObject({ caughtUp: false });
  await timeline.caughtUp();
  expect(told.at(-1)).toMatchObject({ caughtUp: true });
  const { looks } = did;
  await timeline.caughtUp();
  await timeline.caughtUp();
  expect(did.looks).toBe(looks);
});

test("a history that is closed while it is read tells the page nothing any more", async () => {
  const { timeline, did, told } = await show();
  const before = told.length;
  did.look = () => timeline.close();
  await timeline.caughtUp();
  expect(did.looks).toBe(2);
  expect(told).toHaveLength(before);
});
