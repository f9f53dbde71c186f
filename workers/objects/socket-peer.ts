import * as z from "zod/mini";
import { equalBytes } from "../protocol/bytes.ts";
import { CLOSE } from "../protocol/close-codes.ts";
import { bytes16, bytes32, cappedBytes, time, unsigned } from "../protocol/fields.ts";
import { encodeConversationDown } from "../protocol/frames.ts";
import { type AccountId, type DeviceId, accountIdText, deviceIdText } from "../protocol/ids.ts";
import { LIMITS } from "../protocol/limits.ts";
import type { Page, Peer } from "./peer.ts";
import { type PeerIdentity, peerIdentity } from "./peer-identity.ts";
import { ReadWindow } from "./read-window.ts";

/** The runtime takes 16 KiB at most of all that is attached. */
const HELD_BYTES = 8 * 1024;

const attachment = z.object({
  who: peerIdentity,
  openedAt: time,
  isClosed: z.boolean(),
  isLive: z.boolean(),
  presentAt: time,
  mark: z.nullable(bytes16),
  after: z.nullable(unsigned),
  held: z.nullable(cappedBytes(HELD_BYTES)),
  /** the conversation that its page shows, and when it said so; absent in what an older build attached */
  showing: z.optional(z.nullable(z.object({ conversation: bytes32, at: time }))),
});
type Attached = z.infer<typeof attachment>;

export const newMark = (): Uint8Array => crypto.getRandomValues(new Uint8Array(16));

/** A hibernating WebSocket. What is attached to it lives as long as the socket and is never stored. */
export class SocketPeer implements Peer {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly #socket: WebSocket;
  readonly #window: ReadWindow | null;
  #is: Attached;

  private constructor(socket: WebSocket, is: Attached, isWindowed: boolean) {
    this.#socket = socket;
    this.#is = is;
    this.#window = isWindowed ? new ReadWindow(is.mark !== null) : null;
    this.account = accountIdText(is.who.account);
    this.device = deviceIdText(is.who.device);
  }

  static open(
    socket: WebSocket,
    who: PeerIdentity,
    openedAt: number,
    isWindowed: boolean,
  ): SocketPeer {
    const fresh = { isClosed: false, isLive: false, presentAt: 0 };
    const nothing = { mark: null, after: null, held: null, showing: null };
    const peer = new SocketPeer(socket, { who, openedAt, ...fresh, ...nothing }, isWindowed);
    peer.#attach({});
    return peer;
  }

  /** A socket that woke the object: what it is stands in its attachment. */
  static wake(socket: WebSocket, isWindowed: boolean): SocketPeer | null {
    const parsed = attachment.safeParse(socket.deserializeAttachment());
    return parsed.success ? new SocketPeer(socket, parsed.data, isWindowed) : null;
  }

  get who(): PeerIdentity {
    return this.#is.who;
  }

  get openedAt(): number {
    return this.#is.openedAt;
  }

  /** told to close: it is heard no more, and its other end may take its time */
  get isClosed(): boolean {
    return this.#is.isClosed;
  }

  get isLive(): boolean {
    return this.#is.isLive && !this.#is.isClosed;
  }

  get presentAt(): number {
    return this.#is.presentAt;
  }

  get mark(): Uint8Array | null {
    return this.#is.mark;
  }

  get after(): number | null {
    return this.#is.after;
  }

  setLive(isLive: boolean): void {
    this.#attach({ isLive });
  }

  turnPage({ mark, after, isLive, isConfirmed }: Page): void {
    if (isConfirmed) this.#window?.confirmed();
    if (mark) this.#window?.asked();
    this.#attach({ mark, after, isLive });
  }

  setPresent(presentAt: number): void {
    this.#attach({ presentAt });
  }

  /** Whether its page has said, not longer ago than it has to, that it shows this conversation. */
  isShowing(conversation: Uint8Array, now: number): boolean {
    const { showing } = this.#is;
    if (!showing || this.isClosed || now - showing.at > LIMITS.showingMs) return false;
    return equalBytes(showing.conversation, conversation);
  }

  show(conversation: Uint8Array | null, at: number): void {
    this.#attach({ showing: conversation && { conversation, at } });
  }

  get held(): Uint8Array | null {
    return this.#is.held;
  }

  hold(held: Uint8Array | null): boolean {
    if (held && held.length > HELD_BYTES) return false;
    this.#attach({ held });
    return true;
  }

  #attach(changed: Partial<Attached>): void {
    this.#is = { ...this.#is, ...changed };
    this.#socket.serializeAttachment(this.#is);
  }

  #push(frame: Uint8Array): void {
    try {
      this.#socket.send(frame);
    } catch {
      // Closed meanwhile: its next hello fetches what it missed.
    }
  }

  send(frame: Uint8Array): void {
    if (this.#is.isClosed) return;
    this.#push(frame);
    switch (this.#window?.sent(frame.length)) {
      case "stop":
        return this.close(CLOSE.slow);
      case "ask": {
        const mark = newMark();
        this.#window?.asked();
        this.#attach({ mark });
        return this.#push(encodeConversationDown({ t: "page", mark, more: false }));
      }
      case "nothing":
      case undefined:
        return;
    }
  }

  close(code: number): void {
    try {
      this.#attach({ isClosed: true });
      this.#socket.close(code);
    } catch {
      // Closed already.
    }
  }
}
