import { blobKey } from "../../attachments/bucket.ts";
import { refusalOf } from "../../http/failure.ts";
import type { Peer } from "../../objects/peer.ts";
import { equalBytes } from "../../protocol/bytes.ts";
import { ProtocolError } from "../../protocol/errors.ts";
import { largestSealed } from "../../protocol/file-layout.ts";
import type { Core } from "../core.ts";
import { isServed } from "../rules/upload.ts";

/** Where R2 has a file, and how much. */
export interface ServedBlob {
  readonly key: string;
  readonly bytes: number;
}

interface Usage {
  readonly used: number;
  readonly limit: number;
}

export interface StorageUse {
  readonly fileBytes: number;
  readonly sealedBytes: number;
  readonly conversation: Usage;
  readonly account: Usage | null;
}

/** F2: where R2 has a file that a message names. The caller may read. Throws `not_found` for all others alike. */
export function served(core: Core, blob: Uint8Array): ServedBlob {
  const known = core.stores.blobs.get(blob);
  if (!isServed(known)) throw new ProtocolError("not_found", "blob");
  return { key: blobKey(core.get().conversation, blob), bytes: known.bytes };
}

/** How much room there is. What the owner's other conversations hold is nobody else's business. */
export async function storageUse(core: Core, peer: Peer): Promise<StorageUse> {
  const { budgets, stores, deps } = core;
  const { roster } = core.get().head.core;
  const isOwner = roster.some(
    ({ account, role }) => role === "owner" && equalBytes(account, peer.who.account),
  );
  const { fileBytes, conversationFileBytes, accountFileBytes } = budgets;
  const conversation = { used: stores.blobs.used(), limit: conversationFileBytes };
  const sizes = { fileBytes, sealedBytes: largestSealed(fileBytes), conversation };
  if (!isOwner) return { ...sizes, account: null };
  try {
    const used = await deps.filesOf(peer.account);
    return { ...sizes, account: { used, limit: accountFileBytes } };
  } catch (error) {
    throw refusalOf(error, "files");
  }
}
