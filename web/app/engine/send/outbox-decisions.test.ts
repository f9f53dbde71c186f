import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { equalBytes, toBase64url } from "../../../../workers/protocol/bytes.ts";
import type { Content } from "../../../core/messages/content.ts";
import { seededRandom } from "../../../core/people.test-kit.ts";
import { type ChainEndsRecord, type OutboxRecord, outboxRecord } from "../store/records.ts";
import {
  type Ready,
  type OrderedEntry,
  againOf,
  assignNext,
  discardable,
  isNumbered,
  newEntry,
  refusedFor,
  takenRow,
} from "./outbox-decisions.ts";

const random = seededRandom("outbox decisions");
const own = { account: random.bytes(32), device: random.bytes(32) };
const where = { conversation: random.bytes(32), device: own.device };
const START: ChainEndsRecord["own"] = { deviceSeq: 0, digest: null };
const text = (words: string): Content => ({ kind: "text", text: words });
const queueOf = (...words: readonly string[]): OrderedEntry[] =>
  words.map((word, i) => ({ order: i + 1, entry: newEntry(random, 1_000 + i, text(word)) }));
const stateOf = ({ entry }: OrderedEntry) => entry.state.state;

/** The queue with these entries in place of those under their keys. */
const changed = (queue: readonly OrderedEntry[], by: readonly OrderedEntry[]): OrderedEntry[] =>
  queue.map((one) => by.find(({ order }) => order === one.order) ?? one);

const failed = (one: OrderedEntry): OrderedEntry => ({
  ...one,
  entry: { ...one.entry, state: { state: "failed", problem: "too_large" } },
});
const unanswered = (one: OrderedEntry): OrderedEntry => ({
  ...one,
  entry: { ...one.entry, state: { state: "unanswered", after: 3 } },
});

test("A4 an entry that was stored as a draft goes out like one of today", () => {
  const [one] = queueOf("one") as [OrderedEntry];
  const { body, ...rest } = one.entry;
  expect(outboxRecord.parse({ ...rest, draft: body })).toEqual(one.entry);
  expect(outboxRecord.parse(one.entry)).toEqual(one.entry);
});

describe("what goes out next", () => {
  test("A4, M6 entries get consecutive numbers, each on the digest of the one before", () => {
    const { ready, assigned, tip } = assignNext(
      random,
      where,
      START,
      queueOf("one", "two"),
      10,
      1_000,
    );
    expect(ready.map(({ message }) => message.deviceSeq)).toEqual([1, 2]);
    expect(tip).toEqual({ deviceSeq: 2, digest: ready[1]?.message.digest, sentAt: 1_000 });
    const prevs = assigned.map(({ entry }) =>
      entry.state.state === "assigned" ? entry.state.prev : undefined,
    );
    expect(prevs).toEqual([null, ready[0]?.message.digest]);
  });

  test("T1 it is dated when its payload is fixed, and never before the one before it", () => {
    const before = { deviceSeq: 0, digest: null, sentAt: 5_000 };
    const early = assignNext(random, where, before, queueOf("one", "two"), 10, 900);
    const sentAts = (assigned: readonly OrderedEntry[]) =>
      assigned.map(({ entry }) => (entry.state.state === "assigned" ? entry.state.sentAt : null));
    expect(sentAts(early.assigned)).toEqual([5_000, 5_000]);
    const late = assignNext(random, where, early.tip, queueOf("three"), 10, 6_000);
    expect(sentAts(late.assigned)).toEqual([6_000]);
    expect(late.tip.sentAt).toBe(6_000);
  });

  test("A4 what has its number goes out as it was, and takes no second one", () => {
    const queue = queueOf("one", "two");
    const first = assignNext(random, where, START, queue, 10, 1_000);
    const again = assignNext(random, where, first.tip, changed(queue, first.assigned), 10, 1_000);
    expect(again).toEqual({ ready: first.ready, assigned: [], tip: first.tip });
  });

  test("no more than may be under way; what failed is passed over", () => {
    const [one, two, three] = queueOf("one", "two", "three") as [
      OrderedEntry,
      OrderedEntry,
      OrderedEntry,
    ];
    const { ready, assigned } = assignNext(
      random,
      where,
      START,
      [failed(one), two, three],
      1,
      1_000,
    );
    expect(ready.map(({ order }) => order)).toEqual([2]);
    expect(assigned.map(({ order }) => order)).toEqual([2]);
  });

  test("M6 what was written after something unanswered waits for it", () => {
    const [one, two, three] = queueOf("one", "two", "three") as [
      OrderedEntry,
      OrderedEntry,
      OrderedEntry,
    ];
    const { ready } = assignNext(random, where, START, [one, unanswered(two), three], 10, 1_000);
    expect(ready.map(({ order }) => order)).toEqual([1]);
  });
});

