import * as z from "zod/mini";
import {
  type BundleUpload,
  bundleHash,
  bundleUpload,
  decodeBundleCore,
} from "../../../../workers/protocol/bundle.ts";
import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { type Conversation, headBundle } from "../../../core/conversation/state.ts";
import type { Deps } from "../store/deps.ts";

const preparedRecord = z.object({ upload: bundleUpload });
const keyOf = (id: ConversationId): string => `bundle/${id}`;

type Kept = Pick<Deps, "store">;

/**
 * A2: the exact bytes of a bundle, before they are sent. Two of this device's at one n would be proof of a fork (C5),
 * which a server that kept an unanswered one could show; so only these are ever sent again.
 */
export const keepPrepared = ({ store }: Kept, id: ConversationId, upload: BundleUpload) =>
  store.write(["state"], (writer) => writer.put("state", keyOf(id), preparedRecord, { upload }));

/** A2: it was accepted, or refused for good. */
export const dropPrepared = ({ store }: Kept, id: ConversationId): Promise<void> =>
  store.write(["state"], (writer) => writer.delete("state", keyOf(id)));

/** What this device sent and has no answer to, as the newest bundles say. */
export type Prepared =
  /** it is to be sent again before anything else is */
  | { readonly kind: "waiting"; readonly upload: BundleUpload }
  /** its place is taken, by itself or by another; it is held no more */
  | { readonly kind: "settled"; readonly hash: Uint8Array; readonly isAccepted: boolean };

/** Null: nothing was sent without an answer. */
export async function preparedFor(
  deps: Kept,
  id: ConversationId,
  state: Conversation,
): Promise<Prepared | null> {
  const held = await deps.store.read("state", keyOf(id), preparedRecord);
  if (!held) return null;
  const { n } = decodeBundleCore(held.upload.core);
  if (n > headBundle(state).core.n) return { kind: "waiting", upload: held.upload };
  await dropPrepared(deps, id);
  const hash = bundleHash(held.upload.core);
  const there = state.bundles[n];
  return { kind: "settled", hash, isAccepted: there !== undefined && equalBytes(there.hash, hash) };
}
