import { randomBytes } from "../objects/random.ts";
import { equalBytes } from "../protocol/bytes.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { TUNING } from "./settings.ts";
import { type AttemptName, type ShareName, type ShareStore, shareKey } from "./shares.ts";
import type { StoredBundle } from "./tables/bundle-store.ts";
import type { LedgerStore } from "./tables/ledger-store.ts";

/**
 * What keeps shares and bundles together (C7). R2 and the tables know no common transaction, so: the intention, the
 * object, the bundle's row that names it; and what no row names is deleted by its intention. A `Core` is one.
 */
export interface ShareKeeper {
  readonly deps: { readonly shares: ShareStore; readonly now: () => number };
  readonly stores: {
    readonly ledger: Pick<
      LedgerStore,
      "putIntent" | "deleteIntent" | "intentsUntil" | "oldestIntent"
    >;
    readonly bundles: { byHash(hash: Uint8Array): Pick<StoredBundle, "attempt"> | null };
  };
  /** keys of the attempts that this instance is at; those of a former one can only be orphans */
  readonly uploading: Set<string>;
  wakeAt(at: number): void;
}

/**
 * Begins an attempt: puts the share where no other attempt does. Whoever began it ends it (endAttempt).
 * Throws `unavailable`, and then has ended it.
 */
export async function putShare(
  keeper: ShareKeeper,
  conversation: Uint8Array,
  bundle: Uint8Array,
  share: Uint8Array,
): Promise<AttemptName> {
  const name: AttemptName = { kind: "attempt", conversation, bundle, attempt: randomBytes(16) };
  const now = keeper.deps.now();
  // The intention is durable before the put begins (output gate), so that every orphan is known.
  keeper.stores.ledger.putIntent(name, now);
  keeper.wakeAt(now + TUNING.orphanMs);
  keeper.uploading.add(shareKey(name));
  try {
    await keeper.deps.shares.put(name, share);
  } catch {
    // Perhaps it is there all the same: the intention stays.
    keeper.uploading.delete(shareKey(name));
    throw new ProtocolError("unavailable", "shares");
  }
  return name;
}

/** Whether the bundle's row names this very object. */
function isNamed({ stores }: ShareKeeper, name: ShareName): boolean {
  const bundle = stores.bundles.byHash(name.bundle);
  if (!bundle) return false;
  if (name.kind === "bundle") return bundle.attempt === null;
  return bundle.attempt !== null && equalBytes(bundle.attempt, name.attempt);
}

/** Deletes the object unless a bundle is read with it. Rejects if R2 is out of reach: the intention stays. */
async function remove(keeper: ShareKeeper, name: ShareName): Promise<void> {
  if (!isNamed(keeper, name)) await keeper.deps.shares.delete(name);
  keeper.stores.ledger.deleteIntent(name);
}

/** After the commit, or instead of it: then the share goes. What cannot be deleted now, the sweep deletes. */
export async function endAttempt(keeper: ShareKeeper, name: AttemptName): Promise<void> {
  keeper.uploading.delete(shareKey(name));
  try {
    await remove(keeper, name);
  } catch {
    // The intention stays, so the alarm tries again.
  }
}

async function sweepOne(keeper: ShareKeeper, name: ShareName): Promise<void> {
  // R2 is slow: what it has not done yet cannot be undone, and the bundle may still be committed.
  if (name.kind === "attempt" && keeper.uploading.has(shareKey(name))) {
    keeper.stores.ledger.putIntent(name, keeper.deps.now());
    return;
  }
  await remove(keeper, name);
}

/** When the next orphan is to be swept; null: there is none. */
export function sweepDueAt({ stores }: ShareKeeper): number | null {
  const oldest = stores.ledger.oldestIntent();
  return oldest === null ? null : oldest + TUNING.orphanMs;
}

/** Deletes some shares whose bundle lost or never came. Rejects if one could not be deleted. */
export async function sweepShares(keeper: ShareKeeper): Promise<void> {
  const before = keeper.deps.now() - TUNING.orphanMs;
  const due = keeper.stores.ledger.intentsUntil(before, TUNING.orphanSlice);
  // Each by itself: one that R2 keeps refusing holds up no other.
  const swept = await Promise.allSettled(due.map((name) => sweepOne(keeper, name)));
  const failed = swept.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}
