import { expect, test } from "vitest";
import { accountIdText } from "../../../../workers/protocol/ids.ts";
import { C1 } from "../../ids.test-kit.ts";
import { newCare } from "../../../core/conversation/care.test-kit.ts";
import type { Identity } from "../account/identity.ts";
import type { Library } from "../conversation/library.ts";
import { newConversation } from "../conversation/kept.ts";
import { introduce } from "./introduce.ts";
import type { Outbox } from "./outbox.ts";

const { owner, patient, together } = await newCare("introduce");
const me = { account: patient.account, name: "Ana" } as unknown as Identity;
const kept = { ...newConversation({ title: "", owner: owner.account, createdAt: 1 }), oldest: 2 };

/** What is queued in a conversation of which this is stored. */
async function said(
  change: Partial<typeof kept> | null,
  waiting: readonly string[] = [],
  self = me,
) {
  const queued: unknown[] = [];
  const library = {
    record: () => Promise.resolve(change && { ...kept, ...change }),
    chain: () => Promise.resolve({ conversation: together, seqs: [1, 2] }),
  } as unknown as Library;
  const outbox = {
    entries: () => Promise.resolve(waiting.map((kind) => ({ entry: { body: { kind } } }))),
    add: (_: string, content: unknown) => Promise.resolve(void queued.push(content)),
  } as unknown as Outbox;
  await introduce(self, library, outbox, C1);
  return queued;
}

test("I8 a name is said once, by whoever came in and has not said it here", async () => {
  expect(await said({})).toEqual([{ kind: "profile", name: "Ana" }]);
  expect(await said({}, ["text"])).toHaveLength(1);
  expect(await said({}, ["profile"])).toEqual([]);
  expect(await said({ names: { [accountIdText(patient.account)]: "Ana" } })).toEqual([]);
  expect(await said({ names: { [accountIdText(owner.account)]: "Dra." } })).toHaveLength(1);
});

test("I8 nothing is said where nothing is kept, where sending stopped, or by somebody who is not in it", async () => {
  expect(await said(null)).toEqual([]);
  expect(await said({ blocked: { kind: "proof", code: "fork" } })).toEqual([]);
  const stranger = { ...me, account: new Uint8Array(32).fill(9) };
  expect(await said({}, [], stranger)).toEqual([]);
});

test("I8 a device that does not hold the log back to its own entry cannot know, and says nothing", async () => {
  expect(await said({ oldest: 2 })).toHaveLength(1);
  expect(await said({ oldest: 3 })).toEqual([]);
});
