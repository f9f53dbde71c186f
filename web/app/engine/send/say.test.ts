import { expect, test } from "vitest";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import { C1 } from "../../ids.test-kit.ts";
import { type Content, isEditable, isShown } from "../../../core/messages/content.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { type MessageRecord, marksRecord, messageRecord } from "../store/records.ts";
import { row, target } from "../timeline/effects-view.test-kit.ts";
import { type Writing, changeableAt, messageHandlers, targetAt } from "./say.ts";

const account = new Uint8Array(32).fill(1);
const other = new Uint8Array(32).fill(2);
const DAY = LIMITS.changeMs;

/** A log of these rows, and an account that wants something of them at this time. */
async function holding(rows: Readonly<Record<number, MessageRecord>>, now = 0) {
  const store = memoryStore();
  await store.write(["messages"], async (writer) => {
    for (const [seq, one] of Object.entries(rows)) {
      await writer.put("messages", [C1, Number(seq)], messageRecord, one);
    }
  });
  const outcome = (work: Promise<unknown>) =>
    work.then(
      () => "may",
      (error: unknown) => (error instanceof Error ? error.message : "?"),
    );
  return {
    store,
    change: (seq = 1, may = isShown) =>
      outcome(changeableAt({ store, now: () => now }, C1, seq, account, may)),
    name: (seq: number, may = isShown) => outcome(targetAt(store, C1, seq, may)),
    edits: async () =>
      (await changeableAt({ store, now: () => now }, C1, 1, account, isShown)).edits,
  };
}

const mine = row(account, 1);
const REFUSED = expect.stringContaining("not_found");

test("M5 an own message may be changed for a day, another's never", async () => {
  expect(await (await holding({ 1: mine }, 10 + DAY)).change()).toBe("may");
  expect(await (await holding({ 1: mine }, 11 + DAY)).change()).toEqual(REFUSED);
  expect(await (await holding({ 1: row(other, 1) })).change()).toEqual(REFUSED);
});

test("M5 what is named is a message that is there, and of a kind of which that may be wanted", async () => {
  const placed = { type: "bundle", at: 1, n: 1, change: "join", account } as const;
  const reaction = row(account, 3, { kind: "reaction", emoji: "👍", target: target(1) });
  const { name, change } = await holding({ 1: mine, 2: placed, 3: reaction });
  expect(await name(1)).toBe("may");
  for (const seq of [2, 3, 4]) {
    expect(await name(seq)).toEqual(REFUSED);
    expect(await change(seq)).toEqual(REFUSED);
  }
  expect(await change(1, isEditable)).toBe("may");
});

test("M5 with an own message its own edits are named, and nothing that others want of it", async () => {
  const edit = (by: Uint8Array, n: number) => row(by, n, { kind: "edit", target: target(1) });
  const { store, edits } = await holding({
    1: mine,
    2: edit(account, 2),
    3: edit(other, 3),
    4: row(account, 4, { kind: "reaction", emoji: "👍", target: target(1) }),
  });
  const { seq: _, ...named } = target(1);
  const mark = (by: Uint8Array, seq: number) => ({ account: by, seq, at: 1, sentAt: 1, named });
  await store.write(["marks"], (writer) =>
    writer.put("marks", [C1, 1], marksRecord, {
      marks: [
        { ...mark(account, 2), wish: { kind: "edit", text: "a" } },
        { ...mark(other, 3), wish: { kind: "edit", text: "b" } },
        { ...mark(account, 4), wish: { kind: "reaction", emoji: "👍" } },
        { ...mark(account, 5), wish: { kind: "edit", text: "not stored" } },
      ],
    }),
  );
  expect((await edits()).map(({ seq }) => seq)).toEqual([2]);
});

/** What is said when these commands come. */
function saying() {
  const said: Content[] = [];
  const space: Writing = {
    targetAt: () => Promise.resolve(target(1)),
    changeableAt: () => Promise.resolve({ target: target(1), edits: [] }),
    say: (_, content) => Promise.resolve(void said.push(content)),
  };
  return { said, handlers: messageHandlers(() => space) };
}
const message = (text: string) => ({
  key: "k",
  conversation: C1,
  text,
  left: { text: "", seen: 0 },
});

test("a blank text is not said, in a message or as an edit", async () => {
  const { said, handlers } = saying();
  for (const text of ["", "  \n", " a "]) {
    await handlers.send(message(text));
    await handlers.editMessage({ conversation: C1, seq: 1, text });
  }
  expect(said).toEqual([
    { kind: "text", text: "a" },
    { kind: "edit", text: "a", target: target(1) },
  ]);
});

test("a text over the limit is refused by its name, before anything is queued", async () => {
  const { said, handlers } = saying();
  await handlers.send(message("a".repeat(LIMITS.text)));
  await expect(handlers.send(message("a".repeat(LIMITS.text + 1)))).rejects.toMatchObject({
    problem: "too_long",
  });
  expect(said).toHaveLength(1);
});
