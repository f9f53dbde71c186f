import * as z from "zod/mini";
import type { Peer } from "../objects/peer.ts";
import { toBase64url } from "../protocol/bytes.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";
import { bytes32, time, unsigned } from "../protocol/fields.ts";
import { LIMITS } from "../protocol/limits.ts";
import type { StoredRow } from "./inbox-store.ts";
import type { InboxState } from "./unread.ts";

const state = z.object({
  shard: unsigned,
  head: unsigned,
  lastSeq: unsigned,
  lastAt: time,
  others: unsigned,
  readSeq: unsigned,
  readOthers: unsigned,
});
const rows = z.array(z.object({ conversation: bytes32, state }));

/** Rows that one socket holds at most: more are stored. */
const MOST = 16;

/**
 * Rows that are newer than the store (decision "folded writes"). They stand in the attachment of a living socket, and
 * so outlive hibernation; a crash ends the socket, and the Conversations tell again what they were not told is stored.
 */
export class HeldRows {
  readonly #of = new Map<string, StoredRow & { readonly keeper: Peer }>();

  /** A new instance: what its sockets hold. */
  recall(peers: Iterable<Peer>): void {
    for (const keeper of peers) {
      if (!keeper.held) continue;
      for (const row of decodeCbor(keeper.held, rows, LIMITS.frame)) {
        this.#of.set(toBase64url(row.conversation), { ...row, keeper });
      }
    }
  }

  get(conversation: Uint8Array): InboxState | null {
    return this.#of.get(toBase64url(conversation))?.state ?? null;
  }

  of(keeper: Peer): StoredRow[] {
    return [...this.#of.values()].filter((row) => row.keeper === keeper);
  }

  #write(keeper: Peer): boolean {
    const kept = this.of(keeper).map((row) => ({
      conversation: row.conversation,
      state: row.state,
    }));
    return keeper.hold(kept.length === 0 ? null : encodeCbor(kept));
  }

  /** Lets whoever holds the conversation's row, else this one, hold what it is now. False if there is no room. */
  hold(offered: Peer, conversation: Uint8Array, next: InboxState): boolean {
    const name = toBase64url(conversation);
    const keeper = this.#of.get(name)?.keeper ?? offered;
    if (!this.#of.has(name) && this.of(keeper).length >= MOST) return false;
    this.#of.set(name, { conversation, state: next, keeper });
    return this.#write(keeper);
  }

  /** It is stored by now. */
  forget(conversation: Uint8Array): void {
    const name = toBase64url(conversation);
    const known = this.#of.get(name);
    if (!known) return;
    this.#of.delete(name);
    this.#write(known.keeper);
  }
}
