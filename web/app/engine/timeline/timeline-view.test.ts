import { expect, test } from "vitest";
import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import { type KeptConversation, newConversation } from "../conversation/kept.ts";
import type { Placed } from "../store/placed.ts";
import { type MessageRecord, type OutboxRecord, messageRecord } from "../store/records.ts";
import { byActivity, isPhantom, rowOf, stateOf, titleOf } from "../log/rows.ts";
import { timelineItems } from "./timeline-view.ts";
import { conversationNamed, nameOf } from "../../ids.test-kit.ts";

const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill);
const me = { account: bytes(32, 1), name: "Dr. Herrera", receipts: true };
const them = bytes(32, 3);
const record: KeptConversation = {
  ...newConversation({ title: "Ana M.", owner: me.account, createdAt: 10 }),
  head: 1,
  members: 2,
};

const message = (account: Uint8Array, n: number, text: string): MessageRecord => ({
  type: "message",
  at: n,
  account,
  device: bytes(32, 9),
  deviceSeq: n,
  messageId: bytes(16, n),
  digest: bytes(32, n),
  prev: null,
  body: { kind: "text", text },
  missingBefore: false,
});

const queued = (n: number, state: OutboxRecord["state"]): OutboxRecord => ({
  messageId: bytes(16, n),
  createdAt: n,
  body: { kind: "text", text: `out ${n}` },
  state,
});

test("M6: what has no place in the order comes last, in the order of writing, with its state", () => {
  const items = timelineItems(
    record,
    [{ seq: 4, row: message(them, 1, "in") }],
    [queued(2, { state: "queued" }), queued(3, { state: "failed", problem: "too_large" })],
    me,
  );
  expect(items.map((item) => (item.kind === "message" ? [item.text, item.delivery] : []))).toEqual([
    ["in", null],
    ["out 2", { state: "queued" }],
    ["out 3", { state: "failed", problem: "too_large" }],
  ]);
});

test("M10 an own message is read where the other says so; what they could not verify is only delivered", () => {
  const rows = [4, 5, 6].map((seq) => ({ seq, row: message(me.account, seq, "x") }));
  const position = {
    counter: 2,
    steps: [
      { seq: 3, at: 30 },
      { seq: 5, at: 50 },
    ],
    except: [4],
    seen: null,
  };
  const held = {
    ...record,
    received: { [toBase64url(them)]: 6 },
    reading: {
      [toBase64url(them)]: position,
      [toBase64url(me.account)]: { ...position, except: [] },
    },
  };
  const states = (self: typeof me) =>
    timelineItems(held, rows, [], self).map((item) =>
      item.kind === "message" ? item.delivery : null,
    );
  expect(states(me)).toEqual([
    { state: "delivered" },
    { state: "read", at: 50 },
    { state: "delivered" },
  ]);
  // Who gives no receipts is shown none.
  expect(states({ ...me, receipts: false }).map((delivery) => delivery?.state)).toEqual([
    "delivered",
    "delivered",
    "delivered",
  ]);
});

test("an own message is delivered when another member's device has stored it, and sent before", () => {
  const rows = [4, 5].map((seq) => ({ seq, row: message(me.account, seq, "x") }));
  const received = { [toBase64url(them)]: 4, [toBase64url(me.account)]: 5 };
  const items = timelineItems({ ...record, received }, rows, [], me);
  expect(items.map((item) => item.kind === "message" && item.delivery?.state)).toEqual([
    "delivered",
    "sent",
  ]);
});

test("M9: what could not be verified is one notice, and M6: a hole is said before what follows it", () => {
  const rows: { seq: number; row: MessageRecord }[] = [
    {
      seq: 2,
      row: {
        type: "quarantined",
        at: 1,
        envelope: bytes(1, 0),
        reason: "bad_signature",
        retry: false,
      },
    },
    { seq: 3, row: { ...message(them, 3, "after"), missingBefore: true } as MessageRecord },
  ];
  const kinds = timelineItems(record, rows, [], me).map((item) =>
    item.kind === "notice" ? item.notice.type : item.kind === "message" ? item.text : item.kind,
  );
  expect(kinds).toEqual(["not-verified", "missing", "after"]);
});

