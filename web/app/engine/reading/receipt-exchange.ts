import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import { ERRORS } from "../../../../workers/protocol/errors.ts";
import type { ConversationDown, ConversationUp } from "../../../../workers/protocol/frames.ts";
import { type ConversationId, accountIdText } from "../../../../workers/protocol/ids.ts";
import { decodeReceipt, receiptHash } from "../../../../workers/protocol/receipt.ts";
import { isWaiting } from "../../../core/receipts/open.ts";
import { advance, readingUpTo } from "../../../core/receipts/position.ts";
import { sealReceipt } from "../../../core/receipts/seal.ts";
import { withLock } from "../../../platform/locks.ts";
import type { Identity } from "../account/identity.ts";
import type { PreferencesKeeper } from "../private/preferences.ts";
import { reportUnexpected } from "../store/problem-of.ts";
import { type Reading, namedMessage, placesBetween, understandReceipt } from "./receipt-rows.ts";
import { changeKept } from "../conversation/keep.ts";
import {
  memberRead,
  receiptConfirmed,
  receiptSettled,
} from "../conversation/reading-transitions.ts";
import { sendingAs } from "../account/sending-as.ts";
import { waitMs } from "../wire/backoff.ts";
import { exchange } from "../wire/wire.ts";

export type Refusal = Extract<ConversationDown, { t: "refused" }>;

/** Seals and sends what is due, opens and believes what comes (M10). */
export interface ReceiptExchange {
  /** Tells what waits. */
  flush(id: ConversationId): void;
  /** Slots as the server shows them: the others', or the own one in answer to a receipt. */
  take(id: ConversationId, receipts: readonly Uint8Array[]): Promise<void>;
  /** More is stored than before: what could not be judged may be judged now. */
  again(id: ConversationId): Promise<void>;
  refused(id: ConversationId, refusal: Refusal): void;
  close(): void;
}

export interface ReceiptSurroundings extends Reading {
  readonly me: Identity;
  readonly preferences: Pick<PreferencesKeeper, "current">;
  /** by the open socket; false when it cannot take it now */
  readonly say: (id: ConversationId, frame: ConversationUp) => boolean;
  readonly changed: (id: ConversationId) => void;
}

interface Flying {
  readonly bytes: Uint8Array;
  /** what was read when it was made */
  readonly upTo: number;
}

/** Reading comes in bursts while somebody scrolls: told together, and at most once in this time. */
const SETTLE_MS = 200;
const APART_MS = 1_000;
const RETRY_MS = 30_000;

