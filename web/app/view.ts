/**
 * What the page sees and asks for: plain data that crosses from the engine (a Web Worker that holds keys,
 * IndexedDB and sockets) to the page. Nothing here is secret but the recovery code while it is shown, the
 * invitation link, and the texts themselves.
 */
import type { AccountId, ConversationId, InviteId } from "../../workers/protocol/ids.ts";
import type { AccountRole } from "../../workers/protocol/http/endpoint.ts";
import type { ErrorCode } from "../../workers/protocol/errors.ts";
import type { FileMention } from "../core/files/file-mention.ts";
import { LIMITS } from "../../workers/protocol/limits.ts";

/** Characters of a message and of a name; the fields say so before anything is sent. */
export const TEXT_LIMIT: number = LIMITS.text;
export const NAME_LIMIT: number = LIMITS.publicName;

/** Failures that are the client's own, beside the server's closed list. */
export type ClientProblem =
  /** no connection; the request was not made or not answered */
  | "offline"
  /** the link is not a Thyme link or was cut off when copied */
  | "bad_link"
  /** the link names another inviter than the conversation that it leads to has, or had its keys changed (I3) */
  | "link_altered"
  /** the link is fine but belongs to somebody of another role */
  | "wrong_role"
  /** this device's clock is too far ahead to sign by it (T1) */
  | "clock_ahead"
  /** a mistyped recovery code (checksum) */
  | "bad_recovery_code"
  /** the person closed the passkey dialog or it timed out */
  | "passkey_cancelled"
  /** this browser cannot make or use passkeys */
  | "passkey_unsupported"
  /** a signature or chain did not verify: the server or a peer is not to be believed */
  | "not_verified"
  /** this browser refuses to store data (private window, full disk) */
  | "storage"
  /** too long to be sent */
  | "too_long"
  /** sent by a former device of the account; whether it arrived cannot be told any more (M6) */
  | "maybe_sent"
  /** the page was put away before an answer came; it may have been done */
  | "interrupted"
  /** F2: no file of a kind that may be sent, whatever its name says */
  | "file_type"
  /** F2: a phone's video carries its place */
  | "file_video"
  /** F2: a picture that this browser cannot decode, so that its place could not be taken out */
  | "file_heic"
  | "file_empty"
  /** more pixels than are decoded */
  | "file_pixels"
  /** cut off, or not readable as what it is */
  | "file_damaged"
  /** F1: its source changed while it was read */
  | "file_changed"
  /** F1: what was kept of it to be sent is gone */
  | "file_lost"
  /** F1: what the server has is not what was sent */
  | "file_altered"
  /** no room on this device for a copy */
  | "device_full"
  /** the person, or this system, does not give Thyme the microphone */
  | "microphone_denied"
  /** this device has none */
  | "microphone_missing"
  /** another program holds the microphone, or the browser's recorder broke off */
  | "recording_failed"
  /** signing out would lose messages that were not sent yet, or removals that the server was not asked for (M5) */
  | "unsent_messages";

export type ProblemCode = ErrorCode | ClientProblem;

/** Where the app stands as a whole. `starting` is shown as the empty shell, never as a spinner. */
export type AppState =
  | { readonly phase: "starting" }
  | { readonly phase: "signed-out" }
  | { readonly phase: "ready"; readonly me: Me };

export interface Me {
  readonly account: AccountId;
  readonly role: AccountRole;
  /** as the person wrote it; decrypted on this device */
  readonly name: string;
}

/**
 * E1: whether all that this device stored can be read. `mending`: what cannot is fetched anew; `lost`: nothing of it
 * can, and signing in brings it back.
 */
export type StoreHealth = "whole" | "mending" | "mended" | "lost";

/**
 * `offline`: the system says so or nothing answers; `connecting` is shown only after a while; `elsewhere`: other tabs
 * of this device are served, this one when the person looks at it.
 */
export type Connection = "connecting" | "online" | "offline" | "elsewhere";

