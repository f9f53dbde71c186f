import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import { newTalk } from "../../../core/sync/server.test-kit.ts";
import { readMarksAndQuotes } from "../timeline/marks-and-quotes.ts";
import { type Tab, openTab } from "../device.test-kit.ts";
import { forgetDevice } from "../store/local-store.test-kit.ts";
import { putMessage } from "./marks.ts";
import { type KeptConversation, newConversation } from "../conversation/kept.ts";
import { type MessageRow, marksRecord, messageRecord } from "../store/records.ts";
import { placedOf } from "../store/placed.ts";
import { timelineItems } from "../timeline/timeline-view.ts";

const talk = await newTalk("engine folds");
const { owner, patient, together } = talk.room;
let tab: Tab;

afterEach(forgetDevice);

const accounts = [owner.account, patient.account] as const;
const digestOf = (n: number) => new Uint8Array(32).fill(n);
const place = fc.integer({ min: 1, max: 3 });
const target = place.chain((seq) =>
  fc.record({
    seq: fc.constant(seq),
    device: fc.constant(digestOf(7)),
    deviceSeq: fc.constant(seq),
    digest: fc.constantFrom(digestOf(seq), digestOf(seq), digestOf(99)),
  }),
);
const body = fc.oneof(
  target.map((on) => ({ kind: "edit" as const, target: on, text: `edit of ${on.seq}` })),
  target.map((on) => ({ kind: "deletion" as const, target: on })),
  fc.record({
    kind: fc.constant("reaction" as const),
    target,
    emoji: fc.constantFrom("👍", null),
  }),
);
const said = fc.record({
  body,
  account: fc.constantFrom(...accounts),
  sentAt: fc.constantFrom(1, 2, LIMITS.changeMs, LIMITS.changeMs + 5),
});

const rowAt = (seq: number, account: Uint8Array, more: Partial<MessageRow>): MessageRow => ({
  type: "message",
  at: seq,
  sentAt: 1,
  account,
  device: digestOf(7),
  deviceSeq: seq,
  messageId: digestOf(seq).slice(0, 16),
  digest: digestOf(seq),
  prev: null,
  missingBefore: false,
  body: { kind: "text", text: `text ${seq}` },
  ...more,
});

test("M5 stored in any order, the same rows are the same timeline, and a text is its author's", async () => {
  tab = await openTab(owner, together.id, { server: talk.server, people: [patient] });
  const stores = ["messages", "marks", "numbers"] as const;
  const own = { account: owner.account, device: owner.device.id };
  const record = newConversation({ title: "", owner: owner.account, createdAt: 1 });
  const timelineOf = async (rows: readonly MessageRow[]) => {
    await tab.deps.store.write(stores, async (writer) => {
      for (const store of stores) await writer.clear(store);
      let next: KeptConversation = { ...record, oldest: 100, cursor: 99 };
      for (const row of rows) {
        next = (await putMessage(writer, own, tab.id, next, row.deviceSeq, row)).kept;
      }
    });
    const span = { id: tab.id, from: 0, to: 99 };
    const { store } = tab.deps;
    const placed = placedOf(await store.readAll("messages", messageRecord, span));
    const marks = placedOf(await store.readAll("marks", marksRecord, span));
    const beside = await readMarksAndQuotes(store, tab.id, { rows: placed, marks }, []);
    const self = { account: owner.account, name: "me", receipts: true };
    return timelineItems(record, placed, [], self, beside);
  };
  const made = fc
    .array(said, { maxLength: 7 })
    .map((all) => [
      ...[1, 2, 3].map((seq) => rowAt(seq, accounts[seq % 2] ?? accounts[0], {})),
      ...all.map((one, i) => rowAt(10 + i, one.account, { body: one.body, sentAt: one.sentAt })),
    ]);
  const cases = made.chain((rows) =>
    fc.record({
      rows: fc.constant(rows),
      order: fc.shuffledSubarray(rows, { minLength: rows.length }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ({ rows, order }) => {
      const forward = await timelineOf(rows);
      expect(await timelineOf(order)).toEqual(forward);
      expect(await timelineOf(rows.toReversed())).toEqual(forward);
      for (const item of forward) {
        if (item.kind !== "message" || item.text.startsWith("text")) continue;
        const author = accounts[(item.seq ?? 0) % 2];
        const wrote = rows.some(
          (row) =>
            row.body.kind === "edit" &&
            row.body.target.seq === item.seq &&
            row.account === author &&
            row.body.target.digest[0] === item.seq,
        );
        expect(wrote).toBe(true);
      }
    }),
    { numRuns: 40 },
  );
});