export function createReceiptExchange(around: ReceiptSurroundings): ReceiptExchange {
  const { deps, library, directory, me, preferences, changed } = around;
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const toldAt = new Map<string, number>();
  const flying = new Map<string, Flying>();
  /** others' receipts that name what is not stored here yet, by conversation and account */
  const waiting = new Map<string, Map<string, Uint8Array>>();
  let closed = false;

  const settle = (id: ConversationId, upTo: number): Promise<boolean> =>
    changeKept(deps.store, id, (kept) => receiptSettled(kept, upTo));

  const send = async (id: ConversationId): Promise<void> => {
    const record = await library.kept(id);
    const due = record?.receipt.due;
    if (!due || record.blocked || record.head < 0) return;
    const { receipts, presence } = preferences.current();
    const { counter, told } = record.receipt;
    const from = told?.seq ?? record.oldest;
    const span = { from, to: due.seq };
    const isBehind = due.seq < from;
    const places = isBehind
      ? []
      : await placesBetween(deps, me.account, id, span, told?.except ?? []);
    const reading = receipts ? readingUpTo(places, due.seq) : null;
    const isNew =
      reading !== null &&
      (!told || reading.seq > told.seq || reading.except.length < told.except.length);
    if (!isNew) {
      await settle(id, due.seq);
      return;
    }
    const { sender, epoch } = await sendingAs(library, directory, me, id);
    const content = { ...reading, at: due.at, presence };
    const bytes = await sealReceipt(deps.suite.random, sender, epoch, counter + 1, content);
    flying.set(id, { bytes, upTo: due.seq });
    toldAt.set(id, deps.now());
    const frame = { t: "receipt", receipt: bytes } as const;
    if (around.say(id, frame)) return;
    for (const answer of await exchange(deps.api, id, [frame])) {
      if (answer.t === "receipt") await take(id, [answer.receipt]);
      if (answer.t === "refused") refused(id, answer);
    }
  };

  const schedule = (id: ConversationId, ms: number): void => {
    if (closed) return;
    clearTimeout(timers.get(id));
    const work = (): void => {
      timers.delete(id);
      // What cannot be told now waits in the record for the next contact.
      withLock(`thyme/receipt/${id}`, async () => {
        if (!closed) await send(id);
      }).catch(reportUnexpected);
    };
    timers.set(id, setTimeout(work, ms));
  };

  const flush = (id: ConversationId): void => {
    const last = toldAt.get(id);
    const rest = last === undefined ? 0 : last + APART_MS - deps.now();
    schedule(id, Math.max(SETTLE_MS, Math.min(rest, APART_MS)));
  };

  /** The own slot: what this receipt settles, or what another device told before. */
  const takeOwn = async (
    id: ConversationId,
    bytes: Uint8Array,
    counter: number,
    told: { readonly seq: number; readonly except: number[] },
  ): Promise<void> => {
    const mine = flying.get(id);
    const isMine = mine !== undefined && equalBytes(mine.bytes, bytes);
    const higher = await changeKept(deps.store, id, (kept) =>
      receiptConfirmed(kept, counter, told),
    );
    if (isMine) {
      flying.delete(id);
      await settle(id, mine.upTo);
    } else if (higher) flush(id);
  };

  const takeOne = async (id: ConversationId, bytes: Uint8Array): Promise<boolean> => {
    const result = await understandReceipt(around, id, bytes);
    const later = (account: Uint8Array): false => {
      const held = waiting.get(id) ?? new Map<string, Uint8Array>();
      waiting.set(id, held.set(accountIdText(account), bytes));
      return false;
    };
    if (!result) return false;
    if (!result.ok) {
      return result.header && isWaiting(result.problem) ? later(result.header.account) : false;
    }
    const { header, reading } = result;
    if (equalBytes(header.account, me.account)) {
      const { seq, except } = reading;
      await takeOwn(id, bytes, header.counter, { seq, except: [...except] });
      return false;
    }
    const named = await namedMessage(around, id, reading.seq);
    if (named === "later") return later(header.account);
    const account = accountIdText(header.account);
    const receipt = { counter: header.counter, n: header.n, reading };
    return changeKept(deps.store, id, (kept) => {
      const position = advance(kept.reading[account], receipt, named, deps.now());
      return position && memberRead(kept, account, position);
    });
  };

  const take = async (id: ConversationId, receipts: readonly Uint8Array[]): Promise<void> => {
    let news = false;
    for (const bytes of receipts) news = (await takeOne(id, bytes)) || news;
    if (news) changed(id);
  };

  const refused = (id: ConversationId, { ref, error, retryAfterMs }: Refusal): void => {
    const mine = flying.get(id);
    if (!mine || !ref) return;
    const { header, ciphertext } = decodeReceipt(mine.bytes);
    if (!equalBytes(receiptHash(header, ciphertext), ref)) return;
    switch (ERRORS[error].remedy) {
      case "retry":
        schedule(id, waitMs(retryAfterMs, RETRY_MS));
        return;
      // The own slot comes along with this one, and says from where to go on.
      case "rebuild":
      case "reseal":
      case "sign-in":
      case "update-app":
        return;
      case "give-up":
        flying.delete(id);
        settle(id, mine.upTo).catch(reportUnexpected);
    }
  };

  return {
    flush,
    take,
    refused,
    async again(id) {
      const held = waiting.get(id);
      if (!held) return;
      waiting.delete(id);
      await take(id, [...held.values()]);
    },
    close() {
      closed = true;
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
