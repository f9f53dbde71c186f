import * as z from "zod/mini";
import { concatBytes, prefixed, u64 } from "../../../workers/protocol/bytes.ts";
import { decodeCbor, encodeCbor } from "../../../workers/protocol/cbor.ts";
import { bytes16, bytes32, time } from "../../../workers/protocol/fields.ts";
import { label } from "../../../workers/protocol/labels.ts";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import { type Random, sha256 } from "../crypto/primitives.ts";
import { CoreError } from "../errors.ts";
import { type Content, KINDS, type UnknownContent, isKind } from "./content.ts";
import { pad, unpad } from "./padding.ts";

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

const contentOf = (kind: string, body: unknown): Payload["content"] =>
  isKind(kind) ? KINDS[kind].read(body) : { kind: "unknown", name: kind };

/** M1, M8: payload P, padded. Throws CoreError `too_long` for what is empty or over its cap. */
export function encodePayload(
  random: Random,
  prev: Uint8Array | null,
  sentAt: number,
  content: Content,
): Uint8Array {
  const body = KINDS[content.kind].write(content);
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
