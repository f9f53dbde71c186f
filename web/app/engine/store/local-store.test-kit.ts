import { type Database, deleteDatabase, openDatabase } from "../../../platform/database.ts";
import { loadLocalKey } from "../../../platform/local-key.ts";
import { type Store, createStore } from "./store.ts";

export const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };

const opened = new Set<() => void>();

export interface LocalStore {
  readonly db: Database;
  readonly store: Store;
  /** Ends it as the app's own session ends: what still works for it finds no store any more. */
  close(): void;
}

/** This browser's real store, as one tab of the app opens it. Whatever is still open ends with `forgetDevice`. */
export async function openStore(): Promise<LocalStore> {
  const db = await openDatabase(() => undefined);
  let isOver = false;
  const close = (): void => {
    isOver = true;
    opened.delete(close);
    db.close();
  };
  opened.add(close);
  return { db, store: createStore(db, await loadLocalKey(db), random, () => isOver), close };
}

/** As when the app is closed: what the database holds is all that is left. */
export function closeStores(): void {
  for (const close of opened) close();
}

/** After each test, and where a test goes on as another device: nothing of this one is left. */
export async function forgetDevice(): Promise<void> {
  closeStores();
  await deleteDatabase();
}
