import { expect, test } from "vitest";
import { type ErrorCode, ProtocolError } from "../../../../workers/protocol/errors.ts";
import { C1 } from "../../ids.test-kit.ts";
import { PlatformError } from "../../../platform/problem.ts";
import { CONVERSATION_STORES, beginKeptIn } from "../conversation/keep.ts";
import { newConversation } from "../conversation/kept.ts";
import type { Deps } from "../store/deps.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { conversationRecord } from "../store/records.ts";
import { eraseDeleted } from "./erase-deleted.ts";

const account = new Uint8Array(32).fill(1);

/** A server that answers the request to remove a message so, one after the other: how it ends. */
async function asking(...answers: readonly (Error | null)[]) {
  const store = memoryStore();
  const fresh = newConversation({ title: "Ana", owner: account, createdAt: 1 });
  const kept = { ...fresh, deletionsDue: [{ seq: 1, deletion: 2 }] };
  await store.write(CONVERSATION_STORES, (writer) => beginKeptIn(writer, C1, kept));
  let asked = 0;
  const call = () => {
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    return answer ? Promise.reject(answer) : Promise.resolve({});
  };
  const ended = await eraseDeleted({ store, api: { call } } as unknown as Deps, C1).then(
    () => "done",
    (error: unknown) => (error instanceof Error ? error.name : "?"),
  );
  const record = await store.read("conversations", C1, conversationRecord);
  return { ended, asked, due: record?.deletionsDue.length };
}

const refused = (code: ErrorCode, retryAfterMs?: number) =>
  new ProtocolError(code, undefined, retryAfterMs);

test("M5 a removal that is done, or never will be, is not asked for again", async () => {
  expect(await asking(null)).toEqual({ ended: "done", asked: 1, due: 0 });
  expect(await asking(refused("not_found"))).toEqual({ ended: "done", asked: 1, due: 0 });
});

test("M5 without network, or with a server that is down, it stays due", async () => {
  const due = { asked: 1, due: 1 };
  expect(await asking(new PlatformError("offline"))).toEqual({ ended: "PlatformError", ...due });
  expect(await asking(refused("unavailable"))).toEqual({ ended: "ProtocolError", ...due });
});

test("M5 a server that says when to come back is asked again then, four times at most", async () => {
  const wait = refused("rate_limited", 1);
  expect(await asking(wait, wait, null)).toEqual({ ended: "done", asked: 3, due: 0 });
  expect(await asking(wait)).toEqual({ ended: "ProtocolError", asked: 4, due: 1 });
});
