import * as z from "zod/mini";
import { decodeCbor, encodeCbor } from "../../protocol/cbor.ts";
import { bytes32, unsigned } from "../../protocol/fields.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { blob, int } from "../../objects/rows.ts";

const saved = z.looseObject({
  /** messages up to this seq are in the sums */
  upto: unsigned,
  /** [account, day, bytes] */
  spent: z.array(z.tuple([bytes32, unsigned, unsigned])),
});
export type SavedSpending = z.infer<typeof saved>;

/** A message in the tail, by its size. */
export interface SentBytes {
  readonly account: Uint8Array;
  readonly at: number;
  readonly bytes: number;
}

/** What accounts have sent of late: sums as of a seq, and the tail for what came after it. */
export class SpendingStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  load(): SavedSpending {
    for (const [value] of this.#sql.exec("SELECT value FROM meta WHERE key = 'spending'").raw()) {
      return decodeCbor(blob(value), saved, LIMITS.body);
    }
    return { upto: 0, spent: [] };
  }

  save(value: SavedSpending): void {
    this.#sql.exec(
      `INSERT INTO meta (key, value) VALUES ('spending', ?)
       ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
      encodeCbor(value),
    );
  }

  /** Messages after `seq` that came at `since` or later. */
  sentAfter(seq: number, since: number): SentBytes[] {
    const rows = this.#sql
      .exec(
        `SELECT authors.account, tail.at, length(tail.body) FROM tail
         JOIN authors ON authors.id = tail.author
         WHERE tail.seq > ? AND tail.at >= ? AND tail.body IS NOT NULL`,
        seq,
        since,
      )
      .raw();
    return Array.from(rows, ([account, at, bytes]) => ({
      account: blob(account),
      at: int(at),
      bytes: int(bytes),
    }));
  }
}
