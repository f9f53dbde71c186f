import * as z from "zod/mini";
import { cappedBytes, time } from "../protocol/fields.ts";
import { type AccountId, type DeviceId, accountIdText, deviceIdText } from "../protocol/ids.ts";
import { type PeerIdentity, peerIdentity } from "./peer-identity.ts";

/** The runtime takes 16 KiB at most. */
const HELD_BYTES = 8 * 1024;

const attachment = z.object({
  who: peerIdentity,
  isLive: z.boolean(),
  presentAt: time,
  held: z.optional(z.nullable(cappedBytes(HELD_BYTES))),
});

/** One end of a conversation: a socket, or a request that carries frames. */
export interface Peer {
  readonly who: PeerIdentity;
  readonly account: AccountId;
  readonly device: DeviceId;
  /** said hello, so it gets what is new */
  readonly isLive: boolean;
  setLive(isLive: boolean): void;
  /** when it last said that the conversation is in sight; 0: it is not */
  readonly presentAt: number;
  setPresent(at: number): void;
  /** what this end keeps for the object until it is stored */
  readonly held: Uint8Array | null;
  /** Lets it keep this instead. False if it cannot. */
  hold(bytes: Uint8Array | null): boolean;
  send(frame: Uint8Array): void;
  close(code: number): void;
}

/** A hibernating WebSocket. Its attachment lives as long as the socket and is never stored. */
export class SocketPeer implements Peer {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly who: PeerIdentity;
  readonly #socket: WebSocket;
  #isLive: boolean;
  #presentAt: number;
  #held: Uint8Array | null = null;

  constructor(socket: WebSocket, who: PeerIdentity, isLive: boolean, presentAt: number) {
    this.#socket = socket;
    this.who = who;
    this.#presentAt = presentAt;
    this.account = accountIdText(who.account);
    this.device = deviceIdText(who.device);
    this.#isLive = isLive;
  }

  /** A socket that woke the object: what it is stands in its attachment. */
  static wake(socket: WebSocket): SocketPeer | null {
    const parsed = attachment.safeParse(socket.deserializeAttachment());
    if (!parsed.success) return null;
    const { who, isLive, presentAt, held } = parsed.data;
    const peer = new SocketPeer(socket, who, isLive, presentAt);
    peer.#held = held ?? null;
    return peer;
  }

  get isLive(): boolean {
    return this.#isLive;
  }

  get presentAt(): number {
    return this.#presentAt;
  }

  setLive(isLive: boolean): void {
    this.#isLive = isLive;
    this.#attach();
  }

  setPresent(at: number): void {
    this.#presentAt = at;
    this.#attach();
  }

  #attach(): void {
    const { who, isLive, presentAt, held } = this;
    this.#socket.serializeAttachment({ who, isLive, presentAt, held });
  }

  get held(): Uint8Array | null {
    return this.#held;
  }

  hold(bytes: Uint8Array | null): boolean {
    if (bytes && bytes.length > HELD_BYTES) return false;
    this.#held = bytes;
    this.#attach();
    return true;
  }

  send(frame: Uint8Array): void {
    try {
      this.#socket.send(frame);
    } catch {
      // Closed meanwhile: its next hello fetches what it missed.
    }
  }

  close(code: number): void {
    try {
      this.#socket.close(code);
    } catch {
      // Closed already.
    }
  }
}

/** Frames over HTTP: answers are collected. */
export class RequestPeer implements Peer {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly isLive: boolean = false;
  readonly presentAt = 0;
  readonly held = null;
  readonly frames: Uint8Array[] = [];
  isClosed = false;

  constructor(readonly who: PeerIdentity) {
    this.account = accountIdText(who.account);
    this.device = deviceIdText(who.device);
  }

  setLive(): void {
    // A request ends: there is no "live".
  }

  hold(): boolean {
    return false;
  }

  setPresent(): void {
    // Nor is anybody present by a request.
  }

  send(frame: Uint8Array): void {
    this.frames.push(frame);
  }

  close(): void {
    this.isClosed = true;
  }
}

/** The sockets of an object, through hibernation. */
export class Peers {
  readonly #context: DurableObjectState;
  readonly #known = new Map<WebSocket, SocketPeer>();

  constructor(context: DurableObjectState) {
    this.#context = context;
    for (const socket of context.getWebSockets()) this.of(socket);
  }

  /** Tagged by session, so that a session's end finds its sockets. */
  accept(socket: WebSocket, who: PeerIdentity): SocketPeer {
    this.#context.acceptWebSocket(socket, [who.session]);
    const peer = new SocketPeer(socket, who, false, 0);
    peer.setLive(false);
    this.#known.set(socket, peer);
    return peer;
  }

  of(socket: WebSocket): SocketPeer | null {
    const known = this.#known.get(socket) ?? SocketPeer.wake(socket);
    if (known) this.#known.set(socket, known);
    return known;
  }

  /** Who it was. */
  forget(socket: WebSocket): SocketPeer | null {
    const peer = this.of(socket);
    this.#known.delete(socket);
    return peer;
  }

  /** Completes the closing handshake. 1005 and 1006 say "no code" and may not be sent. */
  closed(socket: WebSocket, code: number): SocketPeer | null {
    const peer = this.forget(socket);
    try {
      socket.close(code === 1005 || code === 1006 ? 1000 : code);
    } catch {
      // Closed already.
    }
    return peer;
  }

  all(): Iterable<SocketPeer> {
    return this.#known.values();
  }

  ofSession(session: string): SocketPeer[] {
    return this.#context.getWebSockets(session).flatMap((socket) => this.of(socket) ?? []);
  }
}
