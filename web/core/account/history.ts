import { equalBytes } from "../../../workers/protocol/bytes.ts";
import type { VerifiedManifest } from "../../../workers/protocol/manifest-rules.ts";
import { decodeManifestCore, manifestHash } from "../../../workers/protocol/manifest.ts";
import { CoreError } from "../errors.ts";

/** K6: the highest manifest seen of an account; a pure value, kept in private state. */
export interface Pin {
  readonly account: Uint8Array;
  readonly version: number;
  readonly hash: Uint8Array;
}

/** Verified manifests of one account, contiguous and ascending; not empty. */
export interface ManifestHistory {
  readonly account: Uint8Array;
  readonly manifests: readonly VerifiedManifest[];
}

export function headOf(history: ManifestHistory): VerifiedManifest {
  const head = history.manifests.at(-1);
  if (!head) throw new CoreError("manifest_refused", "empty history");
  return head;
}

export const pinOf = (history: ManifestHistory): Pin => {
  const { core, hash } = headOf(history);
  return { account: history.account, version: core.version, hash };
};

/** The manifest of this version, or undefined when it is above or below what is held. */
export function manifestAt(
  history: ManifestHistory,
  version: number,
): VerifiedManifest | undefined {
  const first = history.manifests[0];
  return first && history.manifests[version - first.core.version];
}

/** Manifests that this device verified before and kept sealed (K8): decoded, not verified again. */
export function restoreHistory(chain: readonly Uint8Array[]): ManifestHistory {
  const manifests = chain.map((bytes) => ({
    core: decodeManifestCore(bytes),
    hash: manifestHash(bytes),
  }));
  const [first] = manifests;
  if (!first) throw new CoreError("manifest_refused", "empty history");
  return { account: first.core.account, manifests };
}

/** K6: the higher of two pins; two hashes of one version are a fork. Throws CoreError `manifest_forked`. */
export function higherPin(a: Pin, b: Pin): Pin {
  if (a.version === b.version && !equalBytes(a.hash, b.hash)) {
    throw new CoreError("manifest_forked", `version ${a.version}`);
  }
  return b.version > a.version ? b : a;
}
