import { refusalOf, refusalResponse } from "../http/failure.ts";
import { fromBase64url } from "../protocol/bytes.ts";
import { CLOSE } from "../protocol/close-codes.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { encodeConversationDown } from "../protocol/frames.ts";
import type { AccountId, InviteId } from "../protocol/ids.ts";
import { type RestoreReport, afterRestore } from "./requests/after-restore.ts";
import type { Answer } from "../objects/answer.ts";
import { answer } from "./requests/answer.ts";
import { departed, tellOthers } from "./requests/attention.ts";
import { Background } from "./upkeep/background.ts";
import { Core } from "./core.ts";
import { create } from "./requests/create.ts";
import { continueOnShard } from "./upkeep/continue-on-shard.ts";
import { dispatch } from "./requests/dispatch.ts";
import { FileDesk } from "./file-desk.ts";
import { type Erasure, erase } from "./upkeep/erase.ts";
import { Intake } from "./rules/intake.ts";
import { claim, sharesWith } from "./requests/membership.ts";
import { PEER_HEADER, type PeerIdentity, decodePeer } from "../objects/peer-identity.ts";
import { type Peer, RequestPeer } from "../objects/peer.ts";
import { Peers } from "../objects/peers.ts";
import type { EncodedItem, LogQuestion } from "./rules/page.ts";
import { type LogAnswer, readBundles, readLog, readTail } from "./requests/read-log.ts";
import { readerOf } from "./requests/reader.ts";
import { Reception, TOO_MUCH } from "./requests/receive.ts";
import { TUNING } from "./settings.ts";
import { Turn, asides, deliver } from "./rules/turn.ts";

/** How long a caller waits for the invitation to be known to D1; the alarm goes on (I1). */
const OUTBOX_WAIT_MS = 2_000;

const INTERNAL = encodeConversationDown({ t: "refused", ref: null, error: "internal" });

/** Waits for this, but no longer; a timer that is left behind would keep the object from hibernating. */
async function atMost(ms: number, work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, enough]);
  clearTimeout(timer);
}

/**
 * One conversation: its order, its log, its sockets (decision "durable log", decision "one order"). Everything here is wiring; what is
 * decided stands in rules/, and when it is copied and told in upkeep/.
 */
export class Conversation extends FileDesk {
  override readonly core: Core;
  readonly #peers: Peers;
  readonly #reception: Reception;
  readonly #background: Background;

  constructor(context: DurableObjectState, env: Cloudflare.Env) {
    super(context, env);
    this.#peers = new Peers(context, true);
    this.core = new Core(context.storage, this.#peers, env);
    const background = new Background(this.core);
    this.#background = background;
    void context.blockConcurrencyWhile(() => background.resume());
    const intake = new Intake(
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
    this.#reception = new Reception(this.core, intake);
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
    const bundleFor = (peer: Peer, n: number) => {
      const stored = core.stores.bundles.get(n);
      if (!stored) throw new RangeError("bundle vanished");
      return core.deliveryOf(stored, core.standing(peer));
    };
    deliver(turn, this.#readers(), bundleFor, (peer, error) => {
      refusalOf(error, "Conversation delivery");
      // It comes back and asks from its cursor on: nothing that was committed is lost to it.
      peer.close(CLOSE.tryLater);
    });
    for (const aside of asides(turn)) tellOthers(core, aside.of, aside.frame);
    if (!core.refusal) core.confirmReceipts();
    if (turn.hasWelcomed) this.#background.welcomed();
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
    else if (!peer.isClosed) this.#reception.receive(peer, message);
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    departed(this.core, this.#peers.closed(socket, code));
  }

  override webSocketError(socket: WebSocket): void {
    departed(this.core, this.#peers.forget(socket));
  }

  override async alarm(): Promise<void> {
    if (!this.core.refusal) await this.#background.alarm();
  }

  /** POST /api/conversations. */
  create(who: PeerIdentity, bundle: Uint8Array): Promise<Answer<{ seq: number; at: number }>> {
    return answer(async () => {
      const place = await create(this.core, new RequestPeer(who), bundle, this.#run);
      if (place.isNew) await atMost(OUTBOX_WAIT_MS, this.#background.drainOutbox());
      return { seq: place.seq, at: place.at };
    });
  }

  #reader(who: PeerIdentity): RequestPeer {
    return readerOf(this.core, who);
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
        this.#reception.receive(peer, frame, resolve);
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
  claim(invite: InviteId, account: AccountId): Promise<Answer<null>> {
    return answer(() => {
      const error = claim(this.core, invite, account);
      if (error) throw new ProtocolError(error, "claim");
      return Promise.resolve(null);
    });
  }

  /** For the cron, which finds in the registry who is behind. */
  async catchUp(): Promise<void> {
    if (!this.core.refusal) await this.#background.catchUp();
  }

  /** For an operator: history goes on in this shard. Answers with the first place that lies there. */
  continueOnShard(shard: number): Promise<Answer<number>> {
    return answer(() => {
      const from = continueOnShard(this.core, shard);
      this.#background.rearm();
      return Promise.resolve(from);
    });
  }

  /** Whether the caller may see the target's manifests. */
  sharesWith(caller: AccountId, target: AccountId): Promise<boolean> {
    return Promise.resolve(sharesWith(this.core, caller, target));
  }

  /** The operator has restored D1: it is given what it lost, and what it had not been given yet. */
  afterRestore(): Promise<Answer<RestoreReport>> {
    return answer(async () => {
      await this.#background.catchUp();
      const report = await afterRestore(this.core);
      this.core.outages.hurry();
      await this.#background.drainOutbox();
      if (this.#background.isOutboxDue) throw new ProtocolError("unavailable");
      return report;
    });
  }

  /** K12: called by the session's Inbox, which was told of each of its sockets here before it was handed out. */
  closeSession(session: string, code: number): Promise<void> {
    for (const peer of this.#peers.ofSession(session)) peer.close(code);
    return Promise.resolve();
  }
}
