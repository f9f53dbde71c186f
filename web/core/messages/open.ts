import { equalBytes } from "../../../workers/protocol/bytes.ts";
import {
  type Envelope,
  type EnvelopeHeader,
  decodeEnvelope,
  decodeEnvelopeHeader,
  envelopeHash,
} from "../../../workers/protocol/envelope.ts";
import { signingInput } from "../../../workers/protocol/signing.ts";
import { openOnce } from "../crypto/primitives.ts";
import {
  type AuthorityProblem,
  type OpeningContext,
  isSinceRemoved,
  namedHead,
  signerOf,
} from "./authority.ts";
import { blobsOf } from "./content.ts";
import { messageKey, messageKeyCommit } from "./keys.ts";
import { type Payload, decodePayload, digestOf } from "./payload.ts";

/** M9: why an envelope is a placeholder. Never said to a peer or the server (E5). */
export type QuarantineReason =
  /** not CBOR, not the schema, or another conversation's */
  | "malformed"
  | AuthorityProblem
  /** a member's live device signed it under a bundle above all that are held (C5): retried when it arrives */
  | "bundle_withheld"
  /** n is not that of the newest bundle before it in seq (M7) */
  | "stale_epoch"
  | "bad_signature"
  /** no epoch key, or its share was erased: retried when it arrives (C7) */
  | "no_key"
  /** commitment, cipher, padding or payload: one reason (E5) */
  | "open_failed";

/** M9: what to do about a quarantined envelope. */
export function isRetried(reason: QuarantineReason): boolean {
  switch (reason) {
    case "bundle_needed":
    case "bundle_withheld":
    case "manifest_needed":
    case "no_key":
      return true;
    case "malformed":
    case "fork":
    case "stale_epoch":
    case "not_a_member":
    case "unknown_device":
    case "bad_signature":
    case "open_failed":
      return false;
  }
}

/** Whether its author is known to have signed it; of all others anybody may have made them. */
export function isVouched(reason: QuarantineReason): boolean {
  switch (reason) {
    case "fork":
    case "bundle_withheld":
    case "stale_epoch":
    case "no_key":
    case "open_failed":
      return true;
    case "malformed":
    case "bundle_needed":
    case "manifest_needed":
    case "not_a_member":
    case "unknown_device":
    case "bad_signature":
      return false;
  }
}

export interface OpenedEnvelope {
  readonly ok: true;
  readonly header: EnvelopeHeader;
  readonly digest: Uint8Array;
  readonly payload: Payload;
  /** its device is revoked in the newest manifest held (C8): "from a device since removed" */
  readonly sinceRemoved: boolean;
}
export interface QuarantinedEnvelope {
  readonly ok: false;
  readonly reason: QuarantineReason;
  /** as claimed; nothing in it is verified. null when it could not be read */
  readonly header: EnvelopeHeader | null;
}
export type EnvelopeResult = OpenedEnvelope | QuarantinedEnvelope;

function decoded(bytes: Uint8Array): { envelope: Envelope; header: EnvelopeHeader } | null {
  try {
    const envelope = decodeEnvelope(bytes);
    return { envelope, header: decodeEnvelopeHeader(envelope.header) };
  } catch {
    return null;
  }
}

/** M2: commitment first, then cipher, padding, payload. Throws for every failure. */
function openCiphertext(secret: Uint8Array, envelope: Envelope): Uint8Array | null {
  const key = messageKey(secret, envelope.header);
  if (!equalBytes(messageKeyCommit(key), envelope.keyCommit)) return null;
  return openOnce(key, envelope.ciphertext, envelope.header);
}

/** M1, F2: a file that the header does not name would outlive its message, and one that only it names has no message. */
function isNamedAsSaid({ blobIds }: EnvelopeHeader, { content }: Payload): boolean {
  if (content.kind === "unknown") return true;
  const said = blobsOf(content);
  return (
    said.length === blobIds.length &&
    said.every((blob) => blobIds.some((named) => equalBytes(named, blob)))
  );
}

/**
 * M3, M7, M9: judges one envelope in the order signature and membership, commitment, cipher, padding, payload.
 * `newest` is the n of the newest bundle before it in seq. Never throws for bad input.
 */
export async function openEnvelope(
  context: OpeningContext,
  bytes: Uint8Array,
  newest: number,
): Promise<EnvelopeResult> {
  const parts = decoded(bytes);
  if (!parts) return { ok: false, reason: "malformed", header: null };
  const { envelope, header } = parts;
  const no = (reason: QuarantineReason): QuarantinedEnvelope => ({ ok: false, reason, header });
  if (!equalBytes(header.conversation, context.conversation.id)) return no("malformed");
  const author = signerOf(context, header);
  if (typeof author === "string") return no(author);
  // The key was admitted (E7) when its manifest was verified.
  const message = envelopeHash(envelope.header, envelope.keyCommit, envelope.ciphertext);
  const signed = signingInput("sign-envelope", message);
  if (!(await context.verifier.verify(author.key, signed, envelope.signature))) {
    return no("bad_signature");
  }
  switch (namedHead(context, header)) {
    case "above":
      return no("bundle_withheld");
    case "other":
      // C5: a device that is gone by now proves nothing.
      return no(isSinceRemoved(author, header.device) ? "unknown_device" : "fork");
    case "held":
      break;
  }
  if (header.n !== newest) return no("stale_epoch");
  const secret = context.conversation.epochs.get(header.n)?.secret;
  if (!secret) return no("no_key");
  try {
    const padded = openCiphertext(secret, envelope);
    if (!padded) return no("open_failed");
    const payload = decodePayload(padded);
    if (!isNamedAsSaid(header, payload)) return no("open_failed");
    const sinceRemoved = isSinceRemoved(author, header.device);
    return { ok: true, header, digest: digestOf(header, padded), payload, sinceRemoved };
  } catch {
    return no("open_failed");
  }
}

/** As {@link openEnvelope} for up to 64 at once: signatures are verified together (E7). */
export const openEnvelopes = (
  context: OpeningContext,
  batch: readonly { readonly bytes: Uint8Array; readonly newest: number }[],
): Promise<EnvelopeResult[]> =>
  Promise.all(batch.map(({ bytes, newest }) => openEnvelope(context, bytes, newest)));

/** M7: n of the newest bundle before this seq; `bundleSeqs[n]` is the seq of bundle n. null if there is none. */
export function newestBefore(bundleSeqs: readonly number[], seq: number): number | null {
  const n = bundleSeqs.findLastIndex((at) => at < seq);
  return n < 0 ? null : n;
}
