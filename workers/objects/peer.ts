import { type AccountId, type DeviceId, accountIdText, deviceIdText } from "../protocol/ids.ts";
import type { PeerIdentity } from "./peer-identity.ts";

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
  /** what this end keeps for the object until it is stored */
  readonly held: Uint8Array | null;
  /** Lets it keep this instead. False if it cannot. */
  hold(bytes: Uint8Array | null): boolean;
  send(frame: Uint8Array): void;
  close(code: number): void;
}

/** Frames over HTTP: answers are collected. */
export class RequestPeer implements Peer {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly isLive: boolean = false;
  readonly presentAt = 0;
  readonly held = null;
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

  hold(): boolean {
    return false;
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
