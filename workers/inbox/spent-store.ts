import { int } from "../objects/rows.ts";

/** Bytes that the account has sent on a day, by conversation: what none of those can know alone. */
export class SpentStore {
  readonly #sql: SqlStorage;
  #isReady = false;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  #prepare(): void {
    if (this.#isReady) return;
    this.#sql.exec(`
      CREATE TABLE IF NOT EXISTS spent (
        day INTEGER NOT NULL, conversation BLOB NOT NULL, bytes INTEGER NOT NULL,
        PRIMARY KEY (day, conversation)
      ) WITHOUT ROWID`);
    this.#isReady = true;
  }

  /** Notes a conversation's sum of a day, which only grows, and answers that of all. Earlier days are forgotten. */
  note(conversation: Uint8Array, day: number, bytes: number): number {
    this.#prepare();
    this.#sql.exec(
      `INSERT INTO spent VALUES (?1, ?2, ?3)
       ON CONFLICT DO UPDATE SET bytes = max(bytes, excluded.bytes)`,
      day,
      conversation,
      bytes,
    );
    this.#sql.exec("DELETE FROM spent WHERE day < ?", day - 1);
    const rows = this.#sql.exec("SELECT sum(bytes) FROM spent WHERE day = ?", day).raw();
    for (const [sum] of rows) return int(sum);
    return bytes;
  }
}
