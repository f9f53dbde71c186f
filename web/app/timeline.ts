/** The history of a conversation, as the page sees it. */
import type { AccountId, ConversationId, MessageId } from "../../workers/protocol/ids.ts";
import { LIMITS } from "../../workers/protocol/limits.ts";
import type { FileView, QuotedFile } from "./files-view.ts";
import type { ProblemCode } from "./view.ts";

/** States of an own message, from the key-press to its reader; `failed` may come in place of `sent`. */
export type Delivery =
  | { readonly state: "queued" }
  | { readonly state: "sending" }
  | { readonly state: "sent" }
  | { readonly state: "delivered" }
  /** `at`: when the other said so; null where their receipt names a later message (M10) */
  | { readonly state: "read"; readonly at: number | null }
  | { readonly state: "failed"; readonly problem: ProblemCode };

/** The message that a reply answers, as it stands now: a deletion takes its quotes along. */
export type Quote =
  | {
      readonly state: "here";
      readonly seq: number;
      readonly sender: { readonly name: string; readonly own: boolean };
      readonly text: string;
      /** of a file; the text is what was written with it, which may be nothing */
      readonly file?: QuotedFile;
    }
  /** `elsewhere`: not stored on this device, or not what the reply names (M5) */
  | { readonly state: "deleted" | "elsewhere"; readonly seq: number };

/** One emoji and who chose it. */
export interface Reaction {
  readonly emoji: string;
  readonly names: readonly string[];
  readonly own: boolean;
}

/** What this device wants of a message that the server does not have yet; `id` is for retry and discard. */
export interface PendingChange {
  readonly id: MessageId;
  readonly what: "edit" | "deletion" | "reaction";
  readonly delivery: Delivery;
}

/** Own messages can be edited and deleted for everyone for this long (M5). */
export const CHANGE_MS: number = LIMITS.changeMs;

export type TimelineItem =
  | {
      readonly kind: "message";
      /** stable from the key-press on */
      readonly id: MessageId;
      /** null while it has no place in the order */
      readonly seq: number | null;
      readonly at: number;
      readonly sender: {
        readonly account: AccountId;
        readonly name: string;
        readonly own: boolean;
      };
      /** T1: when it was sent, as its author's clock said, where that is over an hour from `at` */
      readonly writtenAt?: number;
      /** M1: its device asked that nobody be rung for it */
      readonly silent?: true;
      /** as its author wrote it last; of a file what was written with it, which may be nothing */
      readonly text: string;
      /** while its upload waits or goes on, `delivery` is "queued" and `FilesModel.transfers` tells how far it is */
      readonly file?: FileView;
      readonly reply: Quote | null;
      /** when it was written anew; null if never */
      readonly editedAt: number | null;
      /** in the order in which each emoji was first chosen */
      readonly reactions: readonly Reaction[];
      /** an edit, deletion or reaction of this device that is under way or failed */
      readonly change: PendingChange | null;
      /** null for the others' messages */
      readonly delivery: Delivery | null;
    }
  /** M5: deleted for everyone; nothing of it is left here */
  | {
      readonly kind: "deleted";
      /** its place, where the message itself is not stored */
      readonly id: MessageId | `d${number}`;
      readonly seq: number;
      readonly at: number;
      readonly sender: {
        readonly account: AccountId;
        readonly name: string;
        readonly own: boolean;
      };
      readonly deletedAt: number;
    }
  | {
      readonly kind: "notice";
      /** what stands there, and its place */
      readonly id: NoticeId;
      readonly seq: number;
      readonly at: number;
      readonly notice: Notice;
    };

/** A bundle, a message that does not open, a hole, a message of a newer app, a new device, a device that is gone. */
export type NoticeId = `${"b" | "q" | "h" | "u" | "n" | "r"}${number}`;

export type Notice =
  | { readonly type: "created" }
  | { readonly type: "invited" }
  | { readonly type: "withdrawn" }
  | {
      readonly type: "joined";
      readonly name: string;
      readonly own: boolean;
      /** I4: after the invitation had expired, by the server's time */
      readonly late?: true;
    }
  | { readonly type: "new-device"; readonly name: string; readonly own: boolean }
  /** C8: what follows came from a device that its account had removed by then */
  | { readonly type: "removed-device" }
  /** M9 */
  | { readonly type: "not-verified" }
  /** M6 */
  | { readonly type: "missing" }
  /** E4 */
  | { readonly type: "update-app" };

/** A message to bring into sight; `at` differs each time it is asked for. */
export interface Reveal {
  readonly seq: number;
  readonly at: number;
  /** `found`: quoted or searched for; `day`: first of a day; `kept`: where the reader left off; `new`: the divider */
  readonly as: "found" | "day" | "kept" | "new";
  /** pixels from the upper edge of the log to its upper edge; for `kept` */
  readonly top: number;
}

/** Where a reader left off: the first message in sight and its distance from the upper edge. */
export interface ReadingPlace {
  readonly seq: number;
  readonly top: number;
}

export interface Timeline {
  readonly conversation: ConversationId;
  /** oldest first; one contiguous stretch of the history, bounded in length */
  readonly items: readonly TimelineItem[];
  readonly older: "none" | "available" | "loading" | "unreachable";
  /** `none`: the stretch ends at the newest message */
  readonly newer: "none" | "available" | "loading";
  readonly reveal: Reveal | null;
  /** share of the way to a message that is not stored here yet; null when nothing is looked for */
  readonly seeking: number | null;
  /** first unread seq when the conversation was opened; null if none */
  readonly newFrom: number | null;
  /** the history is complete from the server's side (not only what is stored here) */
  readonly caughtUp: boolean;
}
