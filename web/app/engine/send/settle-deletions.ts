import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import { EDITS_CAP, type Target, isAbout } from "../../../core/messages/content.ts";
import type { Deps } from "../store/deps.ts";
import { eraseDeleted } from "./erase-deleted.ts";
import { isDeletionOf } from "../log/missing.ts";
import type { Outbox } from "./outbox.ts";
import { changeKept } from "../conversation/keep.ts";
import { editsNamed } from "../conversation/sending-transitions.ts";
import { conversationRecord, marksRecord, messageRecord } from "../store/records.ts";

interface Surroundings {
  readonly deps: Deps;
  readonly outbox: Outbox;
  readonly me: () => { readonly account: Uint8Array };
}

/** What failed and is about a message that is deleted here: there is nothing more to want of it, nor to show. */
async function discardPointless({ deps, outbox }: Surroundings, id: ConversationId): Promise<void> {
  for (const { entry } of await outbox.entries(id)) {
    const { body, state, messageId } = entry;
    if (state.state !== "failed" || !isAbout(body)) continue;
    const row = await deps.store.read("messages", [id, body.target.seq], messageRecord);
    const isGone = row?.type === "message" && row.body.kind === "deleted";
    if (isGone && equalBytes(row.digest, body.target.digest)) await outbox.discard(id, messageId);
  }
}

/** This account's edits of it that no deletion names, as far as the server would still remove them. */
async function unnamedEdits(
  { deps, me }: Surroundings,
  id: ConversationId,
  target: Target,
): Promise<Target[]> {
  const { account } = me();
  const found: Target[] = [];
  const span = { id, from: target.seq + 1, to: Number.MAX_SAFE_INTEGER };
  for (const { key, value } of await deps.store.readAll("messages", messageRecord, span)) {
    if (typeof key === "string" || value.type !== "message" || value.body.kind !== "edit") continue;
    const { device, deviceSeq, digest, body, at } = value;
    const isOfIt = equalBytes(body.target.digest, target.digest);
    if (!isOfIt || !equalBytes(value.account, account)) continue;
    if (deps.now() - at > LIMITS.changeMs) continue;
    if (await isDeletionOf(deps.store, id, account, value)) continue;
    found.push({ device, deviceSeq, digest, seq: key[1] });
  }
  return found;
}

/** The deleted message at this place, as this account's deletion names it. */
async function deletedAt(
  { deps, me }: Surroundings,
  id: ConversationId,
  seq: number,
): Promise<Target | null> {
  const found = (await deps.store.read("marks", [id, seq], marksRecord))?.marks.find(
    ({ wish, account }) => wish.kind === "deletion" && equalBytes(account, me().account),
  );
  return found ? { ...found.named, seq } : null;
}

/**
 * Edits that came to light after their message was deleted hold its text as well: the deletion is said once more,
 * and names them. True if something was queued. A crash in between says it twice, which changes nothing.
 */
async function nameLeft(around: Surroundings, id: ConversationId): Promise<boolean> {
  const { deps, outbox } = around;
  const record = await deps.store.read("conversations", id, conversationRecord);
  if (!record || record.blocked || record.editsLeft.length === 0) return false;
  const left = record.editsLeft;
  let queued = false;
  for (const seq of new Set(left.map((one) => one.seq))) {
    const target = await deletedAt(around, id, seq);
    const edits = target ? await unnamedEdits(around, id, target) : [];
    for (let at = 0; target && at < edits.length; at += EDITS_CAP) {
      await outbox.add(id, { kind: "deletion", target, edits: edits.slice(at, at + EDITS_CAP) });
      queued = true;
    }
  }
  await changeKept(deps.store, id, (kept) => editsNamed(kept, left));
  return queued;
}

/**
 * M5: what is still to be done about deleted messages once nothing else waits. True: a message was queued, to be
 * sent first. Throws what the network throws; all of it is made again then.
 */
export async function settleDeletions(around: Surroundings, id: ConversationId): Promise<boolean> {
  await discardPointless(around, id);
  if (await nameLeft(around, id)) return true;
  await eraseDeleted(around.deps, id);
  return false;
}