test("C8: a device that is new, and one that is gone by now, are said before the message, as it was stored", () => {
  const rows: Placed<MessageRecord>[] = [
    { seq: 2, row: { ...message(them, 2, "phone"), newDevice: true } as MessageRecord },
    { seq: 3, row: message(them, 3, "plain") },
    { seq: 4, row: { ...message(them, 4, "late"), sinceRemoved: true } as MessageRecord },
  ];
  const stored = rows.map(({ seq, row }) => ({ seq, row: messageRecord.parse(row) }));
  const items = timelineItems(record, stored, [], me);
  const said = items.map((item) =>
    item.kind === "notice" ? item.notice.type : item.kind === "message" ? item.text : item.kind,
  );
  expect(said).toEqual(["new-device", "phone", "plain", "removed-device", "late"]);
  expect(items[0]).toMatchObject({ id: "n2", notice: { own: false } });
});

test("M1: a text that came silently says so, as it was stored", () => {
  const rows: Placed<MessageRecord>[] = [
    { seq: 2, row: { ...message(them, 2, "hushed"), silent: true } as MessageRecord },
    { seq: 3, row: message(them, 3, "aloud") },
  ];
  const stored = rows.map(({ seq, row }) => ({ seq, row: messageRecord.parse(row) }));
  const items = timelineItems(record, stored, [], me);
  expect(items.map((item) => item.kind === "message" && item.silent)).toEqual([true, undefined]);
});

test("E4: a kind from a newer Thyme asks for an update, and a profile shows nothing", () => {
  const unknown: MessageRecord = {
    ...message(them, 2, ""),
    body: { kind: "unknown", name: "poll" },
  } as MessageRecord;
  const profile: MessageRecord = {
    ...message(them, 3, ""),
    body: { kind: "profile", name: "Ana" },
  } as MessageRecord;
  const items = timelineItems(
    record,
    [
      { seq: 2, row: unknown },
      { seq: 3, row: profile },
    ],
    [],
    me,
  );
  expect(items).toMatchObject([{ kind: "notice", notice: { type: "update-app" } }]);
});

test("the owner sees the private label, the other the owner's signed name", () => {
  const names = { [toBase64url(them)]: "Ana Morales", [toBase64url(me.account)]: "Dr. H." };
  expect(titleOf({ ...record, names }, me.account)).toBe("Ana M.");
  expect(titleOf({ ...record, names, title: "" }, me.account)).toBe("Ana Morales");
  expect(titleOf({ ...record, names }, them)).toBe("Dr. H.");
  expect(titleOf(record, them)).toBe("Ana M.");
});

test("I4: a conversation is invited until its invitation is over or somebody joined", () => {
  const alone = { ...record, head: 0, members: 1 };
  const invitation = { secret: bytes(32, 7), invite: bytes(16, 7), expiry: 100 };
  expect(stateOf({ ...alone, invitation }, 50)).toBe("invited");
  // A conversation of others, however it verifies, and one that only a server speaks of.
  expect(stateOf({ ...alone, members: 0 }, 50)).toBe("joining");
  expect(isPhantom({ ...alone, members: 0, title: "" })).toBe(true);
  expect(isPhantom({ ...alone, members: 0, title: "Ana" })).toBe(false);
  expect(isPhantom({ ...alone, title: "" })).toBe(false);
  expect(stateOf({ ...alone, invitation }, 150)).toBe("invitation-expired");
  expect(stateOf(alone, 50)).toBe("invitation-expired");
  expect(stateOf({ ...record, invitation }, 50)).toBe("active");
  const wanting = { kind: "want", code: "share", since: 1 } as const;
  expect(stateOf({ ...record, blocked: wanting }, 50)).toBe(stateOf(record, 50));
  expect(stateOf({ ...record, blocked: { kind: "proof", code: "fork" } }, 50)).toBe("blocked");
});

test("the list is in order of activity, and equal times do not flicker", () => {
  const rows = ["b", "a", "c"].map((name) =>
    rowOf(
      conversationNamed(name),
      { ...record, lastAt: name === "c" ? 9 : 5 },
      me.account,
      0,
      null,
    ),
  );
  expect(rows.sort(byActivity).map((row) => nameOf(row.id))).toEqual(["c", "a", "b"]);
});
