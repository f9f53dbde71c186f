import type { Place } from "../rules/append.ts";
import { blob, int, nullable } from "../../objects/rows.ts";
import { TUNING } from "../settings.ts";

/** A log row without its body. */
export interface TailEntry extends Place {
  /** id in `authors`; null for a bundle */
  readonly author: number | null;
  /** deviceSeq, or a bundle's n */
  readonly number: number;
  readonly messageId: Uint8Array | null;
}

export interface TailRow extends TailEntry {
  /** the envelope; null for a bundle, and for a message that was deleted (M5) */
  readonly body: Uint8Array | null;
}

interface LoadedEntry extends TailEntry {
  /** bytes of its body */
  readonly size: number;
  readonly isQuiet: boolean;
  readonly note: Uint8Array | null;
}

/**
 * The newest part of the log, in rows that are reused: seq finds its row through a map in memory, so that a
 * message costs one row write and its removal none.
 */
export class TailStore {
  readonly #sql: SqlStorage;
  readonly #slots = new Map<number, number>();
  #free: number[] = [];
  #next = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Reads the index, which is empty before; items up to `pruned` count as removed. By seq. */
  load(pruned: number): LoadedEntry[] {
    const entries: LoadedEntry[] = [];
    const rows = this.#sql
      .exec(
        "SELECT slot, seq, at, author, number, message, ifnull(length(body), 0), note, quiet FROM tail",
      )
      .raw();
    for (const [slot, seq, at, author, number, message, size, note, quiet] of rows) {
      this.#next = Math.max(this.#next, int(slot) + 1);
      if (int(seq) <= pruned) {
        this.#free.push(int(slot));
        continue;
      }
      this.#slots.set(int(seq), int(slot));
      entries.push({
        seq: int(seq),
        at: int(at),
        author: nullable(author, int),
        number: int(number),
        messageId: nullable(message, blob),
        isQuiet: int(quiet) === 1,
        size: int(size),
        note: nullable(note, blob),
      });
    }
    return entries.sort((a, b) => a.seq - b.seq);
  }

  insert(row: TailRow, note: Uint8Array | null, isQuiet = false): void {
    const slot = this.#free.pop() ?? this.#next++;
    this.#sql.exec(
      `INSERT OR REPLACE INTO tail (slot, seq, at, author, number, message, body, note, quiet)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      slot,
      row.seq,
      row.at,
      row.author,
      row.number,
      row.messageId,
      row.body,
      note,
      isQuiet ? 1 : 0,
    );
    this.#slots.set(row.seq, slot);
  }

  /** Rows of `from`..`to` (inclusive) that are here, by seq. */
  read(from: number, to: number): TailRow[] {
    const slots: number[] = [];
    for (let seq = from; seq <= to; seq++) {
      const slot = this.#slots.get(seq);
      if (slot !== undefined) slots.push(slot);
    }
    const rows = this.#sql
      .exec(
        `SELECT seq, at, author, number, message, body FROM tail
         WHERE slot IN (SELECT value FROM json_each(?))`,
        JSON.stringify(slots),
      )
      .raw();
    const found: TailRow[] = [];
    for (const [seq, at, author, number, message, body] of rows) {
      found.push({
        seq: int(seq),
        at: int(at),
        author: nullable(author, int),
        number: int(number),
        messageId: nullable(message, blob),
        body: nullable(body, blob),
      });
    }
    return found.sort((a, b) => a.seq - b.seq);
  }

  /** The message of this device, if it is still here. A scan, for retries of old messages only (M6). */
  findMessage(author: number, deviceSeq: number): TailEntry | null {
    const rows = this.#sql
      .exec("SELECT seq, at, message FROM tail WHERE author = ? AND number = ?", author, deviceSeq)
      .raw();
    for (const [seq, at, message] of rows) {
      const entry = { author, number: deviceSeq, messageId: nullable(message, blob) };
      if (this.#slots.has(int(seq))) return { seq: int(seq), at: int(at), ...entry };
    }
    return null;
  }

  /**
   * M5: empties a place and keeps its row, for the device's numbers. A scan, so that a row that was released and
   * not yet overwritten is found as well.
   */
  erase(seq: number): void {
    this.#sql.exec("UPDATE tail SET body = NULL WHERE seq = ? AND author IS NOT NULL", seq);
  }

  /** First seq here whose `at` is not before `time`, or null. */
  firstAt(time: number): number | null {
    const rows = this.#sql.exec("SELECT seq FROM tail WHERE at >= ? ORDER BY seq", time).raw();
    for (const [seq] of rows) if (this.#slots.has(int(seq))) return int(seq);
    return null;
  }

  /**
   * Lets the rows of `from`..`to` be overwritten; returns the bytes of their bodies. The caller persists `to` as
   * pruned, in this transaction.
   */
  release(from: number, to: number): number {
    const [sum] = this.#sql
      .exec("SELECT ifnull(sum(length(body)), 0) FROM tail WHERE seq BETWEEN ? AND ?", from, to)
      .raw();
    for (let seq = from; seq <= to; seq++) {
      const slot = this.#slots.get(seq);
      if (slot === undefined) continue;
      this.#slots.delete(seq);
      this.#free.push(slot);
    }
    // Left by an outage of D1: too many to keep for reuse.
    const surplus = this.#free.slice(TUNING.freeRows);
    if (surplus.length === 0) return int(sum?.[0]);
    this.#free = this.#free.slice(0, TUNING.freeRows);
    this.#sql.exec(
      "DELETE FROM tail WHERE slot IN (SELECT value FROM json_each(?))",
      JSON.stringify(surplus),
    );
    return int(sum?.[0]);
  }
}
