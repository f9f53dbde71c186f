import { equalBytes } from "../../protocol/bytes.ts";
import type { LogItem } from "../../protocol/frames.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import type { Peer } from "../../objects/peer.ts";
import { newMark } from "../../objects/socket-peer.ts";
import type { Core } from "../core.ts";
import type { Later } from "../rules/intake.ts";
import { planReplay } from "../rules/replay.ts";
import { type Turn, logFrames, sizeOf } from "../rules/turn.ts";
import { TUNING } from "../settings.ts";
import { presentFor } from "./attention.ts";
import { type RunLater, payToRead, stateFor } from "./handle.ts";

/** No page follows, and nothing is live: what is left is another hello. */
const NOWHERE = { mark: null, after: null, isLive: false };

function welcome(core: Core, turn: Turn, peer: Peer, behind: boolean): number {
  const state = stateFor(core, peer);
  const present = presentFor(core, peer.account);
  turn.tell(peer, { t: "welcome", v: PROTOCOL_VERSION, state, behind, present });
  const receipts = state.receipts.reduce((sum, receipt) => sum + receipt.length, 0);
  return receipts + 64 * (state.received.length + present.length);
}

/**
 * The log after a seq, as much as one page holds, and a mark at its end. After the last page the peer is live: in
 * one turn, so nothing falls between.
 */
function page(
  core: Core,
  turn: Turn,
  peer: Peer,
  after: number,
  { isFirst, again }: { readonly isFirst: boolean; readonly again: RunLater },
): Later | null {
  const last = core.get().last.seq;
  const to = Math.min(last, after + TUNING.replayPageItems);
  const bundles = core.stores.bundles.inLog(after + 1, to);
  if (bundles.some((bundle) => !core.shares.has(bundle.hash))) {
    return async () => {
      const isLoaded = await core.loadShares(bundles).then(
        () => true,
        () => false,
      );
      // Read anew: the log went on meanwhile, with shares that are known since they were committed.
      if (isLoaded) return again((later) => page(core, later, peer, after, { isFirst, again }));
      again((later) => {
        later.refuse(peer, { ref: null, error: "unavailable" });
        later.pages.set(peer, { ...NOWHERE, isConfirmed: !isFirst });
      });
    };
  }
  const items: LogItem[] = [];
  let bytes = 0;
  let upto = to;
  for (const item of core.items(after + 1, to, core.standing(peer))) {
    bytes += sizeOf(item);
    if (items.length > 0 && bytes > TUNING.replayPageBytes) {
      upto = item.seq - 1;
      break;
    }
    items.push(item);
  }
  const wait = payToRead(core, peer, bytes);
  if (wait > 0) {
    turn.refuse(peer, { ref: null, error: "rate_limited", retryAfterMs: wait });
    turn.pages.set(peer, { ...NOWHERE, isConfirmed: !isFirst });
    return null;
  }
  if (isFirst) welcome(core, turn, peer, false);
  for (const frame of logFrames(items)) turn.tell(peer, frame);
  const more = upto < last;
  const mark = items.length > 0 || more ? newMark() : null;
  if (mark) turn.tell(peer, { t: "page", mark, more });
  turn.replayed(peer, more ? 0 : last);
  turn.pages.set(peer, {
    mark,
    after: more ? upto : null,
    isLive: !more,
    isConfirmed: !isFirst,
  });
  return null;
}

/** Welcome, then what the cursor missed, page by page. One replay at a time: the next hello waits for its end. */
export function hello(
  core: Core,
  turn: Turn,
  peer: Peer,
  cursor: number,
  run: RunLater,
): Later | null {
  if (peer.mark !== null || turn.pages.has(peer)) {
    turn.refuse(peer, { ref: null, error: "rate_limited", retryAfterMs: TUNING.helloAgainMs });
    return null;
  }
  const { pruned, last } = core.get();
  if (cursor > last.seq) {
    // Somebody has seen more than there is: the log was rolled back. Its state lets the client judge that for itself.
    welcome(core, turn, peer, false);
    turn.refuse(peer, { ref: null, error: "rolled_back" });
    turn.pages.set(peer, { ...NOWHERE, isConfirmed: false });
    return null;
  }
  if (planReplay(cursor, pruned, last.seq).kind === "items") {
    return page(core, turn, peer, cursor, { isFirst: true, again: run });
  }
  welcome(core, turn, peer, true);
  turn.replayed(peer, 0);
  turn.pages.set(peer, { ...NOWHERE, isConfirmed: false });
  return null;
}

/** The reader has read everything before the mark: the next page, if one follows. */
export function taken(
  core: Core,
  turn: Turn,
  peer: Peer,
  mark: Uint8Array,
  run: RunLater,
): Later | null {
  // Another mark is an old one, or a guess.
  if (peer.mark === null || turn.pages.has(peer) || !equalBytes(peer.mark, mark)) return null;
  const { after, isLive } = peer;
  if (after === null) {
    turn.pages.set(peer, { mark: null, after, isLive, isConfirmed: true });
    return null;
  }
  if (after >= core.get().pruned)
    return page(core, turn, peer, after, { isFirst: false, again: run });
  // What comes next has left the object meanwhile.
  welcome(core, turn, peer, true);
  turn.pages.set(peer, { ...NOWHERE, isConfirmed: true });
  return null;
}
