import { findMember, ownerOf } from "../../../workers/protocol/bundle-entries.ts";
import type { CheckedBundle } from "../../../workers/protocol/bundle-rules.ts";
import { bundleHash, decodeBundleCore } from "../../../workers/protocol/bundle.ts";
import { concatBytes, u64 } from "../../../workers/protocol/bytes.ts";
import { label } from "../../../workers/protocol/labels.ts";
import { hkdf } from "../crypto/primitives.ts";
import { CoreError } from "../errors.ts";

/** What this reader holds of one epoch. Key and share may come apart: a grant brings earlier keys (I5). */
export interface Epoch {
  /** null until a seal or grant gave it */
  readonly key: Uint8Array | null;
  /** null when it was erased or has not come (C7) */
  readonly share: Uint8Array | null;
  /** of key and share; messages are sealed under it */
  readonly secret: Uint8Array | null;
}

/** The cryptographic state of one conversation, as plain data. Bundles are contiguous from 0. */
export interface Conversation {
  readonly id: Uint8Array;
  readonly bundles: readonly CheckedBundle[];
  /** by n */
  readonly epochs: ReadonlyMap<number, Epoch>;
}

/** C7: what messages of epoch n are sealed under; 64 bytes. */
export const epochSecretOf = (
  conversation: Uint8Array,
  n: number,
  epochKey: Uint8Array,
  share: Uint8Array,
): Uint8Array => hkdf(epochKey, concatBytes(label("epoch"), conversation, u64(n)), 64, share);

export function headBundle(conversation: Conversation): CheckedBundle {
  const head = conversation.bundles.at(-1);
  if (!head) throw new CoreError("bundle_gap", "no bundle");
  return head;
}

/** The account that made the conversation. */
export function ownerAccount(conversation: Conversation): Uint8Array {
  return ownerOf(headBundle(conversation).core).account;
}

export const isMember = (conversation: Conversation, account: Uint8Array): boolean =>
  findMember(headBundle(conversation).core, account) !== undefined;

/** Bundles that this device verified before and kept sealed (K8): decoded, not verified again. */
export function restoreConversation(
  cores: readonly Uint8Array[],
  epochs: ReadonlyMap<number, Epoch>,
): Conversation {
  const bundles = cores.map((bytes) => ({
    core: decodeBundleCore(bytes),
    hash: bundleHash(bytes),
  }));
  const [first] = bundles;
  if (!first) throw new CoreError("bundle_gap", "no bundle");
  return { id: first.core.conversation, bundles, epochs };
}
