import { expect, test } from "vitest";
import { nobleEd25519 } from "../../../core/crypto/ed25519.ts";
import { seededRandom } from "../../../core/people.test-kit.ts";
import { C1 } from "../../ids.test-kit.ts";
import type { Identity } from "../account/identity.ts";
import { CONVERSATION_STORES, beginKeptIn, changeKept } from "../conversation/keep.ts";
import { type KeptConversation, newConversation } from "../conversation/kept.ts";
import { createLibrary } from "../conversation/library.ts";
import type { CatchUp } from "../log/catch-up.ts";
import type { Deps } from "../store/deps.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { type OutboxRecord, messageRecord, outboxRecord } from "../store/records.ts";
import { me, row } from "../timeline/effects-view.test-kit.ts";
import { createOutbox } from "./outbox.ts";
import { settleUnanswered } from "./unanswered.ts";

const random = seededRandom("unanswered in memory");

/** A message of a former device, which the log may have after this place. */
const sentAfter = (after: number): OutboxRecord => ({
  messageId: random.bytes(16),
  createdAt: 1,
  body: { kind: "text", text: "lost?" },
  state: { state: "unanswered", after },
});

interface Here {
  readonly entry: OutboxRecord;
  readonly kept?: Partial<KeptConversation>;
  /** the log has it, at place 101 */
  readonly hasArrived?: boolean;
  /** how many places one page goes further back */
  readonly page?: number;
}

/** A device that holds places 100 and 101 of the log, and this one message. */
async function settle({ entry, kept = {}, hasArrived = false, page = 25 }: Here) {
  const store = memoryStore();
  const fresh = newConversation({ title: "Ana", owner: me.account, createdAt: 1 });
  await store.write([...CONVERSATION_STORES, "messages", "outbox"], async (writer) => {
    const held = { ...fresh, oldest: 100, cursor: 101, lastSeq: 101, outbox: [1], ...kept };
    await beginKeptIn(writer, C1, held);
    await writer.put("outbox", [C1, 1], outboxRecord, entry);
    await writer.put("messages", [C1, 100], messageRecord, row(me.account, 100));
    const last = row(me.account, 101);
    const newest = hasArrived ? { ...last, messageId: entry.messageId } : last;
    await writer.put("messages", [C1, 101], messageRecord, newest);
  });
  const deps = { store, suite: { random, ed25519: nobleEd25519 } } as unknown as Deps;
  let pages = 0;
  const catchUp = {
    newer: () => Promise.resolve(),
    older() {
      pages += 1;
      return changeKept(store, C1, (was) => ({ ...was, oldest: was.oldest - page }));
    },
  } as unknown as CatchUp;
  const outbox = createOutbox(
    deps,
    () => me as unknown as Identity,
    () => undefined,
  );
  const library = createLibrary(deps);
  const around = { deps, library, catchUp, outbox, me, changed: () => undefined };
  const isSettled = await settleUnanswered(around, C1);
  const states = (await outbox.entries(C1)).map(({ entry: { state } }) => state.state);
  return { isSettled, pages, states };
}

test("M6 what the log has is not sent again; what it has not is, once it is here back to where it was sent", async () => {
  const entry = sentAfter(99);
  const here = { isSettled: true, pages: 0 };
  expect(await settle({ entry, hasArrived: true })).toEqual({ ...here, states: [] });
  expect(await settle({ entry })).toEqual({ ...here, states: ["queued"] });
  const further = await settle({ entry: sentAfter(50), hasArrived: true });
  expect(further).toEqual({ isSettled: true, pages: 2, states: [] });
});

test("M6 a place that nothing older comes for is out of reach: it is asked for once, and all stays as it is", async () => {
  const out = { isSettled: false, states: ["unanswered"] };
  expect(await settle({ entry: sentAfter(50), page: 0 })).toEqual({ ...out, pages: 1 });
});

test("C5 M6 while sending stands still nothing is asked for or settled", async () => {
  const blocked = { kind: "proof" as const, code: "fork" as const };
  const stopped = await settle({ entry: sentAfter(99), kept: { blocked } });
  expect(stopped).toEqual({ isSettled: false, pages: 0, states: ["unanswered"] });
});

test("M6 a very long log is read back in parts, each at a time of its own", async () => {
  const kept = { oldest: 5_010, cursor: 5_010, lastSeq: 5_010 };
  const entry = sentAfter(1);
  const part = { isSettled: false, pages: 5_000, states: ["unanswered"] };
  expect(await settle({ entry, kept, page: 1 })).toEqual(part);
});
