import { describe, expect, test } from "vitest";
import { toBase64url } from "../../../workers/protocol/bytes.ts";
import { messageIdText } from "../../../workers/protocol/ids.ts";
import type { Mark, Wish } from "../../core/messages/effects.ts";
import type { Target } from "../../core/messages/payload.ts";
import type { TimelineItem } from "../view.ts";
import { type About, NOTHING_ABOUT, quotedOutside } from "./about.ts";
import { newConversationRecord } from "./new-conversation.ts";
import type { ConversationRecord, Draft, MessageRow, OutboxRecord } from "./records.ts";
import { timelineItems } from "./timeline-view.ts";

const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill);
const me = { account: bytes(32, 1), name: "Dr. Herrera", receipts: true };
const them = bytes(32, 3);
const record: ConversationRecord = {
  ...newConversationRecord({ title: "Ana M.", owner: me.account, createdAt: 10 }),
  head: 1,
  members: 2,
  cursor: 50,
  names: { [toBase64url(them)]: "Ana" },
};

const row = (
  account: Uint8Array,
  n: number,
  body: MessageRow["body"] = { kind: "text", text: `text ${n}` },
): MessageRow => ({
  type: "message",
  at: n * 10,
  sentAt: n * 10,
  account,
  device: bytes(32, 9),
  deviceSeq: n,
  messageId: bytes(16, n),
  digest: bytes(32, 100 + n),
  prev: null,
  body,
  missingBefore: false,
});
const target = (n: number, change: Partial<Target> = {}): Target => ({
  device: bytes(32, 9),
  deviceSeq: n,
  digest: bytes(32, 100 + n),
  seq: n,
  ...change,
});
const mark = (account: Uint8Array, seq: number, on: number, wish: Wish): Mark => {
  const { seq: _, ...named } = target(on);
  return { account, seq, at: seq * 10, sentAt: seq * 10, named, wish };
};
const out = (n: number, draft: Draft, problem?: string): OutboxRecord => ({
  messageId: bytes(16, 200 + n),
  createdAt: 900 + n,
  draft,
  state: problem === undefined ? { state: "queued" } : { state: "failed", problem },
});
const idOf = (n: number) => messageIdText(bytes(16, 200 + n));
const about = (marks: Record<number, Mark[]>, quoted: Record<number, MessageRow> = {}): About => ({
  marks: new Map(Object.entries(marks).map(([seq, list]) => [Number(seq), list])),
  quoted: new Map(Object.entries(quoted).map(([seq, one]) => [Number(seq), one])),
});
const show = (
  rows: readonly (readonly [number, MessageRow])[],
  outbox: readonly OutboxRecord[] = [],
  with_: About = NOTHING_ABOUT,
): TimelineItem[] =>
  timelineItems(
    record,
    rows.map(([seq, one]) => ({ seq, row: one })),
    outbox,
    me,
    with_,
  );
const only = (items: readonly TimelineItem[]): TimelineItem => {
  expect(items).toHaveLength(1);
  const [item] = items;
  if (!item) throw new RangeError("nothing is shown");
  return item;
};

describe("M5 what is stored", () => {
  test("M5 an edit shows the new text and when; the edit itself is no message of its own", () => {
    const marks = about({ 4: [mark(them, 5, 4, { kind: "edit", text: "better" })] });
    const edits = row(them, 5, { kind: "edit", target: target(4) });
    expect(
      only(
        show(
          [
            [4, row(them, 4)],
            [5, edits],
          ],
          [],
          marks,
        ),
      ),
    ).toMatchObject({
      kind: "message",
      seq: 4,
      text: "better",
      editedAt: 50,
      change: null,
    });
  });

  test("M5 reactions are grouped by emoji in the order of choosing, with names", () => {
    const marks = about({
      4: [
        mark(them, 5, 4, { kind: "reaction", emoji: "🎉" }),
        mark(me.account, 6, 4, { kind: "reaction", emoji: "🎉" }),
      ],
    });
    expect(only(show([[4, row(them, 4)]], [], marks))).toMatchObject({
      reactions: [{ emoji: "🎉", names: ["Ana", "Dr. Herrera"], own: true }],
    });
  });

  test("M5 a deleted row shows who and when, and none of its text", () => {
    const gone = row(them, 4, { kind: "deleted", deletedAt: 77 });
    expect(only(show([[4, gone]]))).toEqual({
      kind: "deleted",
      id: messageIdText(bytes(16, 4)),
      seq: 4,
      at: 40,
      sender: { account: toBase64url(them), name: "Ana", own: false },
      deletedAt: 77,
    });
  });

  test("M5 a place that the server has emptied shows the deletion that names it, in its order", () => {
    const marks = about({ 4: [mark(them, 6, 4, { kind: "deletion" })] });
    const items = show(
      [
        [3, row(them, 3)],
        [5, row(me.account, 5)],
      ],
      [],
      marks,
    );
    expect(items.map(({ kind, seq, at }) => [kind, seq, at])).toEqual([
      ["message", 3, 30],
      ["deleted", 4, 30],
      ["message", 5, 50],
    ]);
  });

  test("M5 a hole that only reactions or edits name, or that is not fetched yet, shows nothing", () => {
    const marks = about({
      4: [mark(them, 6, 4, { kind: "reaction", emoji: "👍" })],
      60: [mark(them, 61, 60, { kind: "deletion" })],
      2: [mark(them, 6, 2, { kind: "deletion" })],
    });
    expect(
      show(
        [
          [3, row(them, 3)],
          [5, row(them, 5)],
        ],
        [],
        marks,
      ),
    ).toHaveLength(2);
  });
});

