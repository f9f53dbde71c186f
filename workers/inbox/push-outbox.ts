import { blob, int, nullable, text } from "../objects/rows.ts";
import { type DeviceId, parseDeviceId } from "../protocol/ids.ts";
import type { Tables } from "./inbox-store.ts";

/** A push that waits to be sent. */
export interface Push {
  readonly conversation: Uint8Array;
  readonly device: DeviceId;
  /** when the newest message came that it is about */
  readonly since: number;
  /** attempts in vain */
  readonly tries: number;
}

/** What is to be rung, one row for each conversation and device: messages that come meanwhile are the same push. */
export class PushOutbox {
  readonly #sql: SqlStorage;
  readonly #tables: Tables;

  constructor(sql: SqlStorage, tables: Tables) {
    this.#sql = sql;
    this.#tables = tables;
  }

  /** One that waits already keeps its time, and is about the newer message from here on. */
  add(conversation: Uint8Array, device: DeviceId, now: number, due: number): void {
    this.#tables.prepare();
    this.#sql.exec(
      `INSERT INTO pushes (conversation, device, since, tries, due) VALUES (?, ?, ?, 0, ?)
       ON CONFLICT (conversation, device) DO UPDATE SET since = excluded.since`,
      conversation,
      device,
      now,
      due,
    );
  }

  /** What has waited longest comes first. */
  due(now: number, most: number): Push[] {
    if (!this.#tables.isWritten) return [];
    const rows = this.#sql
      .exec(
        "SELECT conversation, device, since, tries FROM pushes WHERE due <= ? ORDER BY due LIMIT ?",
        now,
        most,
      )
      .raw();
    return Array.from(rows, ([conversation, device, since, tries]) => ({
      conversation: blob(conversation),
      device: parseDeviceId(text(device)),
      since: int(since),
      tries: int(tries),
    }));
  }

  /** When the next one is due; null: none waits. */
  nextDue(): number | null {
    if (!this.#tables.isWritten) return null;
    for (const [due] of this.#sql.exec("SELECT min(due) FROM pushes").raw()) {
      return nullable(due, int);
    }
    return null;
  }

  drop({ conversation, device }: Push): void {
    this.#sql.exec(
      "DELETE FROM pushes WHERE conversation = ? AND device = ?",
      conversation,
      device,
    );
  }

  /** It was sent: gone, unless another message came while it was under way, which is due later. */
  sent({ conversation, device, since }: Push, later: number): void {
    this.#sql.exec(
      "DELETE FROM pushes WHERE conversation = ? AND device = ? AND since = ?",
      conversation,
      device,
      since,
    );
    this.#sql.exec(
      "UPDATE pushes SET due = ?, tries = 0 WHERE conversation = ? AND device = ?",
      later,
      conversation,
      device,
    );
  }

  retry({ conversation, device }: Push, tries: number, due: number): void {
    this.#sql.exec(
      "UPDATE pushes SET tries = ?, due = ? WHERE conversation = ? AND device = ?",
      tries,
      due,
      conversation,
      device,
    );
  }

  /** The device's push service asked to wait: for all of them. */
  postpone(device: DeviceId, until: number): void {
    this.#sql.exec("UPDATE pushes SET due = ?1 WHERE device = ?2 AND due < ?1", until, device);
  }
}
