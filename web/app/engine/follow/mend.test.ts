import { expect, test, vi } from "vitest";
import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { C1, C2 } from "../../ids.test-kit.ts";
import type { Identity } from "../account/identity.ts";
import { CONVERSATION_STORES, beginKeptIn, changeKept, keptOf } from "../conversation/keep.ts";
import { newConversation } from "../conversation/kept.ts";
import { createLibrary } from "../conversation/library.ts";
import { createDamageReport } from "../store/damaged.ts";
import type { Deps } from "../store/deps.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { messageRecord, outboxRecord } from "../store/records.ts";
import { me, out } from "../timeline/effects-view.test-kit.ts";
import { createMender } from "./mend.ts";

/** A device with two conversations, each with a message to send, at a server that can be without them. */
async function device() {
  const damage = createDamageReport();
  const store = memoryStore(damage);
  const fresh = newConversation({ title: "Ana", owner: me.account, createdAt: 1 });
  await store.write([...CONVERSATION_STORES, "outbox"], async (writer) => {
    for (const [id, order] of [
      [C1, 4],
      [C2, 7],
    ] as const) {
      await beginKeptIn(writer, id, { ...fresh, head: 1, outbox: [order] });
      const entry = out(order, { kind: "text", text: "waits" });
      await writer.put("outbox", [id, order], outboxRecord, entry);
    }
  });
  const deps = { store, now: () => 1 } as unknown as Deps;
  const told: string[] = [];
  const server = { isDown: false, asked: 0 };
  const mender = createMender({
    deps,
    me: { ...me, device: { id: new Uint8Array(32) } } as unknown as Identity,
    library: createLibrary(deps),
    directory: {
      load: () => Promise.resolve({}),
      fetch: () => Promise.reject(new Error("it is here")),
    },
    catchUp: {
      async tails(ids: readonly ConversationId[]) {
        if (server.isDown) return;
        for (const id of ids) await changeKept(store, id, (kept) => ({ ...kept, head: 1 }));
      },
    },
    privateRecords: { find: () => null, sync: () => Promise.resolve((server.asked += 1)) },
    changed: () => undefined,
    tell: (health: string) => void told.push(health),
  } as unknown as Parameters<typeof createMender>[0]);
  const orders = async () =>
    (await store.readAll("outbox", outboxRecord)).map(({ key }) => [key[0], key[1]]);
  return {
    mender,
    told,
    server,
    orders,
    kept: (id: ConversationId) => keptOf(store, id),
    /** Places of the first conversation turn out to be unreadable, in one read. */
    async findsDamaged(...places: readonly number[]) {
      for (const seq of places) {
        damage.tell({ store: "messages", key: [C1, seq], schema: messageRecord });
      }
      await mender.settled();
    },
    isMended: () => vi.waitFor(() => expect(told).toContain("mended")),
  };
}

test("E1 a conversation that is set aside keeps what it has to send, and gets nothing of another's", async () => {
  const { findsDamaged, orders, kept } = await device();
  await findsDamaged(3);
  expect(await orders()).toEqual([
    [C1, 4],
    [C2, 7],
  ]);
  expect([(await kept(C1))?.outbox, (await kept(C2))?.outbox]).toEqual([[4], [7]]);
});

test("E1 what one read finds is set aside together, and told once", async () => {
  const { findsDamaged, isMended, told } = await device();
  await findsDamaged(3, 4, 5);
  await isMended();
  expect(told).toEqual(["mending", "mended"]);
});

test("E1 where all is whole, or whole again, the server is not asked for anything", async () => {
  const { mender, findsDamaged, isMended, server } = await device();
  await mender.fetchAgain();
  expect(server.asked).toBe(0);
  await findsDamaged(3);
  await isMended();
  const { asked } = server;
  expect(asked).toBeGreaterThan(0);
  await mender.fetchAgain();
  expect(server.asked).toBe(asked);
});

test("E1 it is not said to be mended before its log has come", async () => {
  const { mender, findsDamaged, told, server } = await device();
  server.isDown = true;
  await findsDamaged(3);
  await mender.fetchAgain();
  expect(told).toEqual(["mending"]);
  server.isDown = false;
  await mender.fetchAgain();
  expect(told).toEqual(["mending", "mended"]);
});
