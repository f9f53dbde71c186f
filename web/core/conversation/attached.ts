import {
  type BundleDelivery,
  decodeBundleCore,
  sealHash,
  shareCommitOf,
} from "../../../workers/protocol/bundle.ts";
import { equalBytes } from "../../../workers/protocol/bytes.ts";

/** What a server puts beside a core. */
export type Attached = "share" | "seal";

/**
 * C5, C7, E6: the delivery without the share, seals and grants that its core does not name. They come from the server
 * and say nothing of the author: what is not the right one has not come yet.
 */
export function withoutUnnamed(delivery: BundleDelivery): {
  readonly delivery: BundleDelivery;
  readonly unnamed: readonly Attached[];
} {
  let core: ReturnType<typeof decodeBundleCore>;
  try {
    core = decodeBundleCore(delivery.core);
  } catch {
    // Whoever applies it says what is wrong with it.
    return { delivery, unnamed: [] };
  }
  const { conversation, n } = core;
  const isNamed = (seal: Uint8Array, among: readonly { readonly hash: Uint8Array }[]): boolean => {
    const hash = sealHash(seal);
    return among.some((named) => equalBytes(named.hash, hash));
  };
  const seals = delivery.seals.filter(({ seal }) => isNamed(seal, core.seals));
  const grants = delivery.grants.filter(({ seal }) => isNamed(seal, core.grants));
  const isShare =
    delivery.share === null ||
    equalBytes(shareCommitOf(conversation, n, delivery.share), core.shareCommit);
  const isWhole = seals.length + grants.length === delivery.seals.length + delivery.grants.length;
  return {
    delivery: { ...delivery, seals, grants, share: isShare ? delivery.share : null },
    unnamed: [...(isShare ? [] : ["share" as const]), ...(isWhole ? [] : ["seal" as const])],
  };
}
