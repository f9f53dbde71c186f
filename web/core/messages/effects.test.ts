import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { equalBytes } from "../../../workers/protocol/bytes.ts";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import {
  HOLE_CAP,
  type Mark,
  type Marked,
  type Wish,
  deletedThere,
  effectsOn,
  isExcused,
  withMark,
  withoutTexts,
} from "./effects.ts";

const bytes = (fill: number) => new Uint8Array(32).fill(fill);
const author = bytes(1);
const other = bytes(2);
const target: Marked = {
  account: author,
  device: bytes(3),
  deviceSeq: 4,
  digest: bytes(5),
  sentAt: 1_000,
  at: 40,
};
const named = { device: target.device, deviceSeq: target.deviceSeq, digest: target.digest };
const mark = (seq: number, wish: Wish, change: Partial<Mark> = {}): Mark => ({
  account: author,
  seq,
  at: seq * 10,
  sentAt: 2_000,
  named,
  wish,
  ...change,
});
const edit = (seq: number, text: string, change: Partial<Mark> = {}) =>
  mark(seq, { kind: "edit", text }, change);
const deletion = (seq: number, change: Partial<Mark> = {}) =>
  mark(seq, { kind: "deletion" }, change);
const reaction = (seq: number, emoji: string | null, change: Partial<Mark> = {}) =>
  mark(seq, { kind: "reaction", emoji }, change);
const gathered = (marks: readonly Mark[]): readonly Mark[] =>
  marks.reduce<readonly Mark[]>(withMark, []);

const NOTHING = { edit: null, deletedAt: null, reactions: [] };
const LATE = target.sentAt + LIMITS.changeMs + 1;

describe("M5 what a message has become", () => {
  test("M5 the newest edit of its author, and a deletion, count (positive control)", () => {
    const edits = [edit(7, "first"), edit(9, "second"), edit(8, "between")];
    expect(effectsOn(target, edits).edit).toEqual({ text: "second", at: 90 });
    expect(effectsOn(target, [deletion(9)]).deletedAt).toBe(90);
    const last = edit(7, "just in time", { sentAt: LATE - 1 });
    expect(effectsOn(target, [last]).edit?.text).toBe("just in time");
  });

  test("M5 an edit or deletion counts within 24 hours by its author's clock and by the log's", () => {
    const last = target.at + LIMITS.changeMs;
    for (const make of [
      (change: Partial<Mark>) => edit(7, "new", change),
      (change: Partial<Mark>) => deletion(7, change),
    ]) {
      expect(effectsOn(target, [make({ at: last })])).not.toEqual(NOTHING);
      // Whoever dates it back is held to the log, and whoever holds it back to the author.
      expect(effectsOn(target, [make({ at: last + 1 })])).toEqual(NOTHING);
      expect(effectsOn(target, [make({ sentAt: LATE })])).toEqual(NOTHING);
    }
    expect(effectsOn(target, [reaction(7, "👍", { at: last + 1, sentAt: LATE })])).not.toEqual(
      NOTHING,
    );
  });

  test("M5 another account changes nothing but its own reaction", () => {
    const by = { account: other };
    expect(effectsOn(target, [edit(7, "forged", by), deletion(8, by)])).toEqual(NOTHING);
    expect(effectsOn(target, [reaction(7, "👍", by)]).reactions).toEqual([
      { account: other, emoji: "👍" },
    ]);
  });

  test("M5 what names another device, number or D is about something else", () => {
    for (const wrong of [
      { ...named, device: bytes(9) },
      { ...named, deviceSeq: 5 },
      { ...named, digest: bytes(9) },
    ]) {
      const marks = [
        edit(7, "x", { named: wrong }),
        deletion(8, { named: wrong }),
        reaction(9, "👍", { named: wrong }),
      ];
      expect(effectsOn(target, marks)).toEqual(NOTHING);
    }
  });

  test("M5 edits and deletions of more than a day later do not count, and an earlier edit stays", () => {
    const late = { sentAt: LATE };
    expect(effectsOn(target, [deletion(8, late)])).toEqual(NOTHING);
    expect(effectsOn(target, [edit(7, "kept"), edit(8, "late", late)]).edit?.text).toBe("kept");
    expect(effectsOn(target, [reaction(8, "👍", late)]).reactions).toHaveLength(1);
  });

  test("M5 a reaction is one of each account; the newest counts, and null takes it back", () => {
    const by = { account: other };
    const marks = gathered([reaction(9, "👍"), reaction(7, "🎉", by), reaction(8, "❤️", by)]);
    expect(effectsOn(target, marks).reactions).toEqual([
      { account: other, emoji: "❤️" },
      { account: author, emoji: "👍" },
    ]);
    const back = withMark(marks, reaction(10, null, by));
    expect(effectsOn(target, back).reactions).toEqual([{ account: author, emoji: "👍" }]);
    expect(back).toHaveLength(2);
  });

  test("M5 a deletion cannot be undone by a later one that names it wrongly or comes late", () => {
    const marks = gathered([
      deletion(7),
      deletion(8, { sentAt: LATE }),
      deletion(9, { named: { ...named, digest: bytes(9) } }),
    ]);
    expect(effectsOn(target, marks).deletedAt).toBe(70);
  });

  test("M5 with a deletion go the texts of all edits", () => {
    const marks = withoutTexts(gathered([edit(7, "secret"), deletion(8), reaction(9, "👍")]));
    expect(marks.map(({ wish }) => wish.kind)).toEqual(["deletion", "reaction"]);
    expect(deletedThere(marks)?.seq).toBe(8);
    expect(deletedThere([reaction(9, "👍")])).toBeNull();
  });

  test("M5 one account cannot fill a place, nor push out what another or a deletion said", () => {
    const many = Array.from({ length: 200 }, (_, i) => edit(20 + i, `e${i}`, { account: other }));
    const marks = gathered([edit(7, "mine"), deletion(8, { account: other }), ...many]);
    expect(marks.length).toBeLessThan(70);
    expect(effectsOn(target, marks).edit?.text).toBe("mine");
    expect(marks.some(({ seq }) => seq === 8)).toBe(true);
  });
});

