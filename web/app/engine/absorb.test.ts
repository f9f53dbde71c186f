import { expect, test } from "vitest";
import { absorb, acknowledged } from "./absorb.ts";
import { newConversationRecord } from "./new-conversation.ts";
import type { ConversationRecord, MessageRecord } from "./records.ts";

const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill);
const me = { account: bytes(32, 1), device: bytes(32, 2) };
const them = { account: bytes(32, 3), device: bytes(32, 4) };
const empty = newConversationRecord({ title: "Ana", owner: me.account, createdAt: 10 });

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

const afterTheirs = (count: number): ConversationRecord => {
  let record = empty;
  for (let n = 1; n <= count; n++) {
    record = absorb(record, n, message(them, n), me);
  }
  return record;
};

test("a message of the other is unread, waits for an answer and is the preview", () => {
  const record = absorb(empty, 1, message(them, 1, " two\n lines "), me);
  expect(record).toMatchObject({
    cursor: 1,
    lastSeq: 1,
    unread: 1,
    waiting: true,
    preview: { own: false, text: "two lines" },
  });
});

test("an own message ends the waiting and is not unread", () => {
  const record = absorb(afterTheirs(1), 2, message(me, 1), me);
  expect(record).toMatchObject({ unread: 1, waiting: false, preview: { own: true } });
});

test("I8: a profile gives the name and is neither preview nor unread", () => {
  const record = absorb(
    empty,
    1,
    message(them, 1, "", { body: { kind: "profile", name: "Ana" } }),
    me,
  );
  expect(Object.values(record.names)).toEqual(["Ana"]);
  expect(record).toMatchObject({ unread: 0, preview: null, waiting: false });
});

test("what was read before is not unread again", () => {
  expect(absorb({ ...empty, readSeq: 5 }, 5, message(them, 1), me).unread).toBe(0);
});

test("A4: an acknowledgement ahead of the log leaves the cursor, so that what is between is still fetched", () => {
  expect(acknowledged(empty, 3, message(me, 1), me)).toMatchObject({ cursor: 0, lastSeq: 3 });
  expect(acknowledged(empty, 1, message(me, 1), me)).toMatchObject({ cursor: 1, lastSeq: 1 });
});
