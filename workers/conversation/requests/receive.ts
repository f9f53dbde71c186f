import { isOtherVersion } from "../../objects/other-version.ts";
import type { Peer } from "../../objects/peer.ts";
import { CLOSE } from "../../protocol/close-codes.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import {
  type ConversationDown,
  type ConversationUp,
  decodeConversationUp,
  encodeConversationDown,
} from "../../protocol/frames.ts";
import { LIMITS } from "../../protocol/limits.ts";
import type { Core } from "../core.ts";
import type { Intake } from "../rules/intake.ts";
import { WaitingBytes } from "../rules/waiting-bytes.ts";
import { TUNING } from "../settings.ts";

/** Frames that were not looked at: the same again, a little later. */
export const TOO_MUCH = encodeConversationDown({
  t: "refused",
  ref: null,
  error: "rate_limited",
  retryAfterMs: TUNING.helloAgainMs,
});

/** What a frame has to pass before it is handled: form, size, version, and how much of its sender's waits already. */
export class Reception {
  readonly #core: Core;
  readonly #intake: Intake;
  readonly #waiting = new WaitingBytes<Peer>(TUNING.waitingBytes);

  constructor(core: Core, intake: Intake) {
    this.#core = core;
    this.#intake = intake;
  }

  receive(peer: Peer, message: ArrayBuffer | Uint8Array | string, done?: () => void): void {
    const refuse = (error: ErrorCode, code: number) => {
      const frame: ConversationDown = { t: "refused", ref: null, error };
      peer.send(encodeConversationDown(frame));
      peer.close(code);
      done?.();
    };
    if (this.#core.refusal) return refuse("unavailable", CLOSE.tryLater);
    // Before anything is decoded: a frame costs its sender more than us.
    if (typeof message === "string") return refuse("bad_request", CLOSE.badFrame);
    if (message.byteLength > LIMITS.frame) return refuse("too_large", CLOSE.tooLarge);
    const bytes = new Uint8Array(message);
    let frame: ConversationUp;
    try {
      frame = decodeConversationUp(bytes);
    } catch {
      if (isOtherVersion(bytes)) return refuse("unsupported_version", CLOSE.version);
      return refuse("bad_request", CLOSE.badFrame);
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
}