const anyWish = fc.oneof(
  fc.string({ minLength: 1, maxLength: 4 }).map((text): Wish => ({ kind: "edit", text })),
  fc.constant<Wish>({ kind: "deletion" }),
  fc.constantFrom("👍", "🎉", null).map((emoji): Wish => ({ kind: "reaction", emoji })),
);
const anyMark = fc
  .record({
    account: fc.constantFrom(author, other),
    sentAt: fc.constantFrom(1_000, 2_000, LATE - 1, LATE, LATE + 5),
    digest: fc.constantFrom(target.digest, target.digest, bytes(9)),
    wish: anyWish,
  })
  .map(({ digest, wish, ...rest }) => mark(0, wish, { ...rest, named: { ...named, digest } }));
const manyMarks = fc
  .array(anyMark, { maxLength: 14 })
  .map((marks) => marks.map((one, i) => ({ ...one, seq: 10 + i, at: (10 + i) * 10 })));
const shuffled = manyMarks.chain((marks) =>
  fc.record({
    marks: fc.constant(marks),
    order: fc.shuffledSubarray(marks, { minLength: marks.length }),
    again: fc.subarray(marks),
  }),
);

test("M5 folding does not depend on the order of arrival, nor on repetition", () => {
  fc.assert(
    fc.property(shuffled, ({ marks, order, again }) => {
      const inOrder = effectsOn(target, gathered(marks));
      expect(effectsOn(target, gathered([...order, ...again]))).toEqual(inOrder);
      // Nothing that counts is dropped on the way.
      const { deletedAt: _, ...rest } = effectsOn(target, marks);
      expect(inOrder).toMatchObject(rest);
    }),
  );
});

test("M5 whatever others send, the text is one that the author wrote, and in time", () => {
  fc.assert(
    fc.property(manyMarks, (marks) => {
      const { edit: shown, deletedAt, reactions } = effectsOn(target, gathered(marks));
      const own = marks.filter(
        ({ account, sentAt, named: { digest } }) =>
          equalBytes(account, author) && sentAt < LATE && equalBytes(digest, target.digest),
      );
      const newest = own.findLast(({ wish }) => wish.kind === "edit")?.wish;
      expect(shown?.text ?? null).toBe(newest?.kind === "edit" ? newest.text : null);
      expect(deletedAt !== null).toBe(own.some(({ wish }) => wish.kind === "deletion"));
      expect(reactions.length).toBeLessThanOrEqual(2);
    }),
  );
});

describe("M5, M6 a hole that was deleted", () => {
  const next = { account: author, device: target.device, deviceSeq: 7, prev: bytes(6) };
  const saying = (...said: readonly (readonly [number, Uint8Array, Uint8Array])[]) => {
    return (deviceSeq: number) =>
      said.filter(([at]) => at === deviceSeq).map(([, account, digest]) => ({ account, digest }));
  };

  test("M5, M6 every number named and the last D followed: deleted, not missing (positive control)", () => {
    const named5and6 = saying([5, author, bytes(5)], [6, author, bytes(6)]);
    expect(isExcused({ from: 5, next }, named5and6)).toBe(true);
    expect(isExcused({ from: 6, next }, saying([6, author, bytes(6)]))).toBe(true);
  });

  test("M6 nobody says so, only some are named, another D, another account: missing", () => {
    expect(isExcused({ from: 6, next }, saying())).toBe(false);
    expect(isExcused({ from: 5, next }, saying([6, author, bytes(6)]))).toBe(false);
    expect(isExcused({ from: 5, next }, saying([5, author, bytes(5)]))).toBe(false);
    expect(isExcused({ from: 6, next }, saying([6, author, bytes(9)]))).toBe(false);
    expect(isExcused({ from: 6, next }, saying([6, other, bytes(6)]))).toBe(false);
    const mixed = saying([5, other, bytes(5)], [6, author, bytes(6)]);
    expect(isExcused({ from: 5, next }, mixed)).toBe(false);
  });

  test("M6 a hole without end or of nothing is not looked at", () => {
    const all = () => [{ account: author, digest: bytes(6) }];
    const far = { ...next, deviceSeq: HOLE_CAP + 1 };
    expect(isExcused({ from: 1, next: far }, all)).toBe(true);
    expect(isExcused({ from: 1, next: { ...far, deviceSeq: HOLE_CAP + 2 } }, all)).toBe(false);
    expect(isExcused({ from: 7, next }, all)).toBe(false);
    expect(isExcused({ from: 6, next: { ...next, prev: null } }, all)).toBe(false);
  });
});
