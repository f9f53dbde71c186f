import type { DeviceId } from "../protocol/ids.ts";
import { CLOSE } from "../protocol/close-codes.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { deviceIdText } from "../protocol/ids.ts";
import type { PeerIdentity } from "./peer-identity.ts";
import { SocketPeer } from "./socket-peer.ts";

/** Open sockets of one device at one object. One more closes the one that was opened first. */
export const SOCKETS_PER_DEVICE = 8;

/** Sockets of one device that were told to close and whose other end has not; then no more are opened. */
const CLOSING_PER_DEVICE = 8;

/** How long until one of those may have gone. */
const CLOSING_MS = 10_000;

/** The sockets of an object, through hibernation. */
export class Peers {
  readonly #context: DurableObjectState;
  readonly #isWindowed: boolean;
  readonly #known = new Map<WebSocket, SocketPeer>();

  /** `isWindowed`: what is sent has to be confirmed as read, page by page. */
  constructor(context: DurableObjectState, isWindowed: boolean) {
    this.#context = context;
    this.#isWindowed = isWindowed;
    for (const socket of context.getWebSockets()) this.of(socket);
  }

  /** Throws `rate_limited` for a device that opens more than it closes. */
  #makeRoom(device: DeviceId): void {
    const own = [...this.#known.values()].filter((peer) => peer.device === device);
    const [closing, open] = [own.filter((p) => p.isClosed), own.filter((p) => !p.isClosed)];
    if (closing.length >= CLOSING_PER_DEVICE) {
      throw new ProtocolError("rate_limited", "sockets", CLOSING_MS);
    }
    // Equal times keep the order in which they came.
    const byAge = open.toSorted((a, b) => a.openedAt - b.openedAt);
    const surplus = Math.max(0, open.length - SOCKETS_PER_DEVICE + 1);
    for (const peer of byAge.slice(0, surplus)) peer.close(CLOSE.elsewhere);
  }

  /** Tagged by session, so that a session's end finds its sockets. Throws `rate_limited`. */
  accept(socket: WebSocket, who: PeerIdentity, now: number): SocketPeer {
    this.#makeRoom(deviceIdText(who.device));
    this.#context.acceptWebSocket(socket, [who.session]);
    const peer = SocketPeer.open(socket, who, now, this.#isWindowed);
    this.#known.set(socket, peer);
    return peer;
  }

  of(socket: WebSocket): SocketPeer | null {
    const known = this.#known.get(socket) ?? SocketPeer.wake(socket, this.#isWindowed);
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

  /** Those that were not told to close. */
  *all(): Generator<SocketPeer> {
    for (const peer of this.#known.values()) if (!peer.isClosed) yield peer;
  }

  /** What a socket holds is not stored yet, even if it was told to close. */
  evenClosing(): Iterable<SocketPeer> {
    return this.#known.values();
  }

  ofSession(session: string): SocketPeer[] {
    return this.#context.getWebSockets(session).flatMap((socket) => this.of(socket) ?? []);
  }
}
