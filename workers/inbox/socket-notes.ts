import { int, text } from "../objects/rows.ts";
import { LIMITS } from "../protocol/limits.ts";
import type { Tables } from "./inbox-store.ts";

/** Conversations noted for one session. One more closes the session's sockets in the one noted longest ago. */
export const MOST_NOTED = 512;

/** A note is renewed at most this often: most sockets cost no write. */
const RENEW_MS = 60 * 60 * 1000;

/** K12: conversations in which a session may have sockets, so that its end finds them. */
export class SocketNotes {
  readonly #sql: SqlStorage;
  readonly #tables: Tables;

  constructor(sql: SqlStorage, tables: Tables) {
    this.#sql = sql;
    this.#tables = tables;
  }

  #notedAt(session: string, conversation: string): number | null {
    const rows = this.#sql
      .exec("SELECT at FROM sockets WHERE session = ? AND conversation = ?", session, conversation)
      .raw();
    for (const [at] of rows) return int(at);
    return null;
  }

  /** False if it stands there already. */
  note(session: string, conversation: string, now: number): boolean {
    this.#tables.prepare();
    const before = this.#notedAt(session, conversation);
    if (before !== null && now - before < RENEW_MS) return false;
    this.#sql.exec(
      "INSERT OR REPLACE INTO sockets (session, conversation, at) VALUES (?, ?, ?)",
      session,
      conversation,
      now,
    );
    // Sessions whose cookie cannot be valid any more.
    this.#sql.exec("DELETE FROM sockets WHERE at < ?", now - LIMITS.sessionMs);
    return before === null;
  }

  /** The newest first: there a socket is likeliest to be open. */
  of(session: string): string[] {
    if (!this.#tables.isWritten) return [];
    const rows = this.#sql
      .exec("SELECT conversation FROM sockets WHERE session = ? ORDER BY at DESC", session)
      .raw();
    return Array.from(rows, ([conversation]) => text(conversation));
  }

  /** Sessions that may have sockets somewhere. */
  sessions(): string[] {
    if (!this.#tables.isWritten) return [];
    const rows = this.#sql.exec("SELECT DISTINCT session FROM sockets").raw();
    return Array.from(rows, ([session]) => text(session));
  }

  /** Noted beyond {@link MOST_NOTED}, without the one that was noted just now. */
  surplus(session: string, conversation: string): string[] {
    const rows = this.#sql
      .exec(
        `SELECT conversation FROM sockets WHERE session = ? AND conversation <> ?
         ORDER BY at DESC LIMIT -1 OFFSET ?`,
        session,
        conversation,
        MOST_NOTED - 1,
      )
      .raw();
    return Array.from(rows, ([other]) => text(other));
  }

  forget(session: string, conversation: string): void {
    this.#sql.exec(
      "DELETE FROM sockets WHERE session = ? AND conversation = ?",
      session,
      conversation,
    );
  }
}
