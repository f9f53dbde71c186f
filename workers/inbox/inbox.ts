import { DurableObject } from "cloudflare:workers";
import { settingsOf } from "../env.ts";
import { PEER_HEADER, decodePeer } from "../objects/peer-identity.ts";
import { RequestPeer } from "../objects/peer.ts";
import { Peers } from "../objects/peers.ts";
import type { SocketPeer } from "../objects/socket-peer.ts";
import { RateLimiter } from "../objects/rate-limit.ts";
import { rateSettings } from "../objects/rate-settings.ts";
import { refusalOf, refusalResponse } from "../http/failure.ts";
import { eachSettled } from "../objects/each-settled.ts";
import { conversationObject } from "../objects/objects.ts";
import { fromBase64url, toBase64url } from "../protocol/bytes.ts";
import { CLOSE } from "../protocol/close-codes.ts";
import { type ErrorCode, ProtocolError } from "../protocol/errors.ts";
import { type InboxRow, type InboxUp, encodeInboxDown } from "../protocol/frames.ts";
import type { PushPreferences, PushTest } from "../protocol/http/push.ts";
import type { AccountId, ConversationId, DeviceId } from "../protocol/ids.ts";
import { endInDatabase } from "../accounts/ended-sessions.ts";
import type { SessionCopy } from "../objects/session-copy.ts";
import type { Activity } from "./activity.ts";
import { InboxStore } from "./inbox-store.ts";
import { List } from "./list.ts";
import type { Notifications } from "./push-settings.ts";
import { readFrame } from "./read-frame.ts";
import { type Known, Rings } from "./rings.ts";
import { type Recalled, Sessions } from "./sessions.ts";
import { rowOf, snapshotFrames } from "./snapshot.ts";
import { SpentStore } from "./spent-store.ts";
import type { Subscription } from "./subscriptions.ts";
import { unreadOf, withActivity, withRead } from "./unread.ts";
import { Wake } from "./wake.ts";

/** Another snapshot takes another socket. */
const HELLO_AGAIN_MS = 60_000;

/** After an alarm that failed in a way that nobody expected. */
const HEAL_MS = 60_000;

/** The conversations of one account: what happened in them, what was read (decision "one socket"). */
export class Inbox extends DurableObject<Cloudflare.Env> {
  readonly #peers: Peers;
  readonly #list: List;
  readonly #wake: Wake;
  readonly #limiter: RateLimiter;
  readonly #spent: SpentStore;
  readonly sessions: Sessions;
  readonly rings: Rings;

