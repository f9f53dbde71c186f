import * as z from "zod/mini";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";
import { bytes32 } from "../protocol/fields.ts";
import {
  type AccountId,
  type DeviceId,
  accountIdText,
  deviceIdText,
  idBytes,
} from "../protocol/ids.ts";

const shortText = z.string().check(z.maxLength(128));
export const caller = z.strictObject({
  account: bytes32,
  device: bytes32,
  session: shortText,
  address: shortText,
});
/** Who is at the other end of a socket or request, as the Worker has authenticated it. */
export type PeerIdentity = z.infer<typeof caller>;

export interface Asking {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly session: string;
}

/** Carries the caller to the object: only the Worker can reach it, and it sets this header itself. */
export const PEER_HEADER = "x-thyme-peer";

export const identityOf = (asking: Asking, address: string): PeerIdentity => ({
  account: idBytes(asking.account),
  device: idBytes(asking.device),
  session: asking.session,
  address: address.slice(0, 128),
});

export const encodePeer = (who: PeerIdentity): Uint8Array => encodeCbor(who);
export const decodePeer = (bytes: Uint8Array): PeerIdentity => decodeCbor(bytes, caller, 1024);

/** Where a reader stands in the log that follows its hello. */
export interface Page {
  readonly mark: Uint8Array | null;
  readonly after: number | null;
  readonly isLive: boolean;
  /** it has said the mark before: all that was sent before it has been read */
  readonly isConfirmed: boolean;
}

/** One end of a conversation: a socket, or a request that carries frames. */
export interface Peer {
  readonly who: PeerIdentity;
  readonly account: AccountId;
  readonly device: DeviceId;
  /** said hello, so it gets what is new */
  readonly isLive: boolean;
  /** the mark that it was sent last and has not confirmed: one page at a time */
  readonly mark: Uint8Array | null;
  /** the log goes on after this seq once it has; null: no page follows */
  readonly after: number | null;
  turnPage(page: Page): void;
  /** when it last said that the conversation is in sight; 0: it is not */
  readonly presentAt: number;
  setPresent(at: number): void;
  send(frame: Uint8Array): void;
  close(code: number): void;
}

/** Frames over HTTP: answers are collected. */
export class RequestPeer implements Peer {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly isLive: boolean = false;
  readonly presentAt = 0;
  readonly frames: Uint8Array[] = [];
  mark: Uint8Array | null = null;
  readonly after = null;
  /** of the answers so far */
  bytes = 0;
  isClosed = false;

  constructor(readonly who: PeerIdentity) {
    this.account = accountIdText(who.account);
    this.device = deviceIdText(who.device);
  }

  /** A request ends: there is no "live", and nothing can be confirmed. */
  turnPage({ mark }: Page): void {
    this.mark = mark;
  }

  setPresent(): void {
    // Nor is anybody present by a request.
  }

  send(frame: Uint8Array): void {
    this.frames.push(frame);
    this.bytes += frame.length;
  }

  close(): void {
    this.isClosed = true;
  }
}
