import { blob, int } from "../objects/rows.ts";
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

/** One row for each conversation: an activity is one row write. */
export class InboxStore {
  readonly #sql: SqlStorage;
  #isReady = false;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#isReady =
      sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'rows'").toArray().length > 0;
  }

  /** Tables are made by the first write, so that questions about an account leave no trace. */
  #prepare(): void {
    if (this.#isReady) return;
    this.#sql.exec(`
      CREATE TABLE IF NOT EXISTS rows (
        conversation BLOB PRIMARY KEY, shard INTEGER NOT NULL, head INTEGER NOT NULL,
        last_seq INTEGER NOT NULL, last_at INTEGER NOT NULL, others INTEGER NOT NULL,
        read_seq INTEGER NOT NULL, read_others INTEGER NOT NULL
      ) WITHOUT ROWID;`);
    this.#isReady = true;
  }

  get(conversation: Uint8Array): InboxState | null {
    if (!this.#isReady) return null;
    const rows = this.#sql
      .exec(`SELECT ${COLUMNS} FROM rows WHERE conversation = ?`, conversation)
      .raw();
    for (const cells of rows) return stateOf(cells);
    return null;
  }

  put(conversation: Uint8Array, state: InboxState): void {
    this.#prepare();
    this.#sql.exec(
      "INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
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
    if (!this.#isReady) return [];
    const rows = this.#sql
      .exec(`SELECT conversation, ${COLUMNS} FROM rows ORDER BY last_at DESC`)
      .raw();
    return Array.from(rows, ([conversation, ...cells]) => ({
      conversation: blob(conversation),
      state: stateOf(cells),
    }));
  }
}
