import * as z from "zod/mini";
import { concatBytes, prefixed, u64 } from "../../../workers/protocol/bytes.ts";
import { decodeCbor, encodeCbor } from "../../../workers/protocol/cbor.ts";
import { bytes16, bytes32, positive, time } from "../../../workers/protocol/fields.ts";
import { label } from "../../../workers/protocol/labels.ts";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import { type Random, sha256 } from "../crypto/primitives.ts";
import { CoreError } from "../errors.ts";
import { pad, unpad } from "./padding.ts";

/**
 * M5: the message that an edit, deletion, reaction or reply is about. `seq` only says where to look for it: what
 * stands there counts if device, deviceSeq and D are those named.
 */
export const target = z.strictObject({
  device: bytes32,
  deviceSeq: positive,
  digest: bytes32,
  seq: positive,
});
export type Target = z.infer<typeof target>;

/** Pictures, flags and keycaps with their joiners; nothing that can be read as words. */
const PICTURE =
  /^(?=.*[\p{Extended_Pictographic}\p{Regional_Indicator}\u20e3])[\p{Emoji}\p{Emoji_Component}]+$/u;

const words = z.string().check(z.minLength(1), z.maxLength(LIMITS.text));
const text = z.strictObject({ text: words, reply: z.optional(target) });
const edit = z.strictObject({ target, text: words });
/** What one deletion can name; further ones are named by another. */
export const EDITS_CAP = 64;
const deletion = z.strictObject({
  target,
  edits: z.optional(z.array(target).check(z.maxLength(EDITS_CAP))),
});
const reaction = z.strictObject({
  target,
  emoji: z.nullable(z.string().check(z.maxLength(32), z.regex(PICTURE))),
});
const profile = z.strictObject({
  name: z.string().check(z.minLength(1), z.maxLength(LIMITS.publicName)),
});

/** What a person or their app says. What a further kind needs beside its member here is told in CONTRIBUTING.md. */
export type Content =
  | { readonly kind: "text"; readonly text: string; readonly reply?: Target | undefined }
  /** M5: the newest of its author's edits counts */
  | { readonly kind: "edit"; readonly target: Target; readonly text: string }
  /** `edits`: its author's edits of it, which hold its text as well and are removed with it */
  | {
      readonly kind: "deletion";
      readonly target: Target;
      readonly edits?: Target[] | undefined;
    }
  /** one of each account; null takes it back */
  | { readonly kind: "reaction"; readonly target: Target; readonly emoji: string | null }
  /** I8: supersedes names that the server shows */
  | { readonly kind: "profile"; readonly name: string };

/** E4: of a kind that this version does not know; kept, shown as "update Thyme to read this". */
export interface UnknownContent {
  readonly kind: "unknown";
  readonly name: string;
}

const payload = z.strictObject({
  /** D of this device's previous message here; null in its first (M1) */
  prev: z.nullable(bytes32),
  kind: z.string().check(z.minLength(1), z.maxLength(32)),
  sentAt: time,
  /** makes D of a short text unguessable */
  blind: bytes16,
  body: z.unknown(),
});

export interface Payload {
  readonly prev: Uint8Array | null;
  readonly sentAt: number;
  readonly content: Content | UnknownContent;
}

function contentOf(kind: string, body: unknown): Payload["content"] {
  switch (kind) {
    case "text":
      return { kind, ...text.parse(body) };
    case "edit":
      return { kind, ...edit.parse(body) };
    case "deletion":
      return { kind, ...deletion.parse(body) };
    case "reaction":
      return { kind, ...reaction.parse(body) };
    case "profile":
      return { kind, ...profile.parse(body) };
    default:
      return { kind: "unknown", name: kind };
  }
}

function bodyOf(content: Content): unknown {
  switch (content.kind) {
    case "text":
      return text.safeParse({
        text: content.text,
        ...(content.reply ? { reply: content.reply } : {}),
      }).data;
    case "edit":
      return edit.safeParse({ target: content.target, text: content.text }).data;
    case "deletion":
      return deletion.safeParse({
        target: content.target,
        ...(content.edits?.length ? { edits: content.edits } : {}),
      }).data;
    case "reaction":
      return reaction.safeParse({ target: content.target, emoji: content.emoji }).data;
    case "profile":
      return profile.safeParse({ name: content.name }).data;
  }
}

/** M1, M8: payload P, padded. Throws CoreError `too_long` for what is empty or over its cap. */
export function encodePayload(
  random: Random,
  prev: Uint8Array | null,
  sentAt: number,
  content: Content,
): Uint8Array {
  const body = bodyOf(content);
  if (body === undefined) throw new CoreError("too_long", content.kind);
  const { kind } = content;
  return pad(encodeCbor({ prev, kind, sentAt, blind: random.bytes(16), body }));
}

/** Inverse of {@link encodePayload}. Throws for what is malformed; the caller makes it one placeholder (M9). */
export function decodePayload(padded: Uint8Array): Payload {
  const { prev, kind, sentAt, body } = decodeCbor(unpad(padded), payload, LIMITS.envelope);
  return { prev, sentAt, content: contentOf(kind, body) };
}

/** Where a message stands among those of its device (M1). */
export interface Place {
  readonly conversation: Uint8Array;
  readonly device: Uint8Array;
  readonly deviceSeq: number;
  readonly messageId: Uint8Array;
}

/** M1: D, by which others refer to a message; re-sealing does not change it. */
export const digestOf = (place: Place, padded: Uint8Array): Uint8Array =>
  sha256(
    concatBytes(
      label("digest"),
      place.conversation,
      place.device,
      u64(place.deviceSeq),
      place.messageId,
      prefixed(padded),
    ),
  );

/** A4: what is stored at first transmission; only these bytes are ever sent for this message. */
export interface Assigned {
  readonly messageId: Uint8Array;
  readonly deviceSeq: number;
  readonly payload: Uint8Array;
  readonly digest: Uint8Array;
}

/** M1, M6: gives a message its place after `tip`, this device's previous message here (null if none). */
export function assignMessage(
  random: Random,
  where: { readonly conversation: Uint8Array; readonly device: Uint8Array },
  tip: { readonly deviceSeq: number; readonly digest: Uint8Array } | null,
  messageId: Uint8Array,
  sentAt: number,
  content: Content,
): Assigned {
  const deviceSeq = (tip?.deviceSeq ?? 0) + 1;
  const bytes = encodePayload(random, tip?.digest ?? null, sentAt, content);
  const digest = digestOf({ ...where, deviceSeq, messageId }, bytes);
  return { messageId, deviceSeq, payload: bytes, digest };
}

/** A UUIDv7 (RFC 9562 section 5.7) of this time. */
export function newMessageId(random: Random, now: number): Uint8Array {
  const id = random.bytes(16);
  id.set(u64(now).subarray(2), 0);
  id[6] = 0x70 | ((id[6] ?? 0) & 15);
  id[8] = 0x80 | ((id[8] ?? 0) & 63);
  return id;
}
