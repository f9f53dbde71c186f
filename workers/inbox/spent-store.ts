import { int } from "../objects/rows.ts";

/** Bytes that the account has sent on a day, by conversation: what none of those can know alone. */
export class SpentStore {
  readonly #sql: SqlStorage;
  readonly #prepare: () => void;

  /** `prepare` makes the Inbox's tables. */
  constructor(sql: SqlStorage, prepare: () => void) {
    this.#sql = sql;
    this.#prepare = prepare;
  }

  /** Notes a conversation's sum of a day, which only grows, and answers that of all. Earlier days are forgotten. */
  note(conversation: Uint8Array, day: number, bytes: number): number {
    this.#prepare();
    this.#sql.exec(
      `INSERT INTO spent (day, conversation, bytes) VALUES (?1, ?2, ?3)
       ON CONFLICT (day, conversation) DO UPDATE SET bytes = max(bytes, excluded.bytes)`,
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
