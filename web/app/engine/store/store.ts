import type { AccountId, ConversationId } from "../../../../workers/protocol/ids.ts";
import type * as z from "zod/mini";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import type { Random } from "../../../core/crypto/primitives.ts";
import type {
  Database,
  ReadTransaction,
  StoreName,
  WriteTransaction,
} from "../../../platform/database.ts";
import { type Turns, createTurns } from "../../../platform/turns.ts";
import { type Codec, type RecordKey, createCodec } from "./codec.ts";
import { type Damage, DamagedRecord, createDamageReport } from "./damaged.ts";

/** Keys from [id, from] to [id, to], both included. */
export interface Span {
  readonly id: ConversationId | AccountId;
  readonly from: number;
  readonly to: number;
}

export interface Entry<T> {
  readonly key: RecordKey;
  readonly value: T;
}

/** What a committed transaction wrote; `key` null: the whole store was emptied. */
export interface Touch {
  readonly store: StoreName;
  readonly key: RecordKey | null;
}

/** Reads of one transaction; nothing but these may be awaited while it is open. */
export interface StoreReader {
  /** Throws DamagedRecord where "none" would be taken for a beginning: what is kept of a conversation. */
  get<T extends z.ZodMiniType>(
    store: StoreName,
    key: RecordKey,
    schema: T,
  ): Promise<z.infer<T> | null>;
}

/** Stores whose keys are [conversation, number]; those of `numbers` name a device behind the conversation. */
type NumberedStore = "messages" | "outbox" | "bundles" | "marks" | "numbers";

/** Reads and writes of one transaction; nothing but these may be awaited while it is open. */
export interface Writer extends StoreReader {
  /** Throws CoreError `unstorable` before anything is written: it could not be read back by this schema (E1). */
  put<T extends z.ZodMiniType>(
    store: StoreName,
    key: RecordKey,
    schema: T,
    value: z.input<T>,
  ): Promise<void>;
  delete(store: StoreName, key: RecordKey): Promise<void>;
  clear(store: StoreName): Promise<void>;
  /** Removes what stands under this id and under what begins with it. */
  clearOf(store: NumberedStore, id: ConversationId): Promise<void>;
  all<T extends z.ZodMiniType>(
    store: StoreName,
    schema: T,
    span?: Span,
  ): Promise<Entry<z.infer<T>>[]>;
  /** highest number in use under this id, 0 if none */
  last(store: NumberedStore, id: ConversationId): Promise<number>;
}

/**
 * The device's sealed records (K8). One that cannot be read hides no other (E1): lists go without it, and it is told
 * to whoever watches for damage. Everything throws ProtocolError `unauthenticated` once its session is
 * over.
 */
export interface Store {
  read<T extends z.ZodMiniType>(
    store: StoreName,
    key: RecordKey,
    schema: T,
  ): Promise<z.infer<T> | null>;
  readAll<T extends z.ZodMiniType>(
    store: StoreName,
    schema: T,
    span?: Span,
    /** the first so many, in the order of their keys */
    limit?: number,
  ): Promise<Entry<z.infer<T>>[]>;
  /** Values of several stores as they stood at one moment. */
  look<T>(stores: readonly StoreName[], work: (reader: StoreReader) => Promise<T>): Promise<T>;
  /** A value that is stored elsewhere, on this device all the same; `place` is bound to it. */
  seal(place: string, value: unknown): Uint8Array;
  /** Inverse of {@link Store.seal}; null: it was not sealed here for this place. */
  unseal<T extends z.ZodMiniType>(place: string, sealed: Uint8Array, schema: T): z.infer<T> | null;
  /** Hears what each transaction of this tab wrote, once it is durable. The result ends it. */
  watch(listener: (touched: readonly Touch[]) => void): () => void;
  /** Hears of each record that cannot be read, those of before included. The result ends it. */
  watchDamage(listener: (damage: Damage) => void): () => void;
  /** One transaction; strict durability (K8), so that a crash after it finds it done. */
  write<T>(stores: readonly StoreName[], work: (writer: Writer) => Promise<T>): Promise<T>;
}

const rangeOf = ({ id, from, to }: Span) => IDBKeyRange.bound([id, from], [id, to]);
/** Ids have one length, so no other one lies between. */
const rangeUnder = (id: ConversationId) => IDBKeyRange.bound([id], [`${id}\uffff`]);

const turnsByDatabase = new WeakMap<Database, Turns>();

/**
 * One write at a time, and no read beside it: where an engine ends while a transaction of it waits for another one,
 * WebKit never lets go of the two, and every later page waits for them for ever.
 */
function turnsOf(db: Database): Turns {
  const turns = turnsByDatabase.get(db) ?? createTurns();
  turnsByDatabase.set(db, turns);
  return turns;
}

