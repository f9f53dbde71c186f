import { type DBSchema, type IDBPDatabase, type IDBPTransaction, deleteDB, openDB } from "idb";
import { PlatformError } from "./problem.ts";

/** Every value but the wrapped local key is sealed (K8); keys are what the server knows as well (N3). */
export interface ThymeSchema extends DBSchema {
  /** the wrapping CryptoKey (non-extractable) and the wrapped local key */
  local: { key: string; value: { key: CryptoKey; iv: Uint8Array; wrapped: Uint8Array } };
  /** identity, account facts */
  state: { key: string; value: Uint8Array };
  /** what is known of it, by conversationId */
  conversations: { key: string; value: Uint8Array };
  /** both ends of its devices' chains (M6), by conversationId */
  chainEnds: { key: string; value: Uint8Array };
  /** what its members told of receiving and reading, by conversationId */
  reading: { key: string; value: Uint8Array };
  /** by [conversationId, n] */
  bundles: { key: [string, number]; value: Uint8Array };
  /** by [conversationId, seq] */
  messages: { key: [string, number]; value: Uint8Array };
  /** by [conversationId, order of writing] */
  outbox: { key: [string, number]; value: Uint8Array };
  /** what messages want of another one, by [conversationId, seq of that one] (M5) */
  marks: { key: [string, number]; value: Uint8Array };
  /** what is known of a message that may be missing, by [conversationId/deviceId, deviceSeq] (M6) */
  numbers: { key: [string, number]; value: Uint8Array };
  /** verified manifests, by [accountId, version] */
  accounts: { key: [string, number]; value: Uint8Array };
  /** private records as the server last acknowledged them, by record name */
  records: { key: string; value: Uint8Array };
}

export const STORES = [
  "state",
  "conversations",
  "chainEnds",
  "reading",
  "bundles",
  "messages",
  "outbox",
  "marks",
  "numbers",
  "accounts",
  "records",
] as const;

/** A store whose values are sealed. */
export type StoreName = (typeof STORES)[number];

export type Database = IDBPDatabase<ThymeSchema>;
export type ReadTransaction = IDBPTransaction<ThymeSchema, StoreName[], "readonly">;
export type WriteTransaction = IDBPTransaction<ThymeSchema, StoreName[], "readwrite">;

const NAME = "thyme";

/** Opens the origin's database. Throws PlatformError `storage` where the browser refuses to keep data. */
export async function openDatabase(onTaken: () => void): Promise<Database> {
  try {
    return await openDB<ThymeSchema>(NAME, 3, {
      // A version adds stores; what the others hold stays as it is.
      upgrade(db) {
        for (const store of ["local", ...STORES] as const) {
          if (!db.objectStoreNames.contains(store)) db.createObjectStore(store);
        }
      },
      // Another tab deletes or upgrades: let it, and start anew.
      blocking(_current, _blocked, event) {
        const target = event.target;
        if (target instanceof IDBDatabase) target.close();
        onTaken();
      },
      terminated: onTaken,
    });
  } catch (cause) {
    throw new PlatformError("storage", cause);
  }
}

/** Empties it, the local key included, as it stands open. */
export async function eraseDatabase(db: Database): Promise<void> {
  const stores = ["local", ...STORES] as const;
  const tx = db.transaction(stores, "readwrite", { durability: "strict" });
  await Promise.all([...stores.map((store) => tx.objectStore(store).clear()), tx.done]);
}

/** Removes everything this origin stored (sign-out). */
export const deleteDatabase = (): Promise<void> => deleteDB(NAME);
