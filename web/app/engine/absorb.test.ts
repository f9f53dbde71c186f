import fc from "fast-check";
import { expect, test } from "vitest";
import { absorb, acknowledged, judgeNext, judgeOlder, withLink } from "./absorb.ts";
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
    record = absorb(withLink(record, n, message(them, n)), n, message(them, n), me);
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

test("M6: the next message of a device is new, the same again a duplicate, another at its place a fork", () => {
  const record = afterTheirs(2);
  expect(judgeNext(record, message(them, 3))).toBe("new");
  expect(judgeNext(record, message(them, 2))).toBe("duplicate");
  expect(judgeNext(record, message(them, 2, "", { digest: bytes(32, 9) }))).toBe("fork");
  expect(judgeNext(record, message(them, 3, "", { prev: bytes(32, 9) }))).toBe("fork");
  expect(judgeNext(record, message(them, 1))).toBe("look-up");
});

test("M6: a hole in a device's numbers is said", () => {
  expect(judgeNext(afterTheirs(2), message(them, 4))).toBe("missing-before");
});

test("M6: where all history is here, a chain begins with 1; where it is not, it may begin anywhere", () => {
  expect(judgeNext(empty, message(them, 3))).toBe("missing-before");
  expect(judgeNext({ ...empty, oldest: 50 }, message(them, 3))).toBe("new");
});

test("M6 backwards: what is older leads to the oldest link, or there is a hole, or a fork", () => {
  const record = withLink({ ...empty, oldest: 7 }, 7, message(them, 5));
  expect(judgeOlder(record, message(them, 4))).toEqual({ kind: "new" });
  expect(judgeOlder(record, message(them, 4, "", { digest: bytes(32, 9) }))).toEqual({
    kind: "fork",
  });
  expect(judgeOlder(record, message(them, 3))).toEqual({ kind: "hole", seq: 7 });
  expect(judgeOlder(record, message(them, 5))).toEqual({ kind: "duplicate" });
});

test("M6: links in any order leave the newest as tip and the oldest as first", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (order) => {
      const record = order.reduce((r, n) => withLink(r, n, message(them, n)), empty);
      expect(Object.values(record.tips)[0]?.deviceSeq).toBe(Math.max(...order));
      expect(Object.values(record.firsts)[0]?.deviceSeq).toBe(Math.min(...order));
    }),
  );
});