describe("what an answer makes of it", () => {
  test("A4 what was taken is a row with the number and digest that it was given", () => {
    const { assigned, ready } = assignNext(random, where, START, queueOf("one"), 1, 1_000);
    expect(takenRow(assigned[0]?.entry ?? null, 70, own)).toMatchObject({
      ...own,
      type: "message",
      at: 70,
      sentAt: 1_000,
      deviceSeq: 1,
      digest: ready[0]?.message.digest,
      body: text("one"),
    });
  });

  test("what has no number, or is gone, was settled meanwhile: it becomes no row and no clone", () => {
    const [one] = queueOf("one") as [OrderedEntry];
    for (const entry of [one.entry, failed(one).entry, unanswered(one).entry, null]) {
      expect(takenRow(entry, 70, own)).toBeNull();
      expect(isNumbered(entry)).toBe(false);
    }
    const { assigned } = assignNext(random, where, START, [one], 1, 1_000);
    expect(isNumbered(assigned[0]?.entry ?? null)).toBe(true);
  });

  test("M6 a refusal frees the number: the tip moves back and the later ones start again", () => {
    const queue = queueOf("one", "two", "three");
    const first = assignNext(random, where, START, queue, 10, 1_000);
    const out = changed(queue, first.assigned);
    const refused = refusedFor("too_large", 2, first.tip, out);
    const after = changed(out, refused.changed);
    expect(after.map(stateOf)).toEqual(["assigned", "failed", "queued"]);
    expect(refused.tip).toMatchObject({
      deviceSeq: 1,
      digest: first.ready[0]?.message.digest,
    });
    const next = assignNext(random, where, refused.tip, after, 10, 1_000);
    expect(next.ready.map(({ order, message }) => [order, message.deviceSeq])).toEqual([
      [1, 1],
      [3, 2],
    ]);
  });

  test("M6 a refusal of what was settled meanwhile moves no tip", () => {
    const [, two] = queueOf("one", "two") as [OrderedEntry, OrderedEntry];
    const tip = { deviceSeq: 4, digest: own.account };
    expect(refusedFor("too_large", 1, tip, [two])).toEqual({ changed: [], tip });
  });
});

test("only what failed is sent again, only what cannot be on its way is discarded", () => {
  const [one] = queueOf("one") as [OrderedEntry];
  const { messageId } = one.entry;
  const { assigned } = assignNext(random, where, START, [one], 1, 1_000);
  const may = (queue: readonly OrderedEntry[]) => [
    againOf(queue, messageId) !== null,
    discardable(queue, messageId),
  ];
  expect(may([one])).toEqual([false, 1]);
  expect(may([failed(one)])).toEqual([true, 1]);
  expect(may(assigned)).toEqual([false, null]);
  expect(may([unanswered(one)])).toEqual([false, null]);
  expect(may([])).toEqual([false, null]);
});

/** A device and its server, without a store between them: a queue, its tip, and what was taken. */
class Model {
  queue: OrderedEntry[] = [];
  tip = START;
  readonly log: Ready["message"][] = [];
  readonly words = new Map<string, string>();
  /** what M6 forbids and happened all the same */
  readonly broken: string[] = [];
  #order = 0;

  write(): void {
    const word = `m${this.words.size}`;
    const entry: OutboxRecord = newEntry(random, 1_000, text(word));
    this.words.set(toBase64url(entry.messageId), word);
    this.queue.push({ order: ++this.#order, entry });
  }

  /** `refuse`: which of those that go out is refused for good; `lost`: the answers never come */
  send(most: number, refuse: number | null, isLost: boolean): void {
    const { ready, assigned, tip } = assignNext(random, where, this.tip, this.queue, most, 1_000);
    this.queue = changed(this.queue, assigned);
    this.tip = tip;
    for (const [i, { order, message }] of ready.entries()) {
      const at = this.log.length + 1;
      const known = this.log[message.deviceSeq - 1];
      if (!known) {
        if (message.deviceSeq !== at) this.broken.push("a hole");
        if (refuse === i) {
          if (isLost) return;
          const refused = refusedFor("too_large", order, this.tip, this.queue);
          this.queue = changed(this.queue, refused.changed);
          this.tip = refused.tip;
          return;
        }
        this.log.push(message);
      } else if (!equalBytes(known.digest, message.digest)) this.broken.push("another payload");
      if (isLost) continue;
      const entry = this.queue.find((one) => one.order === order)?.entry ?? null;
      if (takenRow(entry, at, own)?.deviceSeq !== message.deviceSeq) this.broken.push("no row");
      this.queue = this.queue.filter((one) => one.order !== order);
    }
  }

  again(): void {
    for (const { entry } of this.queue) {
      const again = againOf(this.queue, entry.messageId);
      if (!again) continue;
      this.queue = this.queue.filter(({ order }) => order !== again.order);
      this.queue.push({ order: ++this.#order, entry: again.entry });
    }
  }
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ do: "write" } as const) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("send" as const),
      most: fc.integer({ min: 1, max: 4 }),
      refuse: fc.option(fc.integer({ min: 0, max: 3 })),
      isLost: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: "again" } as const) },
);

test("A4, M6 whatever is refused, lost and sent again: numbers have no hole, and each message arrives once", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
      const model = new Model();
      for (const one of steps) {
        if (one.do === "write") model.write();
        else if (one.do === "again") model.again();
        else model.send(one.most, one.refuse, one.isLost);
      }
      for (let round = 0; round <= model.words.size; round++) model.send(4, null, false);
      const arrived = model.log.map(({ messageId }) => model.words.get(toBase64url(messageId)));
      expect(model.log.map(({ deviceSeq }) => deviceSeq)).toEqual(arrived.map((_, i) => i + 1));
      expect(model.queue.every((one) => stateOf(one) === "failed")).toBe(true);
      const kept = model.queue.map(({ entry }) => model.words.get(toBase64url(entry.messageId)));
      expect(model.broken).toEqual([]);
      const all = [...arrived, ...kept];
      expect([all.length, new Set(all)]).toEqual([model.words.size, new Set(model.words.values())]);
      if (steps.some((one) => one.do === "again")) return;
      const numbers = arrived.map((word) => Number(word?.slice(1)));
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    }),
    { numRuns: 300 },
  );
});
