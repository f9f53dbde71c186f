import {
  type ConversationId,
  blobIdText,
  parseConversationId,
} from "../../../../workers/protocol/ids.ts";
import type { Copies } from "../../../platform/files/copies.ts";
import { changeKept } from "../conversation/keep.ts";
import { copiesRemoved } from "../conversation/sending-transitions.ts";
import { conversationRecord, outboxRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { COPIES_LOCK } from "./around.ts";
import { CACHED_MOST } from "./download.ts";

/** Bytes of all that is kept so that it need not be fetched again; the oldest goes first. */
export const CACHE_MOST = 256 * 1024 * 1024;
const PIECE = 1024 * 1024;

interface Tidying {
  readonly store: Store;
  readonly copies: Copies;
}

/** A sent picture is not fetched again to be shown. */
async function toCache(copies: Copies, name: string): Promise<void> {
  const copy = await copies.open("sending", name);
  if (!copy || copy.size > CACHED_MOST) return;
  const writer = await copies.create("cache", name);
  try {
    for (let at = 0; at < copy.size; at += PIECE) {
      await writer.write(new Uint8Array(await copy.slice(at, at + PIECE).arrayBuffer()));
    }
    await writer.finish();
  } catch (error) {
    await writer.drop();
    throw error;
  }
}

/** Copies that no message on its way names: it has arrived, was discarded, or never came to be. */
async function settleSent({ store, copies }: Tidying): Promise<void> {
  const waiting = new Set<string>();
  for (const { value } of await store.readAll("outbox", outboxRecord)) {
    if (value.body.kind === "file") waiting.add(blobIdText(value.body.blob));
  }
  for (const { name } of await copies.list("sending")) {
    if (waiting.has(name)) continue;
    // It is kept if that is possible; where it is not, nothing is lost.
    await toCache(copies, name).catch(() => undefined);
    await copies.remove("sending", name);
  }
}

/** M5: with a message goes what is kept of its file. */
async function removeDeleted({ store, copies }: Tidying): Promise<void> {
  for (const { key, value } of await store.readAll("conversations", conversationRecord)) {
    const { copiesGone } = value;
    if (typeof key !== "string" || copiesGone.length === 0) continue;
    for (const blob of copiesGone) {
      const name = blobIdText(blob);
      await copies.remove("sending", name);
      await copies.remove("cache", name);
    }
    const id: ConversationId = parseConversationId(key);
    await changeKept(store, id, (kept) => copiesRemoved(kept, copiesGone));
  }
}

async function trimCache({ copies }: Tidying): Promise<void> {
  const kept = [...(await copies.list("cache"))].sort((a, b) => b.at - a.at);
  let sum = 0;
  for (const { name, size } of kept) {
    sum += size;
    if (sum > CACHE_MOST) await copies.remove("cache", name);
  }
}

/**
 * F1: lets go of copies that nothing needs any more. Not while one is made, in whichever tab: it is noted after it is
 * there. What fails is done the next time.
 */
export const tidy = (tidying: Tidying): Promise<void> =>
  navigator.locks.request(COPIES_LOCK, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    await settleSent(tidying);
    await removeDeleted(tidying);
    await trimCache(tidying);
  });
