import { CLOSE } from "../../protocol/close-codes.ts";
import { decodeEnvelope, decodeEnvelopeHeader } from "../../protocol/envelope.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import type { ConversationUp } from "../../protocol/frames.ts";
import { bundleHash } from "../../protocol/bundle.ts";
import { type RunTurn, type Verdict, acceptBundle } from "./accept-bundle.ts";
import type { Core } from "../core.ts";
import { ephemeral, receipt, receiptRef } from "./attention.ts";
import { append, missedAfter, received, tellStale } from "./handle.ts";
import { hello, taken } from "./hello.ts";
import type { Job, Later } from "../rules/intake.ts";
import type { Peer } from "../../objects/peer.ts";
import { TUNING } from "../settings.ts";
import type { Refusal, Turn } from "../rules/turn.ts";

/** One each, and more for a large one: memory, disk and everybody's sockets are paid for by the byte. */
const costOfAll = (envelopes: readonly Uint8Array[]): number =>
  envelopes.reduce((cost, { length }) => cost + Math.max(1, length / TUNING.bytesPerToken), 0);

/** What a frame costs at the token buckets. */
function costOf(frame: ConversationUp): number {
  switch (frame.t) {
    case "hello":
      return 2;
    case "send":
      return costOfAll(frame.envelopes);
    case "bundle":
      return TUNING.bundleCost + costOfAll(frame.envelopes);
    case "receipt":
      return 1;
    case "taken":
    case "received":
    case "typing":
    case "presence":
      return 0.2;
  }
}

function messageIdOf(bytes: Uint8Array): Uint8Array | null {
  try {
    return decodeEnvelopeHeader(decodeEnvelope(bytes).header).messageId;
  } catch {
    return null;
  }
}

/** A refused bundle takes its first envelopes along: nothing can be sent under an epoch that is not. */
function refuseBundle(
  frame: Extract<ConversationUp, { t: "bundle" }>,
  error: ErrorCode,
): Refusal[] {
  const ofRest = error === "bundle_refused" ? "stale_epoch" : error;
  return [
    { ref: bundleHash(frame.bundle.core), error },
    ...frame.envelopes.map((bytes): Refusal => ({ ref: messageIdOf(bytes), error: ofRest })),
  ];
}

function bundle(
  core: Core,
  peer: Peer,
  frame: Extract<ConversationUp, { t: "bundle" }>,
  run: RunTurn,
): Later {
  const answer = (turn: Turn, verdict: Verdict): Later | null => {
    switch (verdict.kind) {
      case "committed":
      case "known": {
        const { n, hash } = verdict.kind === "known" ? verdict.bundle : verdict;
        const { seq, at } = verdict.kind === "known" ? verdict.bundle : verdict.place;
        turn.tell(peer, { t: "accepted", hash, n, seq, at });
        return append(core, turn, peer, frame.envelopes, run);
      }
      case "stale": {
        const missed = missedAfter(core, verdict.named);
        return tellStale(core, turn, peer, refuseBundle(frame, "stale_epoch"), missed, run);
      }
      case "refused":
        for (const refusal of refuseBundle(frame, verdict.error)) turn.refuse(peer, refusal);
        return null;
    }
  };
  return async () => {
    const laters: Later[] = [];
    await acceptBundle(core, peer, frame.bundle, run, (turn, verdict) => {
      const later = answer(turn, verdict);
      if (later) laters.push(later);
    });
    for (const later of laters) await later();
  };
}

/** One frame inside a turn; what has to wait for a neighbour is returned. */
export function dispatch(core: Core, turn: Turn, job: Job, run: RunTurn): Later | null {
  const { peer, frame } = job;
  if (core.standing(peer).kind === "stranger") {
    turn.refuse(peer, { ref: null, error: "not_found" });
    turn.closing.set(peer, CLOSE.notMember);
    return null;
  }
  const { address } = peer.who;
  const wait = core.limiter.charge(peer.device, address, costOf(frame), core.deps.now());
  if (wait > 0) {
    if (frame.t === "typing" || frame.t === "presence") return null;
    const ref = frame.t === "receipt" ? receiptRef(frame.receipt) : null;
    turn.refuse(peer, { ref, error: "rate_limited", retryAfterMs: wait });
    return null;
  }
  switch (frame.t) {
    case "hello":
      return hello(core, turn, peer, frame.cursor, run);
    case "send":
      return append(core, turn, peer, frame.envelopes, run);
    case "bundle":
      return bundle(core, peer, frame, run);
    case "taken":
      return taken(core, turn, peer, frame.mark, run);
    case "received":
      received(core, turn, peer, frame.seq);
      return null;
    case "receipt":
      receipt(core, turn, peer, frame.receipt);
      return null;
    case "typing":
    case "presence":
      ephemeral(core, turn, peer, frame);
      return null;
  }
}
