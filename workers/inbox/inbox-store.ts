import { logRefused } from "../objects/log.ts";
import { StorageEraError, ensureStorage, openStorage } from "../objects/storage-version.ts";
import { blob, int } from "../objects/rows.ts";
import { FORMAT } from "./schema.ts";
import type { InboxState } from "./unread.ts";

export interface StoredRow {
  readonly conversation: Uint8Array;
  readonly state: InboxState;
}

const COLUMNS = "shard, head, last_seq, last_at, others, read_seq, read_others";

function stateOf(cells: readonly SqlStorageValue[]): InboxState {
  const [shard, head, lastSeq, lastAt, others, readSeq, readOthers] = cells;
  return {
    shard: int(shard),
    head: int(head),
    lastSeq: int(lastSeq),
    lastAt: int(lastAt),
    others: int(others),
    readSeq: int(readSeq),
    readOthers: int(readOthers),
  };
}

/** The Inbox's tables, for all that keep something in them. */
export interface Tables {
  /** Whether there are any to read. Throws StorageEraError: such storage is not even asked. */
  readonly isWritten: boolean;
  /** Makes them; throws StorageEraError. */
  prepare(): void;
}

/** One row for each conversation: an activity is one row write. All of it throws StorageEraError. */
export class InboxStore implements Tables {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  readonly #refusal: StorageEraError | null = null;
  #isReady = false;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
    try {
      this.#isReady = openStorage(storage, FORMAT);
    } catch (error) {
      if (!(error instanceof StorageEraError)) throw error;
      this.#refusal = error;
      logRefused("Inbox", error);
    }
  }

  get isWritten(): boolean {
    if (this.#refusal) throw this.#refusal;
    return this.#isReady;
  }

  /** Tables are made by the first write, so that questions about an account leave no trace. */
  prepare(): void {
    if (this.isWritten) return;
    ensureStorage(this.#storage, FORMAT);
    this.#isReady = true;
  }

  get(conversation: Uint8Array): InboxState | null {
    if (!this.isWritten) return null;
    const rows = this.#sql
      .exec(`SELECT ${COLUMNS} FROM rows WHERE conversation = ?`, conversation)
      .raw();
    for (const cells of rows) return stateOf(cells);
    return null;
  }

  put(conversation: Uint8Array, state: InboxState): void {
    this.prepare();
    this.#sql.exec(
      `INSERT INTO rows (conversation, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (conversation) DO UPDATE SET
         shard = excluded.shard, head = excluded.head, last_seq = excluded.last_seq,
         last_at = excluded.last_at, others = excluded.others,
         read_seq = excluded.read_seq, read_others = excluded.read_others`,
      conversation,
      state.shard,
      state.head,
      state.lastSeq,
      state.lastAt,
      state.others,
      state.readSeq,
      state.readOthers,
    );
  }

  /** Newest first: the list's first screen comes in the snapshot's first frame. */
  all(): StoredRow[] {
    if (!this.isWritten) return [];
    const rows = this.#sql
      .exec(`SELECT conversation, ${COLUMNS} FROM rows ORDER BY last_at DESC`)
      .raw();
    return Array.from(rows, ([conversation, ...cells]) => ({
      conversation: blob(conversation),
      state: stateOf(cells),
    }));
  }
}
