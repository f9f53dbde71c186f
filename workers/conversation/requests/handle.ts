import { equalBytes } from "../../protocol/bytes.ts";
import {
  type Envelope,
  type EnvelopeHeader,
  decodeEnvelope,
  decodeEnvelopeHeader,
} from "../../protocol/envelope.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import type { ConversationState, LogItem } from "../../protocol/frames.ts";
import { idBytes } from "../../protocol/ids.ts";
import { type Decision, NO_MESSAGES, decideAppend, refusalOfRest } from "../rules/append.ts";
import { hold } from "../tables/held.ts";
import { receiptsFor } from "./attention.ts";
import type { StoredBundle } from "../tables/bundle-store.ts";
import type { Core } from "../core.ts";
import type { Later } from "../rules/intake.ts";
import type { Peer } from "../../objects/peer.ts";
import { TUNING } from "../settings.ts";
import { canName } from "../rules/upload.ts";
import { type Refusal, type Turn, sizeOf } from "../rules/turn.ts";

/** Runs work as a turn of its own, once a neighbour has answered. */
export type RunLater = (work: (turn: Turn) => void) => void;

export function stateFor(core: Core, peer: Pick<Peer, "account" | "device">): ConversationState {
  const memory = core.get();
  const others = [...memory.received].filter(([account]) => account !== peer.account);
  return {
    head: { n: memory.head.core.n, hash: memory.head.hash },
    lastSeq: memory.last.seq,
    deviceSeq: memory.authors.get(peer.device)?.log.last ?? 0,
    received: others.map(([account, seq]) => ({ account: idBytes(account), seq })),
    receipts: receiptsFor(core, peer.account),
  };
}

/** Monotonic, held by the socket, stored with the next flush: it is not worth a row write of its own. */
export function received(core: Core, turn: Turn, peer: Peer, seq: number): void {
  const memory = core.get();
  if (core.standing(peer).kind !== "member") return;
  const upto = Math.min(seq, memory.last.seq);
  if (upto <= (memory.received.get(peer.account) ?? 0)) return;
  memory.received.set(peer.account, upto);
  memory.isDirty = true;
  if (!hold(peer, { received: upto })) {
    memory.isUrgent = true;
    core.wakeAt(core.deps.now() + TUNING.receiptsMs);
  }
  turn.received.set(peer.account, upto);
}

interface Opened {
  readonly bytes: Uint8Array;
  readonly header: EnvelopeHeader;
}

function open(bytes: Uint8Array): Opened | null {
  try {
    const envelope: Envelope = decodeEnvelope(bytes);
    return { bytes, header: decodeEnvelopeHeader(envelope.header) };
  } catch {
    return null;
  }
}

/** M6: a retry that is older than what memory holds may still be in the tail. */
function lookUp(core: Core, peer: Peer, header: EnvelopeHeader): Decision {
  const author = core.get().authors.get(peer.device);
  const stored = author && core.stores.tail.findMessage(author.id, header.deviceSeq);
  if (stored?.messageId && equalBytes(stored.messageId, header.messageId)) {
    return { kind: "duplicate", seq: stored.seq, at: stored.at };
  }
  return { kind: "refuse", error: "sequence_conflict" };
}

function decide(core: Core, peer: Peer, header: EnvelopeHeader): Decision {
  const memory = core.get();
  const { core: head, hash } = memory.head;
  const state = {
    ...memory.last,
    conversation: memory.conversation,
    head: { n: head.n, hash },
    log: memory.authors.get(peer.device)?.log ?? NO_MESSAGES,
    isMember: core.standing(peer).kind === "member",
  };
  const decision = decideAppend(state, header, peer.who, core.deps.now());
  return decision.kind === "look-up" ? lookUp(core, peer, header) : decision;
}

/** The bundles after the one that was named, oldest first, as many as fit one frame (M7, C3). */
export function missedAfter(core: Core, named: { n: number; hash: Uint8Array }): StoredBundle[] {
  const { head } = core.get();
  const known = core.stores.bundles.get(named.n);
  const isOurs = known !== null && equalBytes(known.hash, named.hash);
  const from = isOurs ? named.n + 1 : Math.min(named.n, head.core.n);
  return core.stores.bundles.range(from, head.core.n);
}

