import { logRefused } from "../objects/log.ts";
import { StorageEraError, ensureStorage, openStorage } from "../objects/storage-version.ts";
import { blob, int, text } from "../objects/rows.ts";
import type { ConversationId } from "../protocol/ids.ts";
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

/** One row for each conversation: an activity is one row write. All of it throws StorageEraError. */
export class InboxStore {
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

  /** Whether there are tables to read. Throws StorageEraError: such storage is not even asked. */
  get #isWritten(): boolean {
    if (this.#refusal) throw this.#refusal;
    return this.#isReady;
  }

  /** Tables are made by the first write, so that questions about an account leave no trace. */
  prepare(): void {
    if (this.#isWritten) return;
    ensureStorage(this.#storage, FORMAT);
    this.#isReady = true;
  }

  get(conversation: Uint8Array): InboxState | null {
    if (!this.#isWritten) return null;
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
    if (!this.#isWritten) return [];
    const rows = this.#sql
      .exec(`SELECT conversation, ${COLUMNS} FROM rows ORDER BY last_at DESC`)
      .raw();
    return Array.from(rows, ([conversation, ...cells]) => ({
      conversation: blob(conversation),
      state: stateOf(cells),
    }));
  }

  /** Once per session and conversation: the second socket costs no write. */
  noteSocket(session: string, conversation: ConversationId, now: number): void {
    this.prepare();
    this.#sql.exec(
      "INSERT OR IGNORE INTO sockets (session, conversation, at) VALUES (?, ?, ?)",
      session,
      conversation,
      now,
    );
  }

  /** Conversations in which this session may have sockets. */
  socketsOf(session: string): string[] {
    if (!this.#isWritten) return [];
    const rows = this.#sql
      .exec("SELECT conversation FROM sockets WHERE session = ?", session)
      .raw();
    return Array.from(rows, ([conversation]) => text(conversation));
  }

  /** Sessions that may have sockets in conversations. */
  sessions(): string[] {
    if (!this.#isReady) return [];
    const rows = this.#sql.exec("SELECT DISTINCT session FROM sockets").raw();
    return Array.from(rows, ([session]) => text(session));
  }

  forgetSocket(session: string, conversation: string): void {
    this.#sql.exec(
      "DELETE FROM sockets WHERE session = ? AND conversation = ?",
      session,
      conversation,
    );
  }

  /** Sessions whose cookie cannot be valid any more. */
  forgetSocketsBefore(time: number): void {
    if (this.#isWritten) this.#sql.exec("DELETE FROM sockets WHERE at < ?", time);
  }
}
