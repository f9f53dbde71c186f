import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import {
  type ConversationDown,
  type ConversationUp,
  type LogItem,
  decodeConversationDown,
  encodeConversationUp,
} from "../../../../workers/protocol/frames.ts";
import type { ErrorCode } from "../../../../workers/protocol/errors.ts";
import { fromBase64url, toBase64url } from "../../../../workers/protocol/bytes.ts";
import type { Api } from "../../../platform/http.ts";

/** What became of one message or bundle that was sent. */
export type Answer =
  | { readonly type: "taken"; readonly seq: number; readonly at: number }
  | {
      readonly type: "refused";
      readonly error: ErrorCode;
      readonly retryAfterMs: number | undefined;
      readonly missed: readonly LogItem[];
    }
  /** the connection went first: it may or may not have been taken; send the same again */
  | { readonly type: "unanswered" };

/** What waits for answers, by base64url of messageId or bundle hash. */
export class Waiting {
  readonly #resolvers = new Map<string, (answer: Answer) => void>();

  wait(ref: Uint8Array): Promise<Answer> {
    return new Promise((resolve) => this.#resolvers.set(toBase64url(ref), resolve));
  }

  #settle(ref: Uint8Array, answer: Answer): void {
    const key = toBase64url(ref);
    this.#resolvers.get(key)?.(answer);
    this.#resolvers.delete(key);
  }

  /** Settles what this frame answers. */
  take(frame: ConversationDown): void {
    switch (frame.t) {
      case "ack":
        for (const { messageId, seq, at } of frame.items) {
          this.#settle(messageId, { type: "taken", seq, at });
        }
        return;
      case "accepted":
        this.#settle(frame.hash, { type: "taken", seq: frame.seq, at: frame.at });
        return;
      case "refused": {
        const { error, retryAfterMs, missed = [] } = frame;
        const answer: Answer = { type: "refused", error, retryAfterMs, missed };
        if (frame.ref) this.#settle(frame.ref, answer);
        else this.end(answer);
        return;
      }
      case "welcome":
      case "log":
      case "page":
      case "received":
      case "receipt":
      case "typing":
      case "presence":
        return;
    }
  }

  /** The connection ended, or a refusal named nothing: all that wait get the same answer. */
  end(answer: Answer = { type: "unanswered" }): void {
    const all = [...this.#resolvers.values()];
    this.#resolvers.clear();
    for (const resolve of all) resolve(answer);
  }
}

/** Sends frames over HTTP and gives back the frames that answer them. */
export async function exchange(
  api: Api,
  conversation: ConversationId,
  frames: readonly ConversationUp[],
): Promise<ConversationDown[]> {
  const answer = await api.call("frames", {
    params: { conversation },
    body: { frames: frames.map((frame) => toBase64url(encodeConversationUp(frame))) },
  });
  return answer.frames.map((frame) => decodeConversationDown(fromBase64url(frame)));
}