describe("M5 replies", () => {
  const reply = (n: number, on: Target) => row(them, n, { kind: "text", text: "yes", reply: on });

  test("M5 a reply quotes the message as it stands now", () => {
    const marks = about({ 3: [mark(me.account, 4, 3, { kind: "edit", text: "new\n words" })] });
    expect(
      show(
        [
          [3, row(me.account, 3)],
          [5, reply(5, target(3))],
        ],
        [],
        marks,
      )[1],
    ).toMatchObject({
      reply: {
        state: "here",
        seq: 3,
        sender: { name: "Dr. Herrera", own: true },
        text: "new words",
      },
    });
  });

  test("M5 what is quoted from before the window is read for it", () => {
    const rows = [{ seq: 5, row: reply(5, target(3)) }];
    const waiting = [out(1, { kind: "text", text: "x", reply: target(2) })];
    expect([...quotedOutside(rows, waiting)].sort((a, b) => a - b)).toEqual([2, 3]);
    const items = show([[5, reply(5, target(3))]], waiting, about({}, { 3: row(them, 3) }));
    expect(items).toMatchObject([
      { reply: { state: "here", seq: 3, text: "text 3" } },
      { reply: { state: "elsewhere", seq: 2 }, seq: null },
    ]);
  });

  test("M5 a deletion takes its quotes along, stored, pending or at the server alone", () => {
    const quoting = [5, reply(5, target(4))] as const;
    const gone = row(me.account, 4, { kind: "deleted", deletedAt: 77 });
    const deletes = out(1, { kind: "deletion", target: target(4) });
    const hole = about({ 4: [mark(them, 6, 4, { kind: "deletion" })] });
    for (const items of [
      show([[3, row(them, 3)], [4, gone], quoting]),
      show([[3, row(them, 3)], [4, row(me.account, 4)], quoting], [deletes]),
      show([[3, row(them, 3)], quoting], [], hole),
    ]) {
      expect(items.at(-1)).toMatchObject({ reply: { state: "deleted", seq: 4 } });
      expect(JSON.stringify(items)).not.toContain("text 4");
    }
  });

  test("M5 a reply that names another D quotes nothing of what stands there", () => {
    const wrong = reply(5, target(3, { digest: bytes(32, 7) }));
    expect(
      show([
        [3, row(me.account, 3)],
        [5, wrong],
      ])[1],
    ).toMatchObject({
      reply: { state: "elsewhere", seq: 3 },
    });
  });
});

describe("M5 what is on its way", () => {
  const rows = [[4, row(me.account, 4)]] as const;

  test("M5 an edit, a deletion and a reaction are shown at once", () => {
    const edit = out(1, { kind: "edit", target: target(4), text: "new" });
    expect(only(show(rows, [edit]))).toMatchObject({
      text: "new",
      editedAt: 901,
      change: { id: idOf(1), what: "edit", delivery: { state: "queued" } },
    });
    const react = out(2, { kind: "reaction", target: target(4), emoji: "👍" });
    expect(only(show(rows, [react]))).toMatchObject({
      reactions: [{ emoji: "👍", names: ["Dr. Herrera"], own: true }],
      change: { what: "reaction" },
    });
    const remove = out(3, { kind: "deletion", target: target(4) });
    expect(only(show(rows, [edit, remove]))).toMatchObject({ kind: "deleted", deletedAt: 903 });
  });

  test("M5 what failed changes nothing but says so, and can be named for retry", () => {
    for (const [what, draft] of [
      ["edit", { kind: "edit", target: target(4), text: "new" }],
      ["deletion", { kind: "deletion", target: target(4) }],
      ["reaction", { kind: "reaction", target: target(4), emoji: "👍" }],
    ] as const) {
      expect(only(show(rows, [out(1, draft, "bad_request")]))).toMatchObject({
        kind: "message",
        text: "text 4",
        editedAt: null,
        reactions: [],
        change: { id: idOf(1), what, delivery: { state: "failed", problem: "bad_request" } },
      });
    }
  });

  test("M5 a failure is not hidden by what was written after it", () => {
    const outbox = [
      out(1, { kind: "edit", target: target(4), text: "refused" }, "bad_request"),
      out(2, { kind: "edit", target: target(4), text: "newer" }),
    ];
    expect(only(show(rows, outbox))).toMatchObject({ text: "newer", change: { id: idOf(1) } });
  });

  test("M5 taking a reaction back is shown at once, and another's stays", () => {
    const marks = about({
      4: [
        mark(me.account, 5, 4, { kind: "reaction", emoji: "👍" }),
        mark(them, 6, 4, { kind: "reaction", emoji: "👍" }),
      ],
    });
    const back = out(1, { kind: "reaction", target: target(4), emoji: null });
    expect(only(show(rows, [back], marks))).toMatchObject({
      reactions: [{ emoji: "👍", names: ["Ana"], own: false }],
    });
  });

  test("M5 what names another D is shown nowhere", () => {
    const draft = {
      kind: "edit",
      target: target(4, { digest: bytes(32, 7) }),
      text: "new",
    } as const;
    expect(only(show(rows, [out(1, draft)]))).toMatchObject({ text: "text 4", change: null });
  });
});

test("M5 ten thousand messages with a thousand marks are folded in well under a second", () => {
  const rows = Array.from({ length: 10_000 }, (_, i) => [i + 1, row(them, i + 1)] as const);
  const marks = Object.fromEntries(
    Array.from({ length: 1_000 }, (_, i) => {
      const on = (i + 1) * 10;
      return [on, [mark(them, on + 1, on, { kind: "edit", text: "x" })]];
    }),
  );
  const started = performance.now();
  const items = show(rows, [], about(marks));
  expect(performance.now() - started).toBeLessThan(1_000);
  expect(items.filter((item) => item.kind === "message" && item.editedAt !== null)).toHaveLength(
    1_000,
  );
});
