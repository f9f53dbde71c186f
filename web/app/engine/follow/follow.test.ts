import { expect, test } from "vitest";
import type { InboxRow } from "../../../../workers/protocol/frames.ts";
import { idBytes } from "../../../../workers/protocol/ids.ts";
import { C1 } from "../../ids.test-kit.ts";
import { newPerson, seededSuite } from "../../../core/people.test-kit.ts";
import type { Identity } from "../account/identity.ts";
import { CONVERSATION_STORES, beginKeptIn, keptOf } from "../conversation/keep.ts";
import { type KeptConversation, newConversation } from "../conversation/kept.ts";
import { createLibrary } from "../conversation/library.ts";
import type { Deps } from "../store/deps.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import type { Store } from "../store/store.ts";
import { createFollower } from "./follow.ts";

const person = await newPerson(seededSuite("follow"));
const { account } = person;
const row: InboxRow = {
  conversation: idBytes(C1),
  shard: 0,
  head: 0,
  lastSeq: 5,
  lastAt: 9,
  readSeq: 0,
  unread: 0,
};
const known = {
  ...newConversation({ title: "Ana", owner: account, createdAt: 1 }),
  cursor: 5,
  lastSeq: 5,
  head: 0,
  members: 1,
};

/** A device on which this is kept, and what it does when the Inbox speaks of the conversation. */
async function device(
  kept: KeptConversation | null,
  isOpen = false,
  meanwhile: (store: Store) => Promise<void> = () => Promise.resolve(),
) {
  const store = memoryStore();
  if (kept) await store.write(CONVERSATION_STORES, (writer) => beginKeptIn(writer, C1, kept));
  const did: string[] = [];
  const changes = { count: 0 };
  const note = (what: string) => () => Promise.resolve(void did.push(what));
  const deps = { store } as unknown as Deps;
  const library = createLibrary(deps);
  const follower = createFollower({
    deps,
    me: { account, device: person.device } as unknown as Identity,
    library: {
      ...library,
      async record(id) {
        const found = await library.record(id);
        await meanwhile(store);
        return found;
      },
    },
    catchUp: {
      newer: note("newer"),
      tails: note("tails"),
      askAgain: () => Promise.resolve(),
    } as unknown as Parameters<typeof createFollower>[0]["catchUp"],
    privateRecords: { find: () => null } as unknown as Parameters<
      typeof createFollower
    >[0]["privateRecords"],
    isOpen: () => isOpen,
    changed: () => void (changes.count += 1),
    caughtUp: note("caught up"),
    tellRead: (_, seq) => void did.push(`read ${seq}`),
  });
  const now = () => keptOf(store, C1);
  return { follower, did, changes, now };
}
const heard = (change: Partial<InboxRow> = {}) => new Map([[C1, { ...row, ...change }]]);

test("K13 what is new here, has nothing yet, or seeks its own chain is fetched as a tail; the rest is not", async () => {
  for (const [kept, expected] of [
    [null, ["tails", "newer", "caught up"]],
    [{ ...known, cursor: 0 }, ["tails", "newer", "caught up"]],
    [{ ...known, ownChain: "sought" as const }, ["tails", "caught up"]],
    [known, ["caught up"]],
  ] as const) {
    const { follower, did } = await device(kept);
    await follower.snapshot(heard());
    expect(did).toEqual(expected);
    const live = await device(kept);
    await live.follower.activity(C1, row);
    expect(live.did).toEqual(expected);
  }
});

test("K9 what is kept of a conversation is not begun anew", async () => {
  const { follower, now } = await device(known);
  await follower.snapshot(heard());
  expect((await now())?.title).toBe("Ana");
  const fresh = await device(null);
  await fresh.follower.activity(C1, row);
  expect(await fresh.now()).toMatchObject({ title: "", lastSeq: 5 });
});

test("K9 what another tab began while this one looked is not begun anew", async () => {
  const { follower, now } = await device(null, false, async (store) => {
    if (await keptOf(store, C1)) return;
    await store.write(CONVERSATION_STORES, (writer) => beginKeptIn(writer, C1, known));
  });
  await follower.activity(C1, row);
  expect(await now()).toMatchObject({ title: "Ana", cursor: 5 });
});

test("what was read before is stored and told to nobody again", async () => {
  const { follower, changes } = await device({ ...known, readSeq: 2 });
  await follower.read(C1, 2);
  await follower.read(C1, 1);
  expect(changes.count).toBe(0);
  await follower.read(C1, 3);
  expect(changes.count).toBe(1);
});

test("what an open conversation misses comes by its own socket", async () => {
  const behind = { ...known, cursor: 3 };
  const { follower, did } = await device(behind, true);
  await follower.snapshot(heard());
  expect(did).toEqual(["caught up"]);
  const closed = await device(behind);
  await closed.follower.snapshot(heard());
  expect(closed.did).toEqual(["newer", "caught up"]);
});

test("what was read rises only: elsewhere it is heard, here it is told", async () => {
  const { follower, did, now } = await device({ ...known, readSeq: 2 });
  await follower.snapshot(heard({ readSeq: 4 }));
  expect([did, (await now())?.readSeq]).toEqual([["caught up"], 4]);
  await follower.snapshot(heard({ readSeq: 3 }));
  expect([did.at(1), (await now())?.readSeq]).toEqual(["read 4", 4]);
  await follower.read(C1, 4);
  await follower.read(C1, 1);
  expect((await now())?.readSeq).toBe(4);
  const none = await device(null);
  await none.follower.read(C1, 4);
  expect(await none.now()).toBeNull();
});
