import { describe, expect, test } from "vitest";
import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import { messageIdText } from "../../../../workers/protocol/ids.ts";
import type { Target } from "../../../core/messages/content.ts";
import { quotedOutside } from "./marks-and-quotes.ts";
import {
  bytes,
  me,
  them,
  row,
  target,
  mark,
  out,
  beside,
  show,
  only,
} from "./effects-view.test-kit.ts";

describe("M5 what is stored", () => {
  test("M5 of two deletions the earliest says when, whichever emptied the row", () => {
    const emptied = row(them, 3, { kind: "deleted", deletedAt: 110 });
    const marks = beside({ 3: [mark(them, 10, 3, { kind: "deletion" })] });
    expect(only(show([[3, emptied]], [], marks))).toMatchObject({
      kind: "deleted",
      deletedAt: 100,
    });
  });

  test("M5 an edit shows the new text and when; the edit itself is no message of its own", () => {
    const marks = beside({ 4: [mark(them, 5, 4, { kind: "edit", text: "better" })] });
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
    const marks = beside({
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
    const marks = beside({ 4: [mark(them, 6, 4, { kind: "deletion" })] });
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
    const marks = beside({
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
    const marks = beside({ 3: [mark(me.account, 4, 3, { kind: "edit", text: "new\n words" })] });
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
    const items = show([[5, reply(5, target(3))]], waiting, beside({}, { 3: row(them, 3) }));
    expect(items).toMatchObject([
      { reply: { state: "here", seq: 3, text: "text 3" } },
      { reply: { state: "elsewhere", seq: 2 }, seq: null },
    ]);
  });

  test("M5 a deletion takes its quotes along, stored, pending or at the server alone", () => {
    const quoting = [5, reply(5, target(4))] as const;
    const gone = row(me.account, 4, { kind: "deleted", deletedAt: 77 });
    const deletes = out(1, { kind: "deletion", target: target(4) });
    const hole = beside({ 4: [mark(them, 6, 4, { kind: "deletion" })] });
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

test("M5 ten thousand messages with a thousand marks are folded in, each once", () => {
  const rows = Array.from({ length: 10_000 }, (_, i) => [i + 1, row(them, i + 1)] as const);
  const marks = Object.fromEntries(
    Array.from({ length: 1_000 }, (_, i) => {
      const on = (i + 1) * 10;
      return [on, [mark(them, on + 1, on, { kind: "edit", text: "x" })]];
    }),
  );
  const items = show(rows, [], beside(marks));
  expect(items.filter((item) => item.kind === "message" && item.editedAt !== null)).toHaveLength(
    1_000,
  );
});