export function missedItems(core: Core, peer: Peer, bundles: readonly StoredBundle[]): LogItem[] {
  const standing = core.standing(peer);
  const items: LogItem[] = [];
  let bytes = 0;
  for (const stored of bundles) {
    const { seq, at } = stored;
    const item: LogItem = { seq, at, bundle: core.deliveryOf(stored, standing) };
    bytes += sizeOf(item);
    if (bytes > TUNING.missedBytes) break;
    items.push(item);
  }
  return items;
}

/** What is read costs its reader by its size. Returns 0 or the milliseconds to wait. */
export const payToRead = (core: Core, peer: Peer, bytes: number): number =>
  core.downstream.charge(peer.device, peer.who.address, Math.ceil(bytes / 1024), core.deps.now());

/** Tells refusals, the first of them with the bundles that were missed; those may have to be fetched first. */
export function tellStale(
  core: Core,
  turn: Turn,
  peer: Peer,
  refusals: readonly Refusal[],
  missed: readonly StoredBundle[],
  run: RunLater,
): Later | null {
  const tell = (on: Turn, found: LogItem[] | null) => {
    const bytes = found?.reduce((sum, item) => sum + sizeOf(item), 0) ?? 0;
    // Who asks for the same again and again fetches them as pages.
    const items = payToRead(core, peer, bytes) > 0 ? null : found;
    for (const [i, refusal] of refusals.entries()) {
      on.refuse(peer, i === 0 && items ? { ...refusal, missed: items } : refusal);
    }
  };
  if (missed.every((bundle) => core.shares.has(bundle.hash))) {
    tell(turn, missedItems(core, peer, missed));
    return null;
  }
  return async () => {
    const isLoaded = await core.loadShares(missed).then(
      () => true,
      () => false,
    );
    // Without R2 the bundles would look erased: the client fetches them when it is back.
    run((later) => tell(later, isLoaded ? missedItems(core, peer, missed) : null));
  };
}

const nameable = ({ stores }: Core, { account, messageId, blobIds }: EnvelopeHeader): boolean =>
  blobIds.every((blob) => canName(stores.blobs.get(blob), account, messageId));

/** One frame's envelopes, in order; the first refusal refuses what follows it. */
export function append(
  core: Core,
  turn: Turn,
  peer: Peer,
  envelopes: readonly Uint8Array[],
  run: RunLater,
): Later | null {
  let refused: ErrorCode | null = null;
  const refusals: Refusal[] = [];
  let missed: StoredBundle[] | null = null;
  for (const bytes of envelopes) {
    const opened = open(bytes);
    if (!opened) {
      refused ??= "bad_request";
      refusals.push({ ref: null, error: "bad_request" });
      continue;
    }
    const { header } = opened;
    const { messageId, deviceSeq } = header;
    const decision = decide(core, peer, header);
    if (decision.kind === "duplicate") {
      turn.ack(peer, { messageId, deviceSeq, seq: decision.seq, at: decision.at });
    } else if (refused) {
      refusals.push({ ref: messageId, error: refusalOfRest(refused) });
    } else if (decision.kind === "append") {
      const place = { seq: decision.seq, at: decision.at };
      const wait = core.dayBudget.wait(peer.account, bytes.length, place.at);
      if (wait > 0) {
        refused = "daily_limit";
        refusals.push({ ref: messageId, error: refused, retryAfterMs: wait });
        continue;
      }
      // Whatever it names must be there for as long as it is: else the author uploads its copy anew (F2).
      if (!nameable(core, header)) {
        refused = "blob_gone";
        refusals.push({ ref: messageId, error: refused });
        continue;
      }
      core.dayBudget.charge(peer.account, bytes.length, place.at);
      turn.commit({ ...place, origin: peer, envelope: bytes });
      core.writeEnvelope(peer, place, { deviceSeq, messageId }, bytes);
      for (const blob of header.blobIds) core.stores.blobs.bind(blob, place.seq, messageId);
      turn.ack(peer, { messageId, deviceSeq, ...place });
    } else {
      refused = decision.kind === "refuse" ? decision.error : "internal";
      refusals.push({ ref: messageId, error: refused });
      if (refused === "stale_epoch") missed = missedAfter(core, { n: header.n, hash: header.head });
    }
  }
  if (missed) return tellStale(core, turn, peer, refusals, missed, run);
  for (const refusal of refusals) turn.refuse(peer, refusal);
  return null;
}