/** Without it a conversation would begin anew, with a chain of which others hold more (M6). */
const isBeginning = (store: StoreName): boolean =>
  store === "conversations" || store === "chainEnds";

/**
 * `isOver`: whether the session that this store was opened for has ended. What still works for it by then (a request
 * on its way, a turn that waits) must neither read nor write what belongs to whoever comes next.
 */
export function createStore(
  db: Database,
  localKey: Uint8Array,
  random: Random,
  isOver: () => boolean = () => false,
): Store {
  const held = (): Database => {
    if (isOver()) throw new ProtocolError("unauthenticated");
    return db;
  };

  const codec: Codec = createCodec(localKey, random);
  const turns = turnsOf(db);
  const listeners = new Set<(touched: readonly Touch[]) => void>();
  const damage = createDamageReport();

  const open = <T extends z.ZodMiniType>(
    store: StoreName,
    key: RecordKey,
    sealed: Uint8Array,
    schema: T,
  ): z.infer<T> | null => {
    const value = codec.open(store, key, sealed, schema);
    if (value === null) damage.tell({ store, key, schema });
    return value;
  };
  const openOne: typeof open = (store, key, sealed, schema) => {
    const value = open(store, key, sealed, schema);
    if (value === null && isBeginning(store)) throw new DamagedRecord(store);
    return value;
  };
  const opened = <T extends z.ZodMiniType>(
    store: StoreName,
    schema: T,
    keys: readonly RecordKey[],
    values: readonly Uint8Array[],
  ): Entry<z.infer<T>>[] =>
    keys.flatMap((key, i) => {
      const sealed = values[i];
      const value = sealed ? open(store, key, sealed, schema) : null;
      return value === null ? [] : [{ key, value }];
    });

  const reader = (tx: ReadTransaction | WriteTransaction): StoreReader => ({
    async get(store, key, schema) {
      const sealed = await tx.objectStore(store).get(key);
      return sealed ? openOne(store, key, sealed, schema) : null;
    },
  });

  const writer = (tx: WriteTransaction, touched: Touch[]): Writer => ({
    ...reader(tx),
    async put(store, key, schema, value) {
      const sealed = codec.seal(store, key, schema, value);
      touched.push({ store, key });
      await tx.objectStore(store).put(sealed, key);
    },
    async delete(store, key) {
      touched.push({ store, key });
      await tx.objectStore(store).delete(key);
    },
    async clear(store) {
      touched.push({ store, key: null });
      await tx.objectStore(store).clear();
    },
    async clearOf(store, id) {
      touched.push({ store, key: null });
      await tx.objectStore(store).delete(rangeUnder(id));
    },
    async all(store, schema, span) {
      const range = span && rangeOf(span);
      const [keys, values] = await Promise.all([
        tx.objectStore(store).getAllKeys(range),
        tx.objectStore(store).getAll(range),
      ]);
      return opened(store, schema, keys, values);
    },
    async last(store, id) {
      const range = IDBKeyRange.bound([id, 0], [id, Number.MAX_SAFE_INTEGER]);
      const cursor = await tx.objectStore(store).openKeyCursor(range, "prev");
      const key: unknown = cursor?.key;
      return Array.isArray(key) && typeof key[1] === "number" ? key[1] : 0;
    },
  });

  return {
    async read(store, key, schema) {
      const [sealed] = await turns.read(() => {
        const tx = held().transaction(store);
        // Its value comes before its end, and until then it would be beside the next write.
        return Promise.all([tx.store.get(key), tx.done]);
      });
      return sealed ? openOne(store, key, sealed, schema) : null;
    },
    async readAll(store, schema, span, limit) {
      const range = span && rangeOf(span);
      const [keys, values] = await turns.read(() => {
        const tx = held().transaction(store);
        return Promise.all([
          tx.store.getAllKeys(range, limit),
          tx.store.getAll(range, limit),
          tx.done,
        ]);
      });
      return opened(store, schema, keys, values);
    },
    look: (stores, work) =>
      turns.read(async () => {
        const tx = held().transaction([...stores]);
        const [result] = await Promise.all([work(reader(tx)), tx.done]);
        return result;
      }),
    seal: codec.sealElsewhere,
    unseal: codec.openElsewhere,
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    watchDamage: damage.watch,
    write: (stores, work) =>
      turns.write(async () => {
        const touched: Touch[] = [];
        const tx = held().transaction([...stores], "readwrite", { durability: "strict" });
        try {
          const result = await work(writer(tx, touched));
          await tx.done;
          if (touched.length > 0) for (const listener of listeners) listener(touched);
          return result;
        } catch (error) {
          // Half a change must never be kept: whatever went wrong, nothing of it is.
          tx.done.catch(() => undefined);
          try {
            tx.abort();
          } catch {
            // It had ended by itself.
          }
          throw error;
        }
      }),
  };
}