  constructor(context: DurableObjectState, env: Cloudflare.Env) {
    super(context, env);
    const { storage } = context;
    this.#peers = new Peers(context, false);
    const store = new InboxStore(storage);
    this.#list = new List(store, this.#peers.evenClosing());
    this.#spent = new SpentStore(storage.sql, () => store.prepare());
    this.#wake = new Wake(storage);
    this.sessions = new Sessions(storage.sql, store, this.#wake, {
      closeSockets: (conversation, session, code) =>
        conversationObject(env, conversation).closeSession(session, code),
      endInDatabase: (account, session) => endInDatabase(env, account, session),
    });
    const known: Known = (conversation, now) => {
      const state = this.#list.stateOf(conversation);
      const isShown = [...this.#peers.all()].some((peer) => peer.isShowing(conversation, now));
      return { isShown, unread: state ? unreadOf(state) : 0 };
    };
    this.rings = new Rings(storage, store, this.#wake, known, () => settingsOf(env));
    this.#limiter = new RateLimiter(rateSettings(env.RATE_LIMITS));
    // Storage of another era is said by whoever asks for something.
    context.waitUntil(this.rings.rearm().catch(() => undefined));
  }

  #tell(row: InboxRow): void {
    const frame = encodeInboxDown({ t: "activity", row });
    for (const peer of this.#peers.all()) if (peer.isLive) peer.send(frame);
  }

  /**
   * Called by Conversations, again until it succeeds. While somebody is connected a row is only held, if `mustStore`
   * does not ask for more: false says so, and the Conversation tells it again, to be stored, within ten minutes.
   */
  async activity(activity: Activity, mustStore = true): Promise<boolean> {
    const { conversation } = activity;
    const before = this.#list.stateOf(conversation);
    const state = withActivity(before, activity) ?? before;
    const wasHeld = this.#list.isHeld(conversation);
    if (!state || (state === before && !wasHeld)) return true;
    const isHeld =
      before !== null && !mustStore && this.#list.hold(this.#peers.all(), conversation, state);
    if (!isHeld) this.#list.put(conversation, state);
    if (state !== before) this.#tell(rowOf(conversation, state));
    // What was there before the conversation came into the list rings nobody.
    if (before && state.others > before.others) await this.rings.ring(conversation);
    return !isHeld;
  }

  /** Bytes that this account sent in a conversation on a day, so far; answers those of all conversations. */
  spent(conversation: Uint8Array, day: number, bytes: number): Promise<number> {
    return Promise.resolve(this.#spent.note(conversation, day, bytes));
  }

  /** K9: a hint for the account's devices; one that misses it finds the record at its next connection. */
  recordChanged(name: Uint8Array, version: number): Promise<void> {
    const frame = encodeInboxDown({ t: "record", name, version });
    for (const peer of this.#peers.all()) if (peer.isLive) peer.send(frame);
    return Promise.resolve();
  }

  /**
   * K3: live devices look at the new manifest; one that misses this finds it at its next connection. `gone`: devices
   * that it no longer names, which ring no more, even where no session of theirs was left to end.
   */
  manifestChanged(version: number, gone: readonly DeviceId[] = []): Promise<void> {
    for (const device of gone) this.rings.subscriptions.delete(device);
    const frame = encodeInboxDown({ t: "manifest", version });
    for (const peer of this.#peers.all()) if (peer.isLive) peer.send(frame);
    return Promise.resolve();
  }

  #read(peer: SocketPeer, conversation: Uint8Array, seq: number): void {
    const before = this.#list.stateOf(conversation);
    if (!before) return this.#refuse(peer, "not_found");
    const state = withRead(before, seq);
    if (!state) return;
    // Of a row that is held the Conversation will ask that it is stored; one that is stored stays so.
    const isHeld =
      this.#list.isHeld(conversation) && this.#list.hold(this.#peers.all(), conversation, state);
    if (!isHeld) this.#list.put(conversation, state);
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
        for (const part of snapshotFrames(this.#list.rows())) peer.send(encodeInboxDown(part));
        peer.setLive(true);
        return;
      }
      case "read":
        return this.#read(peer, frame.conversation, frame.seq);
      case "showing":
        return peer.show(frame.conversation, Date.now());
    }
  }

  override webSocketMessage(socket: WebSocket, message: ArrayBuffer | string): void {
    const peer = this.#peers.of(socket);
    if (!peer) return socket.close(CLOSE.badFrame);
    if (peer.isClosed) return;
    const read = readFrame(message);
    if (!read.frame) {
      this.#refuse(peer, read.error);
      return peer.close(read.code);
    }
    try {
      this.#handle(peer, read.frame);
    } catch (error) {
      this.#refuse(peer, refusalOf(error, "Inbox frame").code);
    }
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    const peer = this.#peers.closed(socket, code);
    if (peer) this.#list.left(peer);
  }

  override webSocketError(socket: WebSocket): void {
    const peer = this.#peers.forget(socket);
    if (peer) this.#list.left(peer);
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

  /** Every conversation of the account, as text. */
  conversations(): Promise<string[]> {
    return Promise.resolve(this.#list.conversations().map(toBase64url));
  }

  /** K12: closes every socket of the account: after a restore D1 may not know the sessions they were opened by. */
  async endEverySession(): Promise<void> {
    const open = [...this.#peers.all()].map(({ who }) => who.session);
    const all = [...new Set([...open, ...this.sessions.known()])];
    const failures = await eachSettled(all, 4, (session) => this.endSession(session));
    if (failures.length > 0) throw failures[0];
  }

  /** K12: closes the sockets of a session here and in its conversations. Rejects if one was out of reach. */
  endSession(session: string): Promise<void> {
    this.rings.sessionEnded(session, this.sessions.lastOf(session, Date.now()));
    this.#closeOwn(session);
    return this.sessions.end(session);
  }

  /** K12: ends a session while D1 is away, and tells D1 when it is back. False if it is not known here. */
  async endSessionAlone(account: AccountId, session: string): Promise<boolean> {
    const isKnown = await this.sessions.endAlone(account, session);
    if (!isKnown) return false;
    this.rings.sessionEnded(session, this.sessions.lastOf(session, Date.now()));
    this.#closeOwn(session);
    return true;
  }

  /** N1: where a device is rung from here on. False if its session has ended. */
  subscribe(copy: SessionCopy, subscription: Subscription): Promise<boolean> {
    const isKept = this.sessions.keep(copy);
    if (isKept) this.rings.subscriptions.put(subscription, Date.now());
    return Promise.resolve(isKept);
  }

  unsubscribe(device: DeviceId): Promise<void> {
    this.rings.subscriptions.delete(device);
    return Promise.resolve();
  }

  notifications(device: DeviceId): Promise<Notifications> {
    const { subscriptions, settings } = this.rings;
    const subscribed = subscriptions.get(device) !== null;
    const preferences = settings.preferences();
    return Promise.resolve({ subscribed, preferences, mutes: settings.mutes(Date.now()) });
  }

  prefer(preferences: PushPreferences): Promise<void> {
    this.rings.settings.prefer(preferences);
    return Promise.resolve();
  }

  /** `until`: null, until it is taken back; undefined: it is. False for what is not in the list. */
  mute(conversation: Uint8Array, until: number | null | undefined): Promise<boolean> {
    const isKnown = this.#list.stateOf(conversation) !== null;
    if (isKnown && until === undefined) this.rings.settings.unmute(conversation);
    else if (isKnown) this.rings.settings.mute({ conversation, until: until ?? null }, Date.now());
    return Promise.resolve(isKnown);
  }

  testPush(device: DeviceId): Promise<PushTest> {
    return this.rings.test(device);
  }

  /** Never throws, since the platform drops an alarm that fails some times; each part re-arms itself. */
  override async alarm(): Promise<void> {
    const outcomes = await Promise.allSettled([this.sessions.settle(), this.rings.run()]);
    for (const outcome of outcomes) {
      if (outcome.status === "fulfilled") continue;
      refusalOf(outcome.reason, "Inbox alarm");
      await this.#wake.at(Date.now() + HEAL_MS);
    }
  }
}
