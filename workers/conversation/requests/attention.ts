import { progressOf } from "../tables/memory.ts";
import { type ConversationDown, encodeConversationDown } from "../../protocol/frames.ts";
import { type AccountId, idBytes } from "../../protocol/ids.ts";
import { LIMITS } from "../../protocol/limits.ts";
import {
  type Receipt,
  type ReceiptHeader,
  decodeReceipt,
  decodeReceiptHeader,
  receiptHash,
} from "../../protocol/receipt.ts";
import type { Core } from "../core.ts";
import type { Peer } from "../../objects/peer.ts";
import { hold } from "../tables/held.ts";
import { decideReceipt } from "../rules/receipt-slot.ts";
import type { Turn } from "../rules/turn.ts";

function opened(bytes: Uint8Array): { receipt: Receipt; header: ReceiptHeader } | null {
  try {
    const receipt = decodeReceipt(bytes);
    return { receipt, header: decodeReceiptHeader(receipt.header) };
  } catch {
    return null;
  }
}

/** What a refusal of these bytes names; null if they are no receipt. */
export function receiptRef(bytes: Uint8Array): Uint8Array | null {
  const found = opened(bytes);
  return found && receiptHash(found.receipt.header, found.receipt.ciphertext);
}

/** M10: nobody is shown their own slot before it is stored. */
function storeReceipt(core: Core, account: AccountId): void {
  const memory = core.get();
  const slot = memory.receipts.get(account);
  if (!slot || !memory.unstored.delete(account)) return;
  core.stores.receipts.put(account, slot);
  memory.confirmable.add(account);
}

/**
 * M10: takes a receipt into its account's slot and passes it on. The author is always told the slot as it then is
 * and once it is stored: its own receipt, or the one that another of its devices wrote before.
 */
export function receipt(core: Core, turn: Turn, peer: Peer, bytes: Uint8Array): void {
  const found = opened(bytes);
  if (!found) return turn.refuse(peer, { ref: null, error: "bad_request" });
  const memory = core.get();
  const { header } = found;
  const slot = memory.receipts.get(peer.account);
  const decision = decideReceipt(
    {
      conversation: memory.conversation,
      head: memory.head.core.n,
      isMember: core.standing(peer).kind === "member",
      slot,
    },
    header,
    bytes,
    peer.who,
  );
  switch (decision.kind) {
    case "keep": {
      const next = { counter: header.counter, body: bytes };
      memory.receipts.set(peer.account, next);
      turn.receipts.set(peer.account, bytes);
      memory.isDirty = true;
      memory.unstored.add(peer.account);
      // It is stored with the next row, or by the alarm that is set for what waits; then its author is told.
      if (memory.pendingSince !== null && hold(peer, { receipt: bytes })) return;
      storeReceipt(core, peer.account);
      turn.tell(peer, { t: "receipt", receipt: bytes });
      return;
    }
    case "known":
      storeReceipt(core, peer.account);
      turn.tell(peer, { t: "receipt", receipt: bytes });
      return;
    case "refuse": {
      const { error } = decision;
      turn.refuse(peer, { ref: receiptRef(bytes), error });
      if (error === "stale_version" && slot) {
        storeReceipt(core, peer.account);
        turn.tell(peer, { t: "receipt", receipt: slot.body });
      }
    }
  }
}

/** The newest receipt of every member but this one. */
export const receiptsFor = (core: Core, account: AccountId): Uint8Array[] =>
  Array.from(core.get().receipts)
    .filter(([of]) => of !== account)
    .map(([, { body }]) => body);

/** Whether one of the account's sockets has the conversation in sight. */
export function isPresent(core: Core, account: AccountId): boolean {
  const since = core.deps.now() - LIMITS.presenceMs;
  for (const peer of core.peers.all()) {
    if (peer.account === account && peer.presentAt > since) return true;
  }
  return false;
}

/** Other members whom a newcomer finds here. */
export function presentFor(core: Core, account: AccountId): Uint8Array[] {
  const others = Array.from(core.get().members).filter((member) => member !== account);
  return others.filter((member) => isPresent(core, member)).map(idBytes);
}

/** Typing and presence are told to who is connected now. What comes too often is dropped without an answer. */
export function ephemeral(
  core: Core,
  turn: Turn,
  peer: Peer,
  frame: { readonly t: "typing" | "presence"; readonly on: boolean },
): void {
  if (!peer.isLive || core.standing(peer).kind !== "member") return;
  const now = core.deps.now();
  if (core.ephemerals.charge(peer.device, peer.who.address, 1, now) > 0) return;
  if (frame.t === "presence") peer.setPresent(frame.on ? now : 0);
  const on = frame.t === "presence" ? isPresent(core, peer.account) : frame.on;
  turn.passing.push({ t: frame.t, account: idBytes(peer.account), on });
}

/** To the other members who are connected now. */
export function tellOthers(core: Core, of: AccountId, frame: Uint8Array): void {
  const members = core.memory?.members;
  for (const peer of core.peers.all()) {
    if (peer.isLive && peer.account !== of && members?.has(peer.account)) peer.send(frame);
  }
}

/** Stores what a socket that is gone has held. */
function storeHeld(core: Core, { account, held }: Peer): void {
  const memory = held && core.memory;
  if (!memory) return;
  core.transact(() => {
    storeReceipt(core, account);
    core.stores.meta.putProgress(progressOf(memory, core.outages.all));
  });
  core.confirmReceipts();
}

/** A socket is gone: if it was the account's last one in sight, the others learn it at once. */
export function departed(core: Core, peer: Peer | null): void {
  if (peer) storeHeld(core, peer);
  if (!peer || peer.presentAt === 0 || isPresent(core, peer.account)) return;
  const frame: ConversationDown = { t: "presence", account: peer.who.account, on: false };
  tellOthers(core, peer.account, encodeConversationDown(frame));
}
