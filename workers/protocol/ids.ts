import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, fromBase64url, toBase64url } from "./bytes.ts";
import { label } from "./labels.ts";

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** base64url of the 32-byte identifier; the form used in JSON, URLs, map and storage keys. */
export type AccountId = Branded<"account">;
export type DeviceId = Branded<"device">;
export type ConversationId = Branded<"conversation">;
/** base64url of the 16-byte identifier. */
export type InviteId = Branded<"invite">;
/** base64url of the 16 bytes of a UUIDv7 (RFC 9562). */
export type MessageId = Branded<"message">;
/** base64url of the 16 random bytes that a file is told apart by (F2). */
export type BlobId = Branded<"blob">;
/** base64url of the 16 random bytes that a template is told apart by (K9). */
export type TemplateId = Branded<"template">;

type AnyId = AccountId | DeviceId | ConversationId | InviteId | MessageId | BlobId | TemplateId;

function idText<Id extends AnyId>(bytes: Uint8Array, length: number): Id {
  if (bytes.length !== length) throw new RangeError(`an id of ${length} bytes was expected`);
  // The one place where text becomes an id; its length was checked above.
  return toBase64url(bytes) as Id;
}

export const accountIdText = (bytes: Uint8Array): AccountId => idText(bytes, 32);
export const deviceIdText = (bytes: Uint8Array): DeviceId => idText(bytes, 32);
export const conversationIdText = (bytes: Uint8Array): ConversationId => idText(bytes, 32);
export const inviteIdText = (bytes: Uint8Array): InviteId => idText(bytes, 16);
export const messageIdText = (bytes: Uint8Array): MessageId => idText(bytes, 16);
export const blobIdText = (bytes: Uint8Array): BlobId => idText(bytes, 16);
export const templateIdText = (bytes: Uint8Array): TemplateId => idText(bytes, 16);
export const idBytes = (id: AnyId): Uint8Array => fromBase64url(id);

/** Parses an id that came as text. Throws RangeError unless it is canonical base64url of the right length. */
export const parseAccountId = (text: string): AccountId => accountIdText(fromBase64url(text));
export const parseConversationId = (text: string): ConversationId =>
  conversationIdText(fromBase64url(text));
export const parseInviteId = (text: string): InviteId => inviteIdText(fromBase64url(text));
export const parseBlobId = (text: string): BlobId => blobIdText(fromBase64url(text));
export const parseDeviceId = (text: string): DeviceId => deviceIdText(fromBase64url(text));

/** As {@link parseConversationId}, of text that anybody may have written: null where it is no id. */
export function conversationIdIn(text: string): ConversationId | null {
  try {
    return parseConversationId(text);
  } catch {
    return null;
  }
}

/** K1: `SHA-256("thyme/v1/account\0" || accountPub)`. */
export const accountIdOf = (accountPub: Uint8Array): Uint8Array =>
  sha256(concatBytes(label("account"), accountPub));

/** K2: `SHA-256("thyme/v1/device\0" || signPub)`. */
export const deviceIdOf = (signPub: Uint8Array): Uint8Array =>
  sha256(concatBytes(label("device"), signPub));

/** C1: `SHA-256("thyme/v1/conversation\0" || owner accountId || nonce)`. */
export const conversationIdOf = (owner: Uint8Array, nonce: Uint8Array): Uint8Array =>
  sha256(concatBytes(label("conversation"), owner, nonce));

/** I1: first 16 bytes of `SHA-256("thyme/v1/invite\0" || signPub)`. */
export const inviteIdOf = (signPub: Uint8Array): Uint8Array =>
  sha256(concatBytes(label("invite"), signPub)).slice(0, 16);
