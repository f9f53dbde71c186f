import { expect, test } from "vitest";
import { placeStored, messageAcknowledged } from "./log-transitions.ts";
import { type KeptConversation, newConversation } from "./kept.ts";
import type { MessageRecord } from "../store/records.ts";

const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill);
const me = { account: bytes(32, 1), device: bytes(32, 2) };
const them = { account: bytes(32, 3), device: bytes(32, 4) };
const empty = newConversation({ title: "Ana", owner: me.account, createdAt: 10 });

type Message = Extract<MessageRecord, { type: "message" }>;

const message = (
  from: typeof me,
  deviceSeq: number,
  text = "hello",
  extra: Partial<Message> = {},
): Message => ({
  type: "message",
  at: 100 + deviceSeq,
  account: from.account,
  device: from.device,
  deviceSeq,
  messageId: bytes(16, deviceSeq),
  digest: bytes(32, 100 + deviceSeq),
  prev: deviceSeq === 1 ? null : bytes(32, 99 + deviceSeq),
  body: { kind: "text", text },
  missingBefore: false,
  ...extra,
});

const afterTheirs = (count: number): KeptConversation => {
  let record = empty;
  for (let n = 1; n <= count; n++) {
    record = placeStored(record, n, message(them, n), me);
  }
  return record;
};

test("a message of the other is unread, waits for an answer and is the preview", () => {
  const record = placeStored(empty, 1, message(them, 1, " two\n lines "), me);
  expect(record).toMatchObject({
    cursor: 1,
    lastSeq: 1,
    unread: 1,
    waiting: true,
    preview: { own: false, text: "two lines" },
  });
});

test("an own message ends the waiting and is not unread", () => {
  const record = placeStored(afterTheirs(1), 2, message(me, 1), me);
  expect(record).toMatchObject({ unread: 1, waiting: false, preview: { own: true } });
});

test("I8: a profile gives the name and is neither preview nor unread", () => {
  const record = placeStored(
    empty,
    1,
    message(them, 1, "", { body: { kind: "profile", name: "Ana" } }),
    me,
  );
  expect(Object.values(record.names)).toEqual(["Ana"]);
  expect(record).toMatchObject({ unread: 0, preview: null, waiting: false });
});

test("what was read before is not unread again", () => {
  expect(placeStored({ ...empty, readSeq: 5 }, 5, message(them, 1), me).unread).toBe(0);
});

test("A4: an acknowledgement ahead of the log leaves the cursor, so that what is between is still fetched", () => {
  expect(messageAcknowledged(empty, 3, message(me, 1), me)).toMatchObject({
    cursor: 0,
    lastSeq: 3,
  });
  expect(messageAcknowledged(empty, 1, message(me, 1), me)).toMatchObject({
    cursor: 1,
    lastSeq: 1,
  });
});

test("M5: edits, deletions and reactions are neither unread nor activity, and nobody waits for them", () => {
  const target = { device: them.device, deviceSeq: 1, digest: bytes(32, 101), seq: 1 };
  const before = placeStored(afterTheirs(1), 2, message(me, 1), me);
  for (const body of [
    { kind: "edit", target },
    { kind: "deletion", target },
    { kind: "reaction", target, emoji: "👍" },
  ] as const) {
    const after = placeStored(before, 3, message(them, 2, "", { body }), me);
    expect(after).toEqual({ ...before, cursor: 3, lastSeq: 3 });
  }
});

test("M5: a message that was deleted before it came is the last one, and neither unread nor waited for", () => {
  const body = { kind: "deleted", deletedAt: 5 } as const;
  expect(placeStored(empty, 1, message(them, 1, "", { body }), me)).toMatchObject({
    unread: 0,
    waiting: false,
    preview: { own: false, text: "", deleted: true, seq: 1 },
  });
});

test("A4: what the log brings before an own message that was acknowledged is not the last one", () => {
  const ahead = messageAcknowledged(empty, 3, message(me, 1, "mine"), me);
  const after = placeStored(ahead, 2, message(them, 1, "earlier"), me);
  expect(after).toMatchObject({ unread: 1, waiting: false, preview: { own: true, text: "mine" } });
});
