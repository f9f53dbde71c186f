import * as z from "zod/mini";
import { text } from "../objects/rows.ts";
import type { SessionCopy } from "../objects/session-copy.ts";
import { accountRole } from "../protocol/http/endpoint.ts";
import { type DeviceId, parseDeviceId } from "../protocol/ids.ts";
import type { Tables } from "./inbox-store.ts";

/** Sessions of one account that are kept; the one that expires first gives way. */
const MOST_KEPT = 128;

/** D1 slides a session at most once an hour; less than that is not worth a write. */
const WORTH_MS = 60 * 60 * 1000;

const COLUMNS = "session, hash, device, role, expires_at";

const row = z.object({
  session: z.string(),
  hash: z.string(),
  device: z.string(),
  role: accountRole,
  expires_at: z.number(),
});

function copyIn(cells: unknown): SessionCopy {
  const { session, hash, device, role, expires_at: expiresAt } = row.parse(cells);
  return { session, hash, device: parseDeviceId(device), role, expiresAt };
}

/** K12: bound sessions as D1 had them last. Asked when D1 is out of reach. */
export class SessionCopies {
  readonly #sql: SqlStorage;
  readonly #tables: Tables;

  constructor(sql: SqlStorage, tables: Tables) {
    this.#sql = sql;
    this.#tables = tables;
  }

  get(session: string): SessionCopy | null {
    if (!this.#tables.isWritten) return null;
    const rows = this.#sql
      .exec(`SELECT ${COLUMNS} FROM sessions WHERE session = ?`, session)
      .toArray();
    return rows[0] ? copyIn(rows[0]) : null;
  }

  byHash(hash: string): SessionCopy | null {
    if (!this.#tables.isWritten) return null;
    const rows = this.#sql.exec(`SELECT ${COLUMNS} FROM sessions WHERE hash = ?`, hash).toArray();
    return rows[0] ? copyIn(rows[0]) : null;
  }

  /** The session as D1 has it; the token before is worth nothing from here on. */
  put(copy: SessionCopy, now: number): void {
    const { session, hash, device, role, expiresAt } = copy;
    const before = this.get(session);
    const isSame =
      before?.hash === hash &&
      before.device === device &&
      before.role === role &&
      Math.abs(before.expiresAt - expiresAt) < WORTH_MS;
    if (isSame) return;
    this.#tables.prepare();
    this.#sql.exec("DELETE FROM sessions WHERE expires_at < ?", now);
    this.#sql.exec(
      `INSERT OR REPLACE INTO sessions (${COLUMNS}) VALUES (?, ?, ?, ?, ?)`,
      session,
      hash,
      device,
      role,
      expiresAt,
    );
    this.#sql.exec(
      `DELETE FROM sessions WHERE session IN
       (SELECT session FROM sessions ORDER BY expires_at DESC LIMIT -1 OFFSET ?)`,
      MOST_KEPT,
    );
  }

  /** Those of a device that have not run out. */
  ofDevice(device: DeviceId, now: number): string[] {
    if (!this.#tables.isWritten) return [];
    const rows = this.#sql
      .exec("SELECT session FROM sessions WHERE device = ? AND expires_at > ?", device, now)
      .raw();
    return Array.from(rows, ([session]) => text(session));
  }

  sessions(): string[] {
    if (!this.#tables.isWritten) return [];
    const rows = this.#sql.exec("SELECT session FROM sessions").raw();
    return Array.from(rows, ([session]) => text(session));
  }
}
