import { expect, test } from "vitest";
import { C1, C2 } from "../../ids.test-kit.ts";
import { newPerson, seededSuite } from "../../../core/people.test-kit.ts";
import { IDENTITY_KEY, identityRecordOf } from "../account/identity.ts";
import { CONVERSATION_STORES, beginKeptIn } from "../conversation/keep.ts";
import { newConversation } from "../conversation/kept.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { conversationRecord, identityRecord } from "../store/records.ts";
import { beginDevice } from "./carry-over.ts";

const { account, device, prepared } = await newPerson(seededSuite("carry-over in Node"));
const identity = identityRecordOf(account, device, prepared.userKeys, {
  role: "patient",
  name: "",
  bound: true,
});

test("K13 of a conversation where nothing waits to be sent, nothing is kept: the server shows it anew", async () => {
  const store = memoryStore();
  const kept = newConversation({ title: "Ana", owner: account, createdAt: 1 });
  await store.write([...CONVERSATION_STORES, "state"], async (writer) => {
    await writer.put("state", IDENTITY_KEY, identityRecord, identity);
    await beginKeptIn(writer, C1, { ...kept, cursor: 9, head: 1 });
    await beginKeptIn(writer, C2, { ...kept, cursor: 9, head: 1, flagsPending: ["pinned"] });
  });
  await beginDevice(store, identity, prepared);
  const left = await store.readAll("conversations", conversationRecord);
  expect(left.map(({ key }) => key)).toEqual([C2]);
});
