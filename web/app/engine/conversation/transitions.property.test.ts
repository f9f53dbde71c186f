import { accountIdText } from "../../../../workers/protocol/ids.ts";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isUnread } from "../../../core/messages/content.ts";
import type { MessageRow } from "../store/records.ts";
import { type KeptConversation, newConversation } from "./kept.ts";
import {
  cursorReached,
  historyReached,
  messageAcknowledged,
  messageChained,
  messageDeleted,
  placeStored,
  unreadAmong,
} from "./log-transitions.ts";
import {
  membersSeen,
  readUpTo,
  receiptConfirmed,
  receiptDue,
  receiptSettled,
  serverStateHeard,
} from "./reading-transitions.ts";

const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill);
const me = { account: bytes(32, 1), device: bytes(32, 2) };
const others = [3, 4].map((fill) => ({ account: bytes(32, fill), device: bytes(32, fill + 10) }));
const bodies: readonly MessageRow["body"][] = [
  { kind: "text", text: "hello" },
  { kind: "profile", name: "Ana" },
  { kind: "unknown", name: "of a later version" },
];

const small = fc.integer({ min: 0, max: 30 });
const event = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      is: fc.constant("message" as const),
      from: fc.constantFrom(me, ...others),
      body: fc.constantFrom(...bodies),
    }),
  },
  { weight: 2, arbitrary: fc.record({ is: fc.constant("nothing there" as const), skip: small }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant("older" as const), by: small }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant("read" as const), seq: small }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant("deleted" as const), which: small }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant("acknowledged" as const), ahead: small }) },
  {
    weight: 3,
    arbitrary: fc.record({
      is: fc.constant("heard" as const),
      of: fc.constantFrom(...others),
      seq: small,
      at: small,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      is: fc.constantFrom("due" as const, "confirmed" as const, "settled" as const),
      seq: fc.integer({ min: 1, max: 30 }),
      counter: small,
    }),
  },
);
type Event = typeof event extends fc.Arbitrary<infer E> ? E : never;

/** What a device keeps, beside the rows that it stored. */
class Device {
  kept: KeptConversation;
  readonly rows = new Map<number, MessageRow>();
  #deviceSeqs = new Map<number, number>();

  constructor(oldest: number) {
    const fresh = newConversation({ title: "Ana", owner: me.account, createdAt: 0 });
    this.kept = { ...fresh, oldest, cursor: oldest - 1 };
  }

  #row(from: typeof me, body: MessageRow["body"], at: number): MessageRow {
    const mark = from.device[0] ?? 0;
    const deviceSeq = (this.#deviceSeqs.get(mark) ?? 0) + 1;
    this.#deviceSeqs.set(mark, deviceSeq);
    const chain = { deviceSeq, digest: bytes(32, deviceSeq), prev: null };
    const said = { messageId: bytes(16, at), body, missingBefore: false };
    return { type: "message", at, ...from, ...chain, ...said };
  }

  take(what: Event): void {
    const { kept } = this;
    switch (what.is) {
      case "message": {
        const seq = kept.cursor + 1;
        const stored = this.rows.get(seq);
        if (stored) {
          this.kept = cursorReached(kept, seq);
          return;
        }
        const row = this.#row(what.from, what.body, seq);
        this.rows.set(seq, row);
        const chained = what.from === me ? kept : messageChained(kept, seq, row);
        this.kept = placeStored(chained, seq, row, me);
        return;
      }
      case "acknowledged": {
        const seq = kept.cursor + 1 + what.ahead;
        if (this.rows.has(seq)) return;
        const row = this.#row(me, { kind: "text", text: "mine" }, seq);
        this.rows.set(seq, row);
        this.kept = messageAcknowledged(kept, seq, row, me);
        return;
      }
      case "nothing there":
        this.kept = cursorReached(kept, kept.cursor + what.skip - 5);
        return;
      case "older":
        this.kept = historyReached(kept, Math.max(1, kept.oldest - what.by + 5));
        return;
      case "read": {
        const unread = unreadAmong(this.#stored(), what.seq, me);
        this.kept = readUpTo(kept, what.seq, unread) ?? kept;
        return;
      }
      case "deleted": {
        const row = this.rows.get(what.which);
        if (!row || row.body.kind === "deleted") return;
        const wasUnread = unreadAmong([{ seq: what.which, row }], kept.readSeq, me) === 1;
        this.rows.set(what.which, { ...row, body: { kind: "deleted", deletedAt: 1 } });
        this.kept = messageDeleted(kept, what.which, wasUnread);
        return;
      }
      case "heard": {
        const received = [{ account: what.of.account, seq: what.seq }];
        const account = accountIdText(what.of.account);
        const members = new Set([account]);
        const heard = serverStateHeard(kept, { lastSeq: what.seq, received }, members);
        this.kept = membersSeen(heard, [account], what.at, members);
        return;
      }
      case "due":
        this.kept = receiptDue(kept, what.seq, 1) ?? kept;
        return;
      case "settled":
        this.kept = receiptSettled(kept, what.seq) ?? kept;
        return;
      case "confirmed":
        this.kept = receiptConfirmed(kept, what.counter, { seq: what.seq, except: [] }) ?? kept;
    }
  }

  #stored() {
    return [...this.rows].map(([seq, row]) => ({ seq, row }));
  }

  /** Others' messages after what was read, counted anew. */
  unread(): number {
    return this.#stored().filter(
      ({ seq, row }) => seq > this.kept.readSeq && row.account !== me.account && isUnread(row.body),
    ).length;
  }
}

const rises = (before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>) =>
  Object.entries(before).every(([name, value]) => (after[name] ?? -1) >= value);

const tipsOf = ({ tips }: KeptConversation) =>
  Object.fromEntries(Object.entries(tips).map(([id, { deviceSeq }]) => [id, deviceSeq]));

test("M6, M10 whatever happens in whatever order: places, chains and reading go one way, and unread is what is unread", () => {
  const run = fc.record({
    oldest: fc.integer({ min: 1, max: 9 }),
    events: fc.array(event, { minLength: 5, maxLength: 60 }),
  });
  fc.assert(
    fc.property(run, ({ oldest, events }) => {
      const device = new Device(oldest);
      for (const what of events) {
        const before = device.kept;
        device.take(what);
        const { kept } = device;
        expect(kept.oldest).toBeLessThanOrEqual(kept.cursor + 1);
        expect(kept.oldest).toBeLessThanOrEqual(before.oldest);
        expect(kept.oldest).toBeGreaterThanOrEqual(1);
        expect(kept.cursor).toBeGreaterThanOrEqual(before.cursor);
        expect(kept.lastSeq).toBeGreaterThanOrEqual(before.lastSeq);
        expect(kept.readSeq).toBeGreaterThanOrEqual(before.readSeq);
        expect(kept.lastAt).toBeGreaterThanOrEqual(before.lastAt);
        expect(kept.unread).toBe(device.unread());
        expect(rises(tipsOf(before), tipsOf(kept))).toBe(true);
        for (const [id, { deviceSeq }] of Object.entries(kept.firsts)) {
          expect(deviceSeq).toBeLessThanOrEqual(kept.tips[id]?.deviceSeq ?? 0);
        }
        expect(rises(before.received, kept.received)).toBe(true);
        expect(rises(before.seen, kept.seen)).toBe(true);
        expect(kept.receipt.counter).toBeGreaterThanOrEqual(before.receipt.counter);
        expect(kept.receipt.told?.seq ?? 0).toBeGreaterThanOrEqual(before.receipt.told?.seq ?? 0);
      }
    }),
    { numRuns: 400 },
  );
});
