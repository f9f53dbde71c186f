import { describe, expect, test } from "vitest";
import {
  bytes,
  me,
  them,
  row,
  target,
  mark,
  out,
  idOf,
  beside,
  show,
  only,
} from "./effects-view.test-kit.ts";

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
    for (const [what, body] of [
      ["edit", { kind: "edit", target: target(4), text: "new" }],
      ["deletion", { kind: "deletion", target: target(4) }],
      ["reaction", { kind: "reaction", target: target(4), emoji: "👍" }],
    ] as const) {
      expect(only(show(rows, [out(1, body, "bad_request")]))).toMatchObject({
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
    const marks = beside({
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
    const body = {
      kind: "edit",
      target: target(4, { digest: bytes(32, 7) }),
      text: "new",
    } as const;
    expect(only(show(rows, [out(1, body)]))).toMatchObject({ text: "text 4", change: null });
  });
});
