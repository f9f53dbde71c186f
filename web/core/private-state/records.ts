import * as z from "zod/mini";
import { equalBytes } from "../../../workers/protocol/bytes.ts";
import { decodeCbor, encodeCbor } from "../../../workers/protocol/cbor.ts";
import { bytes16, bytes32, positive, time } from "../../../workers/protocol/fields.ts";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import type { Pin } from "../account/history.ts";
import type { Random } from "../crypto/primitives.ts";
import { CoreError } from "../errors.ts";
import { draftRecord } from "./drafts.ts";
import { conversationFlags } from "./flags.ts";
import { preferences } from "./preferences.ts";
import {
  type PrivateKeys,
  type RecordPlace,
  currentGeneration,
  openPrivate,
  privateName,
  sealPrivate,
} from "./keys.ts";
import { templatesRecord } from "./templates.ts";

const shortText = z.string().check(z.maxLength(200));
const invite = z.strictObject({ id: bytes16, secret: bytes32, expiresAt: time });

/** What the account keeps for itself (K9). A further kind is one member here, one of KINDS and one of `subjectOf`. */
const privateRecord = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("conversation"),
    conversation: bytes32,
    /** the practitioner's private name for the patient */
    label: shortText,
    /** while an invitation of mine is open (A3), or while I join by one */
    invite: z.nullable(invite),
    /** who invited me, where I joined by an invitation */
    inviter: z.nullable(bytes32),
    createdAt: time,
    /** absent in records that are older than the flags (E4), and while none was ever set */
    flags: z.optional(conversationFlags),
  }),
  z.strictObject({
    kind: z.literal("pin"),
    account: bytes32,
    version: positive,
    hash: bytes32,
  }),
  z.strictObject({ kind: z.literal("profile"), name: shortText }),
  z.strictObject({
    kind: z.literal("practitioner-invitation"),
    invite,
    label: shortText,
    createdAt: time,
  }),
  z.extend(preferences, { kind: z.literal("preferences") }),
  draftRecord,
  templatesRecord,
]);
export type PrivateRecord = z.infer<typeof privateRecord>;

/** E4: written by a newer Thyme; left as it is. */
export interface UnknownRecord {
  readonly kind: "unknown";
  readonly name: string;
}

const KINDS: readonly string[] = [
  "conversation",
  "pin",
  "profile",
  "practitioner-invitation",
  "preferences",
  "draft",
  "templates",
] satisfies PrivateRecord["kind"][];

/** What a record is about; its HMAC is the name that the server sees. */
export function subjectOf(record: PrivateRecord): readonly [string, Uint8Array | null] {
  switch (record.kind) {
    case "conversation":
    case "draft":
      return [record.kind, record.conversation];
    case "pin":
      return [record.kind, record.account];
    case "profile":
    case "preferences":
    case "templates":
      return [record.kind, null];
    case "practitioner-invitation":
      return [record.kind, record.invite.id];
  }
}

/** K9: name and value to be put; `replaces` is the version that is overwritten, 0 to create. */
export function sealPrivateRecord(
  random: Random,
  keys: PrivateKeys,
  record: PrivateRecord,
  replaces: number,
): RecordPlace & { readonly value: Uint8Array } {
  const place = { name: privateName(keys, subjectOf(record)), version: replaces + 1 };
  const value = sealPrivate(random, keys, place, encodeCbor(record));
  if (value.length > LIMITS.privateRecord) throw new CoreError("too_long", "private record");
  return { ...place, value };
}

export interface OpenedRecord {
  readonly record: PrivateRecord | UnknownRecord;
  /** written under an older user key: to be written again under the current name; a pin is a hint (K9) */
  readonly stale: boolean;
}

const anyRecord = z.looseObject({ kind: shortText });

/** Inverse of {@link sealPrivateRecord}. Throws CoreError `open_failed` (E5). */
export function openPrivateRecord(
  keys: PrivateKeys,
  place: RecordPlace,
  value: Uint8Array,
): OpenedRecord {
  const { plaintext, generation } = openPrivate(keys, place, value);
  const stale = generation < currentGeneration(keys);
  try {
    const { kind } = decodeCbor(plaintext, anyRecord, LIMITS.privateRecord);
    if (!KINDS.includes(kind)) return { record: { kind: "unknown", name: kind }, stale };
    const record = decodeCbor(plaintext, privateRecord, LIMITS.privateRecord);
    // Another of the account's devices wrote it; its place still has to be its own.
    if (equalBytes(privateName(keys, subjectOf(record), generation), place.name)) {
      return { record, stale };
    }
  } catch {
    throw new CoreError("open_failed");
  }
  throw new CoreError("open_failed");
}

/** K6, K9: a pin as a trusted value, or null when it is but a hint: verify again from version 1 / bundle 0. */
export function trustedPin({ record, stale }: OpenedRecord): Pin | null {
  if (record.kind !== "pin" || stale) return null;
  const { account, version, hash } = record;
  return { account, version, hash };
}

/** K9: the server may not show less than this device saw. Throws CoreError `record_lower`. */
export function checkRecordVersion(seen: number, shown: number): void {
  if (shown < seen) throw new CoreError("record_lower", `${shown} under ${seen}`);
}
