import type { BundleDelivery } from "../../protocol/bundle.ts";
import {
  type ConversationDown,
  type LogItem,
  encodeConversationDown,
} from "../../protocol/frames.ts";
import { type AccountId, accountIdText, idBytes } from "../../protocol/ids.ts";
import type { Place } from "./append.ts";
import type { Page, Peer } from "../../objects/peer.ts";
import { TUNING } from "../settings.ts";

type AckItem = Extract<ConversationDown, { t: "ack" }>["items"][number];
export type Refusal = Omit<Extract<ConversationDown, { t: "refused" }>, "t">;

export type Passing = Extract<ConversationDown, { t: "typing" | "presence" }>;

/** Something the log got in this turn. */
export type Committed = Place & { readonly origin: Peer } & (
    | { readonly envelope: Uint8Array }
    | { readonly bundle: number }
  );

/** What one peer is told about its own frames, in the order in which they were handled. */
interface ToPeer {
  /** newest seq when the first of them was handled; what is older goes out before */
  readonly since: number;
  readonly frames: ConversationDown[];
  /** hello replayed up to here */
  replayed: number;
}

/**
 * One commit and what it makes known. Frames are gathered while the transaction runs and go out after it,
 * so nobody hears of what was rolled back.
 */
export class Turn {
  readonly items: Committed[] = [];
  readonly received = new Map<AccountId, number>();
  /** read receipts that took their account's slot (M10) */
  readonly receipts = new Map<AccountId, Uint8Array>();
  /** typing and presence: told, and gone */
  readonly passing: Passing[] = [];
  /** closed once they have been told why */
  readonly closing = new Map<Peer, number>();
  /** somebody said hello */
  hasWelcomed = false;
  /** where readers stand once they have been told: nobody moves by what was rolled back */
  readonly pages = new Map<Peer, Page>();
  readonly #own = new Map<Peer, ToPeer>();
  readonly #start: number;

  constructor(lastSeq: number) {
    this.#start = lastSeq;
  }

  /** Whether there is something to commit, and so to wait for. */
  get hasWritten(): boolean {
    return this.items.length > 0 || this.receipts.size > 0;
  }

  get own(): ReadonlyMap<Peer, ToPeer> {
    return this.#own;
  }

  #ownOf(peer: Peer): ToPeer {
    const known = this.#own.get(peer);
    if (known) return known;
    const since = this.items.at(-1)?.seq ?? this.#start;
    const own: ToPeer = { since, frames: [], replayed: 0 };
    this.#own.set(peer, own);
    return own;
  }

  tell(peer: Peer, frame: ConversationDown): void {
    this.#ownOf(peer).frames.push(frame);
  }

  refuse(peer: Peer, refusal: Refusal): void {
    this.tell(peer, { t: "refused", ...refusal });
  }

  /** Acknowledgements of one turn share frames. */
  ack(peer: Peer, item: AckItem): void {
    const { frames } = this.#ownOf(peer);
    const last = frames.at(-1);
    if (last?.t === "ack") last.items.push(item);
    else frames.push({ t: "ack", items: [item] });
  }

  commit(item: Committed): void {
    this.#ownOf(item.origin);
    this.items.push(item);
  }

  replayed(peer: Peer, seq: number): void {
    this.#ownOf(peer).replayed = seq;
    this.hasWelcomed = true;
  }
}

const sum = (list: readonly { readonly seal: Uint8Array }[]): number =>
  list.reduce((total, { seal }) => total + seal.length + 128, 0);

/** About how long an item is once encoded; never less than it is. */
export function sizeOf(item: LogItem): number {
  if ("envelope" in item) return item.envelope.length + 48;
  const { core, seals, grants } = item.bundle;
  return core.length + sum(seals) + sum(grants) + 320;
}

/** Groups items into frames: as few as possible, each within count and bytes. */
export function logFrames(items: Iterable<LogItem>): ConversationDown[] {
  const frames: { t: "log"; items: LogItem[] }[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = sizeOf(item);
    const last = frames.at(-1);
    const isRoom = bytes + size <= TUNING.frameBytes;
    if (last && isRoom && last.items.length < TUNING.itemsPerFrame) {
      last.items.push(item);
      bytes += size;
    } else {
      frames.push({ t: "log", items: [item] });
      bytes = size;
    }
  }
  return frames;
}

const countTo = (items: readonly Place[], seq: number): number =>
  items.filter((item) => item.seq <= seq).length;

/** What members are told that stands in no log; nobody hears of their own account. */
export function* asides(
  turn: Turn,
): Generator<{ readonly of: AccountId; readonly frame: Uint8Array }> {
  for (const [of, receipt] of turn.receipts) {
    yield { of, frame: encodeConversationDown({ t: "receipt", receipt }) };
  }
  for (const passing of turn.passing) {
    yield { of: accountIdText(passing.account), frame: encodeConversationDown(passing) };
  }
}

/** What of bundle n this peer may see. */
export type BundleFor = (peer: Peer, n: number) => BundleDelivery;

/**
 * Sends a turn's frames: to each peer the order of seq, its own acknowledgements at their place, and never
 * its own items. Equal frames are encoded once. Whom something cannot be told is `failed`; the others are told.
 */
export function deliver(
  turn: Turn,
  live: Iterable<Peer>,
  bundleFor: BundleFor,
  failed: (peer: Peer, error: unknown) => void,
): void {
  const { items, own } = turn;
  const hasBundle = items.some((item) => "bundle" in item);
  const encoded = new Map<string, Uint8Array[]>();

  const framesOf = (peer: Peer, from: number, to: number): Uint8Array[] => {
    if (from >= to) return [];
    const key = `${from} ${to} ${hasBundle ? peer.account : ""}`;
    const known = encoded.get(key);
    if (known) return known;
    const log = items.slice(from, to).map((item): LogItem => {
      const { seq, at } = item;
      if ("envelope" in item) return { seq, at, envelope: item.envelope };
      return { seq, at, bundle: bundleFor(peer, item.bundle) };
    });
    const frames = logFrames(log).map(encodeConversationDown);
    encoded.set(key, frames);
    return frames;
  };

  const told = new Set<Peer>();
  const attempt = (peer: Peer, telling: () => void): void => {
    try {
      telling();
    } catch (error) {
      failed(peer, error);
    }
  };
  const tellOwn = (peer: Peer, { since, frames, replayed }: ToPeer): void => {
    // A peer's frames are handled one after the other, so what it wrote is one run of items.
    const cut = countTo(items, since);
    let resume = cut;
    while (resume < items.length && items[resume]?.origin === peer) resume++;
    const skipped = countTo(items, replayed);
    if (peer.isLive) for (const frame of framesOf(peer, skipped, cut)) peer.send(frame);
    for (const frame of frames) peer.send(encodeConversationDown(frame));
    if (!peer.isLive) return;
    for (const frame of framesOf(peer, Math.max(skipped, resume), items.length)) peer.send(frame);
  };
  for (const [peer, toPeer] of own) {
    told.add(peer);
    attempt(peer, () => tellOwn(peer, toPeer));
  }
  if (items.length === 0 && turn.received.size === 0) return;
  const tellLive = (peer: Peer): void => {
    if (!told.has(peer)) for (const frame of framesOf(peer, 0, items.length)) peer.send(frame);
    for (const [account, seq] of turn.received) {
      if (account === peer.account) continue;
      peer.send(encodeConversationDown({ t: "received", account: idBytes(account), seq }));
    }
  };
  for (const peer of live) if (peer.isLive) attempt(peer, () => tellLive(peer));
}
