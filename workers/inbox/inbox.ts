import { DurableObject } from "cloudflare:workers";
import { PEER_HEADER, RequestPeer, decodePeer } from "../objects/peer.ts";
import { Peers } from "../objects/peers.ts";
import type { SocketPeer } from "../objects/socket-peer.ts";
import { RateLimiter } from "../objects/rate-limit.ts";
import { rateSettings } from "../objects/rate-settings.ts";
import { refusalOf, refusalResponse } from "../http/failure.ts";
import { conversationObject } from "../objects/objects.ts";
import { fromBase64url } from "../protocol/bytes.ts";
import { CLOSE } from "../protocol/close-codes.ts";
import { type ErrorCode, ProtocolError } from "../protocol/errors.ts";
import {
  type InboxDown,
  type InboxRow,
  type InboxUp,
  decodeInboxUp,
  encodeInboxDown,
} from "../protocol/frames.ts";
import type { AccountId, ConversationId } from "../protocol/ids.ts";
import { endInDatabase } from "../accounts/ended-sessions.ts";
import type { SessionCopy } from "../objects/session-copy.ts";
import { LIMITS } from "../protocol/limits.ts";
import type { Activity } from "./activity.ts";
import { InboxStore } from "./inbox-store.ts";
import { type Recalled, Sessions } from "./sessions.ts";
import { type InboxState, unreadOf, withActivity, withRead } from "./unread.ts";

/** Another snapshot takes another socket. */
const HELLO_AGAIN_MS = 60_000;

/** Rows of one snapshot frame. */
const SNAPSHOT_ROWS = 200;

function rowOf(conversation: Uint8Array, state: InboxState): InboxRow {
  const { shard, head, lastSeq, lastAt, readSeq } = state;
  return { conversation, shard, head, lastSeq, lastAt, readSeq, unread: unreadOf(state) };
}

/** Rows in as few frames as allowed; an empty list is one frame. */
export function snapshotFrames(rows: readonly InboxRow[]): InboxDown[] {
  const frames: InboxDown[] = [];
  for (let i = 0; i === 0 || i < rows.length; i += SNAPSHOT_ROWS) {
    const more = i + SNAPSHOT_ROWS < rows.length;
    frames.push({ t: "snapshot", rows: rows.slice(i, i + SNAPSHOT_ROWS), more });
  }
  return frames;
}

/** The conversations of one account: what happened in them, what was read (decision "one socket"). */
export class Inbox extends DurableObject<Cloudflare.Env> {
  readonly #peers: Peers;
  readonly #store: InboxStore;
  readonly #limiter: RateLimiter;
  readonly sessions: Sessions;

  constructor(context: DurableObjectState, env: Cloudflare.Env) {
    super(context, env);
    this.#peers = new Peers(context, false);
    this.#store = new InboxStore(context.storage.sql);
    this.sessions = new Sessions(context.storage, {
      closeSockets: (conversation, session, code) =>
        conversationObject(env, conversation).closeSession(session, code),
      endInDatabase: (account, session) => endInDatabase(env, account, session),
    });
    this.#limiter = new RateLimiter(rateSettings(env.RATE_LIMITS));
  }

  #tell(row: InboxRow): void {
    const frame = encodeInboxDown({ t: "activity", row });
    for (const peer of this.#peers.all()) if (peer.isLive) peer.send(frame);
  }

  /** Called by Conversations, again until it succeeds. */
  activity(activity: Activity): Promise<void> {
    const { conversation } = activity;
    const state = withActivity(this.#store.get(conversation), activity);
    if (state) {
      this.#store.put(conversation, state);
      this.#tell(rowOf(conversation, state));
    }
    return Promise.resolve();
  }

  /** K9: a hint for the account's devices; one that misses it finds the record at its next connection. */
  recordChanged(name: Uint8Array, version: number): Promise<void> {
    const frame = encodeInboxDown({ t: "record", name, version });
    for (const peer of this.#peers.all()) if (peer.isLive) peer.send(frame);
    return Promise.resolve();
  }

  #read(peer: SocketPeer, conversation: Uint8Array, seq: number): void {
    const before = this.#store.get(conversation);
    if (!before) return this.#refuse(peer, "not_found");
    const state = withRead(before, seq);
    if (!state) return;
    this.#store.put(conversation, state);
    // To the asking socket as well: it learns the bound that the server now has.
    this.#tell(rowOf(conversation, state));
  }

  #refuse(peer: SocketPeer, error: ErrorCode, retryAfterMs?: number): void {
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    peer.send(encodeInboxDown({ t: "refused", error, ...wait }));
  }

