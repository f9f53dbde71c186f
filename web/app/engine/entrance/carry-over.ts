import * as z from "zod/mini";
import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import { bytes32 } from "../../../../workers/protocol/fields.ts";
import { parseConversationId } from "../../../../workers/protocol/ids.ts";
import { STORES } from "../../../platform/database.ts";
import { localDraft, draftKeyOf } from "../private/local-drafts.ts";
import { IDENTITY_KEY } from "../account/identity.ts";
import { PREPARED_KEY, type PreparedRecord, preparedRecord } from "../account/prepared-manifest.ts";
import { carriedEntry } from "../conversation/carried-entry.ts";
import { beginKeptIn } from "../conversation/keep.ts";
import { conversationCarried } from "../conversation/kept.ts";
import {
  type IdentityRecord,
  conversationRecord,
  identityRecord,
  JOIN_KEY,
  joinRecord,
  outboxRecord,
} from "../store/records.ts";
import type { Store, Writer } from "../store/store.ts";

/** Whose unsent messages are kept here while no device of theirs is. */
const KEPT_KEY = "kept";
const keptRecord = z.object({ account: bytes32 });

async function ownerOf(writer: Writer): Promise<Uint8Array | null> {
  const identity = await writer.get("state", IDENTITY_KEY, identityRecord);
  return identity?.account ?? (await writer.get("state", KEPT_KEY, keptRecord))?.account ?? null;
}

/**
 * Makes room for a device of `next.account`, in one transaction: what an earlier device of the same account had not
 * sent, drafts included, stays; everything else, and all of another account, goes. Its keys are kept with the very
 * manifest and seals that are put after (A1), and `beside` is written with them.
 */
export const beginDevice = (
  store: Store,
  next: IdentityRecord,
  { signed, seals }: PreparedRecord,
  beside: (writer: Writer) => Promise<void> = () => Promise.resolve(),
): Promise<void> =>
  store.write(STORES, async (writer) => {
    const owner = await ownerOf(writer);
    const restore =
      owner && equalBytes(owner, next.account) ? await gather(writer) : () => Promise.resolve();
    for (const name of STORES) await writer.clear(name);
    await writer.put("state", IDENTITY_KEY, identityRecord, next);
    await writer.put("state", PREPARED_KEY, preparedRecord, { signed, seals });
    await restore();
    await beside(writer);
  });

/** Reads what is to be carried over; the function it gives writes it again. */
async function gather(writer: Writer): Promise<() => Promise<void>> {
  const writes: (() => Promise<void>)[] = [];
  const device = (await writer.get("state", IDENTITY_KEY, identityRecord))?.device;
  for (const { key, value: record } of await writer.all("conversations", conversationRecord)) {
    if (typeof key !== "string") continue;
    const id = parseConversationId(key);
    const draft = await writer.get("state", draftKeyOf(id), localDraft);
    if (draft) writes.push(() => writer.put("state", draftKeyOf(id), localDraft, draft));
    if (record.outbox.length + record.flagsPending.length + record.deletionsDue.length === 0) {
      continue;
    }
    for (const order of record.outbox) {
      const entry = await writer.get("outbox", [id, order], outboxRecord);
      const carried = entry && carriedEntry(entry, record.cursor, device);
      if (carried) writes.push(() => writer.put("outbox", [id, order], outboxRecord, carried));
    }
    writes.push(() => beginKeptIn(writer, id, conversationCarried(record)));
  }
  // A3: an invitation that this account is accepting.
  const join = await writer.get("state", JOIN_KEY, joinRecord);
  if (join) writes.push(() => writer.put("state", JOIN_KEY, joinRecord, join));
  return async () => {
    for (const write of writes) await write();
  };
}

/** A1: a device that never came to be lets its keys go, but not what the person wrote. */
export const dropDevice = (store: Store): Promise<void> =>
  store.write(["state"], async (writer) => {
    const account = await ownerOf(writer);
    await writer.delete("state", IDENTITY_KEY);
    await writer.delete("state", PREPARED_KEY);
    if (account) await writer.put("state", KEPT_KEY, keptRecord, { account });
  });
