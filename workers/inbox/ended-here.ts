import { text } from "../objects/rows.ts";
import type { Tables } from "./inbox-store.ts";

/** An upgrade under way takes seconds; what is remembered for longer than this stops nobody. */
const REMEMBERED_MS = 24 * 60 * 60 * 1000;

/** K12: sessions that have ended. Stored, so that an upgrade under way does not outlive its session by an eviction. */
export class EndedSessions {
  readonly #sql: SqlStorage;
  readonly #tables: Tables;

  constructor(sql: SqlStorage, tables: Tables) {
    this.#sql = sql;
    this.#tables = tables;
  }

  /** `untold`: the account of a session that ended here alone, and of which D1 has to be told. */
  add(session: string, now: number, untold: string | null = null): void {
    this.#tables.prepare();
    this.#sql.exec("DELETE FROM ended WHERE at < ? AND untold IS NULL", now - REMEMBERED_MS);
    this.#sql.exec(
      "INSERT OR IGNORE INTO ended (session, at, untold) VALUES (?, ?, ?)",
      session,
      now,
      untold,
    );
  }

  has(session: string): boolean {
    if (!this.#tables.isWritten) return false;
    return this.#sql.exec("SELECT 1 FROM ended WHERE session = ?", session).toArray().length > 0;
  }

  untold(): { readonly session: string; readonly account: string }[] {
    if (!this.#tables.isWritten) return [];
    const rows = this.#sql.exec("SELECT session, untold FROM ended WHERE untold IS NOT NULL").raw();
    return Array.from(rows, ([session, account]) => {
      return { session: text(session), account: text(account) };
    });
  }

  told(session: string): void {
    this.#sql.exec("UPDATE ended SET untold = NULL WHERE session = ?", session);
  }
}
