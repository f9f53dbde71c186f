import { DurableObject } from "cloudflare:workers";
import { refusalOf, refusalResponse } from "../http/failure.ts";
import { decodeBundleCore, decodeBundleUpload } from "../protocol/bundle.ts";
import { fromBase64url } from "../protocol/bytes.ts";
import { CLOSE } from "../protocol/close-codes.ts";
import { type ErrorCode, ProtocolError } from "../protocol/errors.ts";
import {
  type ConversationDown,
  type ConversationUp,
  decodeConversationUp,
  encodeConversationDown,
} from "../protocol/frames.ts";
import type { AccountId, InviteId } from "../protocol/ids.ts";
import { LIMITS } from "../protocol/limits.ts";
import { type Verdict, acceptBundle } from "./requests/accept-bundle.ts";
import { type Answer, answer } from "./requests/answer.ts";
import { departed, tellOthers } from "./requests/attention.ts";
import { Background } from "./upkeep/background.ts";
import { Core } from "./core.ts";
import { dispatch, isOtherVersion } from "./requests/dispatch.ts";
import { type Erasure, erase } from "./upkeep/erase.ts";
import { Intake } from "./rules/intake.ts";
import { claim, sharesWith } from "./requests/membership.ts";
import {
  PEER_HEADER,
  type Peer,
  type PeerIdentity,
  RequestPeer,
  decodePeer,
} from "../objects/peer.ts";
import { Peers } from "../objects/peers.ts";
import type { EncodedItem, LogQuestion } from "./rules/page.ts";
import { type LogAnswer, readBundles, readLog, readTail } from "./requests/read-log.ts";
import { hasSchema } from "./tables/schema.ts";
import { TUNING } from "./settings.ts";
import { WaitingBytes } from "./rules/waiting-bytes.ts";
import { Turn, asides, deliver } from "./rules/turn.ts";

/** How long a caller waits for the invitation to be known to D1; the alarm goes on (I1). */
const OUTBOX_WAIT_MS = 2_000;

/** Frames that were not looked at: the same again, a little later. */
const TOO_MUCH = encodeConversationDown({
  t: "refused",
  ref: null,
  error: "rate_limited",
  retryAfterMs: TUNING.helloAgainMs,
});

const INTERNAL = encodeConversationDown({ t: "refused", ref: null, error: "internal" });

const wait = (ms: number) => new Promise<boolean>((resolve) => setTimeout(resolve, ms, false));

/**
 * One conversation: its order, its log, its sockets (decision "durable log", decision "one order"). Everything here is wiring; what is
 * decided stands in rules/, and when it is copied and told in upkeep/.
 */
export class Conversation extends DurableObject<Cloudflare.Env> {
  readonly core: Core;
  readonly #peers: Peers;
  readonly #intake: Intake;
  readonly #background: Background;
  readonly #waiting = new WaitingBytes<Peer>(TUNING.waitingBytes);

  constructor(context: DurableObjectState, env: Cloudflare.Env) {
    super(context, env);
    this.#peers = new Peers(context, true);
    this.core = new Core(context.storage, this.#peers, env);
    this.#background = new Background(this.core);
    this.#intake = new Intake(
      (body) => {
        const turn = this.#run((open) => {
          body((job) => dispatch(this.core, open, job, this.#run));
          return open;
        });
        return turn && turn.hasWritten;
      },
      (work) => setTimeout(work, 0),
      ({ peer }) => peer.send(INTERNAL),
    );
  }

