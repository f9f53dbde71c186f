/**
 * What the page holds and the device's store has not yet: plain data. `key` is the idempotency key of a message: the
 * one under which a text in the composer will be sent, so that a draft is known again whose message was stored.
 */
import type { ConversationId } from "../../workers/protocol/ids.ts";
import type { UnsavedEdit } from "./drafts-view.ts";

export type Unstored =
  | {
      readonly kind: "draft";
      readonly key: string;
      readonly conversation: ConversationId;
      readonly text: string;
      readonly seen: number;
    }
  | {
      readonly kind: "edit";
      readonly conversation: ConversationId;
      readonly edit: UnsavedEdit | null;
    }
  | {
      readonly kind: "message";
      readonly key: string;
      readonly conversation: ConversationId;
      readonly text: string;
      readonly seen: number;
      readonly replyTo?: number;
    };

/** An idempotency key: 16 random bytes in hexadecimal. */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