  #handle(peer: SocketPeer, frame: InboxUp): void {
    const wait = this.#limiter.charge(peer.device, peer.who.address, 1, Date.now());
    if (wait > 0) return this.#refuse(peer, "rate_limited", wait);
    switch (frame.t) {
      case "hello": {
        // The list is sent once a socket: then what changes comes by itself.
        if (peer.isLive) return this.#refuse(peer, "rate_limited", HELLO_AGAIN_MS);
        const rows = this.#store.all().map((row) => rowOf(row.conversation, row.state));
        for (const part of snapshotFrames(rows)) peer.send(encodeInboxDown(part));
        peer.setLive(true);
        return;
      }
      case "read":
        return this.#read(peer, frame.conversation, frame.seq);
    }
  }

  override webSocketMessage(socket: WebSocket, message: ArrayBuffer | string): void {
    const peer = this.#peers.of(socket);
    if (!peer) return socket.close(CLOSE.badFrame);
    if (peer.isClosed) return;
    const close = (error: ErrorCode, code: number) => {
      this.#refuse(peer, error);
      peer.close(code);
    };
    if (typeof message === "string") return close("bad_request", CLOSE.badFrame);
    if (message.byteLength > LIMITS.frame) return close("too_large", CLOSE.tooLarge);
    let frame: InboxUp;
    try {
      frame = decodeInboxUp(new Uint8Array(message));
    } catch {
      return close("bad_request", CLOSE.badFrame);
    }
    try {
      this.#handle(peer, frame);
    } catch (error) {
      this.#refuse(peer, refusalOf(error, "Inbox frame").code);
    }
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    this.#peers.closed(socket, code);
  }

  override webSocketError(socket: WebSocket): void {
    this.#peers.forget(socket);
  }

  /** A WebSocket upgrade that the Worker authenticated, for this account. */
  override async fetch(request: Request): Promise<Response> {
    try {
      const who = decodePeer(fromBase64url(request.headers.get(PEER_HEADER) ?? ""));
      if (this.sessions.hasEnded(who.session)) throw new ProtocolError("unauthenticated");
      const { device } = new RequestPeer(who);
      const now = Date.now();
      const delay = this.#limiter.charge(device, who.address, 2, now);
      if (delay > 0) throw new ProtocolError("rate_limited", "sockets", delay);
      const { 0: client, 1: server } = new WebSocketPair();
      this.#peers.accept(server, who, now);
      return await Promise.resolve(new Response(null, { status: 101, webSocket: client }));
    } catch (error) {
      return refusalResponse(refusalOf(error, "Inbox upgrade"));
    }
  }

  /**
   * K12: a Conversation has accepted a socket of this session, which its end must find. False if it has ended:
   * then the socket must not be handed out. Rejects if there was no room for the note.
   */
  noteSocket(copy: SessionCopy, conversation: ConversationId): Promise<boolean> {
    return this.sessions.note(copy, conversation);
  }

  /** K12: a session as D1 has it now. */
  keepSession(copy: SessionCopy): Promise<boolean> {
    return Promise.resolve(this.sessions.keep(copy));
  }

  /** K12: whose token this is, as far as it is known here; asked while D1 is away. */
  recallSession(hash: string, now: number): Promise<Recalled> {
    return Promise.resolve(this.sessions.recall(hash, now));
  }

  #closeOwn(session: string): void {
    for (const peer of this.#peers.ofSession(session)) peer.close(CLOSE.signedOut);
  }

  /** K12: closes the sockets of a session here and in its conversations. Rejects if one was out of reach. */
  endSession(session: string): Promise<void> {
    this.#closeOwn(session);
    return this.sessions.end(session);
  }

  /** K12: ends a session while D1 is away, and tells D1 when it is back. False if it is not known here. */
  async endSessionAlone(account: AccountId, session: string): Promise<boolean> {
    const isKnown = await this.sessions.endAlone(account, session);
    if (isKnown) this.#closeOwn(session);
    return isKnown;
  }

  override alarm(): Promise<void> {
    return this.sessions.settle();
  }
}