  /** Runs work in a transaction, then tells what came of it. Null (and logged) if storage failed. */
  readonly #run = <T>(work: (turn: Turn) => T): T | null => {
    const turn = new Turn(this.core.memory?.last.seq ?? 0);
    let result: T;
    try {
      result = this.core.transact(() => work(turn));
    } catch (error) {
      refusalOf(error, "Conversation turn");
      return null;
    }
    this.#tell(turn);
    return result;
  };

  #tell(turn: Turn): void {
    const { core } = this;
    // First: the alarm has to be stored together with what it is for.
    if (turn.items.length > 0) this.#background.committed();
    for (const [peer, page] of turn.pages) peer.turnPage(page);
    deliver(turn, this.#readers(), (peer, n) => {
      const stored = core.stores.bundles.get(n);
      if (!stored) throw new RangeError("bundle vanished");
      return core.deliveryOf(stored, core.standing(peer));
    });
    for (const aside of asides(turn)) tellOthers(core, aside.of, aside.frame);
    for (const [peer, code] of turn.closing) peer.close(code);
    if (turn.items.some((item) => "bundle" in item)) void this.#background.drainOutbox();
  }

  /** Sockets that may read now: a claim ends by withdrawal, by another's join, or by the clock (I6). */
  *#readers(): Generator<Peer> {
    for (const peer of this.#peers.all()) {
      if (this.core.standing(peer).kind === "stranger") peer.close(CLOSE.notMember);
      else yield peer;
    }
  }

  #receive(peer: Peer, message: ArrayBuffer | Uint8Array | string, done?: () => void): void {
    const refuse = (error: ErrorCode, code: number) => {
      const frame: ConversationDown = { t: "refused", ref: null, error };
      peer.send(encodeConversationDown(frame));
      peer.close(code);
      done?.();
    };
    // Before anything is decoded: a frame costs its sender more than us.
    if (typeof message === "string") return refuse("bad_request", CLOSE.badFrame);
    if (message.byteLength > LIMITS.frame) return refuse("too_large", CLOSE.tooLarge);
    const bytes = new Uint8Array(message);
    let frame: ConversationUp;
    try {
      frame = decodeConversationUp(bytes);
    } catch {
      if (isOtherVersion(bytes)) refuse("unsupported_version", CLOSE.version);
      else refuse("bad_request", CLOSE.badFrame);
      return;
    }
    if (!this.#waiting.enter(peer, bytes.length)) {
      peer.send(TOO_MUCH);
      return done?.();
    }
    this.#intake.push({
      peer,
      frame,
      done: () => {
        this.#waiting.leave(peer, bytes.length);
        done?.();
      },
    });
  }

  /** A WebSocket upgrade that the Worker authenticated. */
  override async fetch(request: Request): Promise<Response> {
    try {
      const who = decodePeer(fromBase64url(request.headers.get(PEER_HEADER) ?? ""));
      const peer = new RequestPeer(who);
      if (this.core.standing(peer).kind === "stranger") throw new ProtocolError("not_found");
      const now = this.core.deps.now();
      const delay = this.core.limiter.charge(peer.device, who.address, 2, now);
      if (delay > 0) throw new ProtocolError("rate_limited", "sockets", delay);
      const { 0: client, 1: server } = new WebSocketPair();
      this.#peers.accept(server, who, now);
      return await Promise.resolve(new Response(null, { status: 101, webSocket: client }));
    } catch (error) {
      return refusalResponse(refusalOf(error, "Conversation upgrade"));
    }
  }

  override webSocketMessage(socket: WebSocket, message: ArrayBuffer | string): void {
    const peer = this.#peers.of(socket);
    if (!peer) socket.close(CLOSE.badFrame);
    else if (!peer.isClosed) this.#receive(peer, message);
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    departed(this.core, this.#peers.closed(socket, code));
  }

  override webSocketError(socket: WebSocket): void {
    departed(this.core, this.#peers.forget(socket));
  }

  override async alarm(): Promise<void> {
    if (hasSchema(this.ctx.storage.sql)) await this.#background.alarm();
  }

  /** POST /api/conversations. */
  create(who: PeerIdentity, bundle: Uint8Array): Promise<Answer<{ seq: number; at: number }>> {
    return answer(async () => {
      const upload = decodeBundleUpload(bundle);
      if (decodeBundleCore(upload.core).n !== 0) throw new ProtocolError("bundle_refused", "not 0");
      const peer = new RequestPeer(who);
      const verdict: Verdict = await acceptBundle(this.core, peer, upload, this.#run, () => null);
      switch (verdict.kind) {
        case "committed":
          await Promise.race([this.#background.drainOutbox(), wait(OUTBOX_WAIT_MS)]);
          return { seq: verdict.place.seq, at: verdict.place.at };
        case "known":
          return { seq: verdict.bundle.seq, at: verdict.bundle.at };
        case "stale":
          throw new ProtocolError("already_exists");
        case "refused":
          throw new ProtocolError(verdict.error);
      }
    });
  }

  #reader(who: PeerIdentity): RequestPeer {
    const peer = new RequestPeer(who);
    if (this.core.standing(peer).kind === "stranger") throw new ProtocolError("not_found");
    return peer;
  }

  /** POST /api/conversations/:id/frames: what a socket would do, answered at once. */
  frames(who: PeerIdentity, frames: readonly Uint8Array[]): Promise<Answer<Uint8Array[]>> {
    return answer(async () => {
      const peer = this.#reader(who);
      for (const frame of frames) {
        if (peer.isClosed) break;
        if (peer.bytes > TUNING.answerBytes) {
          peer.send(TOO_MUCH);
          break;
        }
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#receive(peer, frame, resolve);
        await promise;
      }
      return peer.frames;
    });
  }

  /** GET /api/conversations/:id/log, the object's part. */
  log(who: PeerIdentity, question: LogQuestion): Promise<Answer<LogAnswer>> {
    return answer(() => readLog(this.core, this.core.standing(this.#reader(who)), question));
  }

  /** GET /api/conversations/:id/bundles. */
  bundles(
    who: PeerIdentity,
    from: number,
  ): Promise<Answer<{ items: EncodedItem[]; more: boolean }>> {
    return answer(async () => {
      return await readBundles(this.core, this.core.standing(this.#reader(who)), from);
    });
  }

  /** POST /api/conversations/:id/deletions. */
  erase(who: PeerIdentity, asked: Erasure): Promise<Answer<null>> {
    return answer(() => erase(this.core, this.#reader(who), asked));
  }

  /** POST /api/tails, one of them. ("tail" is a name that the runtime keeps for itself.) */
  recent(who: PeerIdentity): Promise<Answer<{ state: Uint8Array; items: Uint8Array[] }>> {
    return answer(async () => await readTail(this.core, this.#reader(who)));
  }

  /** I6: the signature was verified by the caller. */
  claim(
    invite: InviteId,
    account: AccountId,
  ): Promise<{ ok: true } | { ok: false; error: ErrorCode }> {
    const error = claim(this.core, invite, account);
    return Promise.resolve(error ? { ok: false, error } : { ok: true });
  }

  /** Whether the caller may see the target's manifests. */
  sharesWith(caller: AccountId, target: AccountId): Promise<boolean> {
    return Promise.resolve(sharesWith(this.core, caller, target));
  }

  /** K12: called by the session's Inbox, which was told of each of its sockets here before it was handed out. */
  closeSession(session: string, code: number): Promise<void> {
    for (const peer of this.#peers.ofSession(session)) peer.close(code);
    return Promise.resolve();
  }
}
