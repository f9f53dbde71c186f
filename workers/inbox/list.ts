import type { Peer } from "../objects/peer.ts";
import type { InboxRow } from "../protocol/frames.ts";
import { HeldRows } from "./held-rows.ts";
import type { InboxStore } from "./inbox-store.ts";
import { rowOf } from "./snapshot.ts";
import type { InboxState } from "./unread.ts";

/** The account's conversations: what is stored, and what only a socket keeps yet (decision "folded writes"). */
export class List {
  readonly #store: InboxStore;
  readonly #held = new HeldRows();

  /** `peers`: the sockets of a new instance, with what they hold. */
  constructor(store: InboxStore, peers: Iterable<Peer>) {
    this.#store = store;
    this.#held.recall(peers);
  }

  stateOf(conversation: Uint8Array): InboxState | null {
    return this.#held.get(conversation) ?? this.#store.get(conversation);
  }

  isHeld(conversation: Uint8Array): boolean {
    return this.#held.get(conversation) !== null;
  }

  put(conversation: Uint8Array, state: InboxState): void {
    this.#store.put(conversation, state);
    this.#held.forget(conversation);
  }

  /** False if nobody can hold it. What stands in the store already need not be held. */
  hold(peers: Iterable<Peer>, conversation: Uint8Array, state: InboxState): boolean {
    const keeper = [...peers].find((peer) => peer.isLive);
    return keeper !== undefined && this.#held.hold(keeper, conversation, state);
  }

  /** A socket is gone, and with it what it held. */
  left(peer: Peer): void {
    for (const { conversation, state } of this.#held.of(peer)) this.put(conversation, state);
  }

  /** The newest first. */
  rows(): InboxRow[] {
    const stored = this.#store
      .all()
      .map(({ conversation, state }) => rowOf(conversation, this.#held.get(conversation) ?? state));
    return stored.toSorted((a, b) => b.lastAt - a.lastAt);
  }

  conversations(): Uint8Array[] {
    return this.#store.all().map(({ conversation }) => conversation);
  }
}
