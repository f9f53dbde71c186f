import * as z from "zod/mini";
import { decodeCbor, encodeCbor } from "../../protocol/cbor.ts";
import { cappedBytes, unsigned } from "../../protocol/fields.ts";
import { encodeConversationDown } from "../../protocol/frames.ts";
import { idBytes } from "../../protocol/ids.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { decodeReceipt, decodeReceiptHeader } from "../../protocol/receipt.ts";
import type { Peer } from "../../objects/peer.ts";
import type { Memory } from "./memory.ts";
import { encodeNote } from "./note.ts";

/**
 * What a socket has said that is not in storage yet. It outlives hibernation with the socket; when the object's
 * process ends, so does the socket, and its client says again whatever was not answered (decision "folded writes").
 */
const held = z.object({ received: unsigned, receipt: z.nullable(cappedBytes(LIMITS.receipt)) });
type Held = z.infer<typeof held>;

const NOTHING: Held = { received: 0, receipt: null };

const heldBy = (peer: Peer): Held =>
  peer.held ? decodeCbor(peer.held, held, 2 * LIMITS.receipt) : NOTHING;

/** False if this peer cannot keep it. */
export const hold = (peer: Peer, change: Partial<Held>): boolean =>
  peer.hold(encodeCbor({ ...heldBy(peer), ...change }));

/** What living sockets hold becomes part of memory again: after hibernation, and after a transaction that failed. */
export function recallHeld(memory: Memory, peers: Iterable<Peer>): void {
  for (const peer of peers) {
    const { received, receipt } = heldBy(peer);
    if (!memory.members.has(peer.account)) continue;
    if (received > (memory.received.get(peer.account) ?? 0)) {
      memory.received.set(peer.account, received);
      memory.isDirty = true;
    }
    if (!receipt) continue;
    const { counter } = decodeReceiptHeader(decodeReceipt(receipt).header);
    if (counter <= (memory.receipts.get(peer.account)?.counter ?? 0)) continue;
    memory.receipts.set(peer.account, { counter, body: receipt });
    memory.unstored.add(peer.account);
    memory.isDirty = true;
  }
}

/** What goes along with the row that is about to be written; inside its transaction. */
export function takeNote(memory: Memory): Uint8Array | null {
  if (memory.unstored.size === 0) return null;
  const receipts = [...memory.unstored].flatMap((account) => {
    const slot = memory.receipts.get(account);
    memory.unstored.delete(account);
    memory.noted.add(account);
    memory.confirmable.add(account);
    return slot ? [{ account: idBytes(account), ...slot }] : [];
  });
  return encodeNote({ receipts });
}

/** M10: who waits for slots that are stored by now is told them, and holds its receipt no more; after the commit. */
export function confirmStored(memory: Memory, peers: Iterable<Peer>): void {
  if (memory.confirmable.size === 0) return;
  for (const peer of peers) {
    if (!peer.held || !memory.confirmable.has(peer.account) || !heldBy(peer).receipt) continue;
    const slot = memory.receipts.get(peer.account);
    if (slot) peer.send(encodeConversationDown({ t: "receipt", receipt: slot.body }));
    hold(peer, { receipt: null });
  }
  memory.confirmable.clear();
}