export interface ConversationSummary {
  readonly id: ConversationId;
  /** private label, else the profile name, else the inviter's public name */
  readonly title: string;
  readonly state:
    | "invited"
    | "invitation-expired"
    | "joining"
    | "active"
    /** there is proof of a fork or of a copied device: sending stopped for good (C5, M6) */
    | "blocked";
  readonly preview: Preview | null;
  /** milliseconds; of the last message, else of creation */
  readonly lastAt: number;
  readonly unread: number;
  /** queued or failed messages of this device */
  readonly unsent: number;
  /** the last message is theirs and not answered */
  readonly waitingForYou: boolean;
  /** stays on top */
  readonly pinned: boolean;
  /** its unread messages count in no total */
  readonly muted: boolean;
  /** when that ends by itself; null: it does not, or it is not muted */
  readonly mutedUntil: number | null;
  /** put away until something new comes, or for good while it is muted */
  readonly archived: boolean;
  /** what was written and not sent, while the conversation is not on screen */
  readonly draft: string | null;
}

/** Until when a conversation stays silent: milliseconds, or for ever. */
export type MuteUntil = number | "always";

export interface Preview {
  readonly own: boolean;
  /** as its author wrote it last; empty when it is deleted */
  readonly text: string;
  /** deleted for everyone (M5) */
  readonly deleted: boolean;
  /** of a file; the text is what was written with it, which may be nothing */
  readonly file?: FileMention;
}

/**
 * C5: what is asked for again before anything is sent: a change of the conversation, an account's list of devices, what
 * the newest messages open with, or a log that does not contradict what is stored here.
 */
export interface Wanting {
  readonly what: "bundle" | "manifest" | "share" | "log";
  /** milliseconds; since when anything is wanted */
  readonly since: number;
}

/** C5: something came, failed a check and was not used. */
export interface FailedCheck {
  readonly what: Wanting["what"] | "message";
  readonly at: number;
}

/** What the header and the details pane say about a conversation. */
export interface ConversationDetails {
  readonly id: ConversationId;
  readonly title: string;
  readonly state: ConversationSummary["state"];
  /** null until somebody joined */
  readonly peer: (Peer & { readonly devices: number }) | null;
  readonly ownDevices: number;
  readonly verified: "by-your-invitation" | "by-their-invitation" | "waiting";
  /** while an invitation is open */
  readonly invitation: { readonly link: string; readonly expiresAt: number } | null;
  /** while sending waits for something; reading goes on */
  readonly wanting: Wanting | null;
  /** oldest first */
  readonly failures: readonly FailedCheck[];
  readonly createdAt: number;
}

/** `signedName`: as they say it themselves, if they have; a label is for its writer's eyes only. */
type Peer = { readonly name: string; readonly signedName: string | null };

/** What a link leads to. */
export type LinkState =
  | {
      readonly kind: "setup" | "practitioner" | "patient";
      readonly state: "open";
      readonly inviter: string | null;
      readonly suggestedName: string;
      readonly expiresAt: number | null;
      /** an account is signed in here already; a patient may join with it */
      readonly signedIn: Me | null;
      /** an account that was begun here with this link, and not finished (K10) */
      readonly resumed: Resumed | null;
    }
  | {
      readonly kind: "setup" | "practitioner" | "patient";
      readonly state: "used" | "withdrawn" | "expired";
      readonly inviter: string | null;
      /** used by who is signed in here: where it leads them; null conversation: to the list */
      readonly own: { readonly conversation: ConversationId | null } | null;
    };

/** Where an interrupted newcomer goes on. */
export interface Resumed {
  readonly step: "passkey" | "confirm" | "code";
  readonly name: string;
  readonly recoveryCode: string;
}

/** K10: a passkey that no account has; its manager is told so (WebAuthn Level 3, signalUnknownCredential). */
export interface AbandonedPasskey {
  readonly rpId: string;
  readonly credential: string;
}

/** Made when name and consent are given; nothing has been sent yet (K10). */
export interface PreparedAccount {
  /** seven groups of four, blanks between */
  readonly recoveryCode: string;
  readonly step: Resumed["step"];
}

export interface PasskeyCreation {
  readonly challenge: string;
  readonly rpId: string;
  /** the user handle (WebAuthn) */
  readonly userId: AccountId;
  readonly userName: string;
  /** the one that is made already, while it waits to be confirmed */
  readonly credential: string | null;
  /** PRF salt, constant (K7) */
  readonly salt: Uint8Array;
}

export interface PractitionerInvitation {
  readonly invite: InviteId;
  readonly label: string;
  readonly state: "open" | "used" | "withdrawn" | "expired";
  readonly createdAt: number;
  readonly expiresAt: number;
  /** only on devices of the account that made it */
  readonly link: string | null;
}
