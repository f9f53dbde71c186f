import type { Entry } from "./store.ts";

/** What stands at one place of a conversation's log, or beside it. */
export interface Placed<T> {
  readonly seq: number;
  readonly row: T;
}

/** Entries of a store with keys [conversation, seq]. */
export const placedOf = <T>(entries: readonly Entry<T>[]): Placed<T>[] =>
  entries.flatMap(({ key, value }) =>
    typeof key === "string" ? [] : [{ seq: key[1], row: value }],
  );
