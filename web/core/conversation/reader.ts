import {
  type BundleCore,
  type BundleDelivery,
  keyCommitOf,
  sealHash,
  shareCommitOf,
} from "../../../workers/protocol/bundle.ts";
import type { CheckedBundle } from "../../../workers/protocol/bundle-rules.ts";
import { equalBytes } from "../../../workers/protocol/bytes.ts";
import type { UserKeys } from "../account/seals.ts";
import { type KemKey, kemKeyOf } from "../crypto/kem.ts";
import { openSeal } from "../crypto/seal.ts";
import { CoreError } from "../errors.ts";
import { type Epoch, epochSecretOf } from "./state.ts";

/** Whose seals are opened: an account's by its user keys, or an invitation's before its join (I2). */
export type Reader =
  | { readonly kind: "account"; readonly account: Uint8Array; readonly userKeys: UserKeys }
  | { readonly kind: "invite"; readonly id: Uint8Array; readonly kem: KemKey };

const refuse = (why: string): never => {
  throw new CoreError("bundle_refused", why);
};

const recipientOf = (reader: Reader): Uint8Array =>
  reader.kind === "account" ? reader.account : reader.id;

/** The key for a seal of this generation; pending entries have generation 0 (C2). */
function keyOf(reader: Reader, generation: number): KemKey {
  const key = reader.kind === "account" ? reader.userKeys[generation - 1] : reader.kem;
  if (!key) throw new CoreError("user_key_needed", `generation ${generation}`);
  return kemKeyOf(key);
}

/** Seals come from the server: they count only with the hash that the signed core names (E6). */
function authentic(seal: Uint8Array, hash: Uint8Array | undefined): Uint8Array {
  if (!hash || !equalBytes(sealHash(seal), hash)) refuse("a seal that the core does not name (E6)");
  return seal;
}

/** This reader's epoch key of the bundle, or null where its seal was purged or never made. */
function epochKey(core: BundleCore, delivery: BundleDelivery, reader: Reader): Uint8Array | null {
  const recipient = recipientOf(reader);
  const mine = delivery.seals.find((entry) => equalBytes(entry.recipient, recipient));
  if (!mine) return null;
  const named = core.seals.find((entry) => equalBytes(entry.recipient, recipient));
  const seal = authentic(mine.seal, named?.hash);
  const generation = named?.generation ?? 0;
  const context = [core.conversation, core.n, recipient, generation] as const;
  return openSeal(keyOf(reader, generation), "seal/epoch", context, seal);
}

/** Earlier epoch keys granted to this reader (I5). */
function grantedKeys(
  core: BundleCore,
  delivery: BundleDelivery,
  reader: Reader,
): [n: number, key: Uint8Array][] {
  const recipient = recipientOf(reader);
  return delivery.grants.flatMap(({ recipient: to, seal, ...range }) => {
    if (!equalBytes(to, recipient)) return [];
    const named = core.grants.find(
      (grant) =>
        grant.from === range.from &&
        grant.to === range.to &&
        equalBytes(grant.recipient, recipient),
    );
    authentic(seal, named?.hash);
    const generation = named?.generation ?? 0;
    const context = [core.conversation, range.from, range.to, recipient, generation] as const;
    const keys = openSeal(keyOf(reader, generation), "seal/grant", context, seal);
    if (keys.length !== 32 * (range.to - range.from + 1)) refuse("grant length");
    return Array.from({ length: keys.length / 32 }, (_, i): [number, Uint8Array] => [
      range.from + i,
      keys.slice(32 * i, 32 * i + 32),
    ]);
  });
}

/** C5, C7: what is held of an epoch, with what came now; both are checked against the core's commitments. */
function merged(
  core: BundleCore,
  held: Epoch | undefined,
  came: { readonly key: Uint8Array | null; readonly share: Uint8Array | null },
): Epoch {
  const { conversation, n } = core;
  if (came.key && !equalBytes(keyCommitOf(conversation, n, came.key), core.keyCommit)) {
    refuse("epoch key does not match its commitment (C5)");
  }
  if (came.share && !equalBytes(shareCommitOf(conversation, n, came.share), core.shareCommit)) {
    refuse("share does not match its commitment (C5)");
  }
  const key = came.key ?? held?.key ?? null;
  const share = came.share ?? held?.share ?? null;
  const secret = held?.secret ?? (key && share && epochSecretOf(conversation, n, key, share));
  return { key, share, secret };
}

/**
 * C5, C7: the epochs with what this delivery lets the reader open: its own and granted earlier ones.
 * Throws CoreError `bundle_refused` or `open_failed`.
 */
export function openEpochs(
  checked: CheckedBundle,
  delivery: BundleDelivery,
  reader: Reader,
  bundles: readonly CheckedBundle[],
  epochs: ReadonlyMap<number, Epoch>,
): ReadonlyMap<number, Epoch> {
  const { core } = checked;
  const next = new Map(epochs);
  for (const [n, key] of grantedKeys(core, delivery, reader)) {
    const granted = bundles[n];
    if (!granted) return refuse("grant of a bundle that is not held");
    next.set(n, merged(granted.core, epochs.get(n), { key, share: null }));
  }
  const own = { key: epochKey(core, delivery, reader), share: delivery.share };
  next.set(core.n, merged(core, epochs.get(core.n), own));
  return next;
}
