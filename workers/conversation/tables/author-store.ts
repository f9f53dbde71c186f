import * as z from "zod/mini";
import { decodeCbor, encodeCbor } from "../../protocol/cbor.ts";
import { bytes16, positive, time } from "../../protocol/fields.ts";
import { LIMITS } from "../../protocol/limits.ts";
import type { DeviceLog } from "../rules/append.ts";
import { blob, int } from "../../objects/rows.ts";

/** A device that has written here. */
export interface StoredAuthor {
  readonly id: number;
  readonly account: Uint8Array;
  readonly device: Uint8Array;
  /** the rest of this row is as of this seq */
  readonly upto: number;
  /** envelopes taken from it that are not quiet (M1) */
  readonly authored: number;
  readonly log: DeviceLog;
}

const recentList = z.array(z.tuple([positive, bytes16, positive, time]));

const encodeLog = (log: DeviceLog): Uint8Array =>
  encodeCbor(
    log.recent.map(({ deviceSeq, messageId, seq, at }) => [deviceSeq, messageId, seq, at]),
  );

function decodeLog(bytes: Uint8Array): DeviceLog {
  const recent = decodeCbor(bytes, recentList, LIMITS.body).map(
    ([deviceSeq, messageId, seq, at]) => ({ deviceSeq, messageId, seq, at }),
  );
  return { last: recent.at(-1)?.deviceSeq ?? 0, recent };
}

/** M6 across evictions: written when a device appears, and when its rows leave the tail. */
export class AuthorStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  all(): StoredAuthor[] {
    const found: StoredAuthor[] = [];
    const rows = this.#sql
      .exec("SELECT id, account, device, upto, authored, recent FROM authors ORDER BY id")
      .raw();
    for (const [id, account, device, upto, authored, recent] of rows) {
      found.push({
        id: int(id),
        account: blob(account),
        device: blob(device),
        upto: int(upto),
        authored: int(authored),
        log: decodeLog(blob(recent)),
      });
    }
    return found;
  }

  put(author: StoredAuthor): void {
    this.#sql.exec(
      `INSERT INTO authors (id, account, device, upto, authored, recent) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET
         upto = excluded.upto, authored = excluded.authored, recent = excluded.recent`,
      author.id,
      author.account,
      author.device,
      author.upto,
      author.authored,
      encodeLog(author.log),
    );
  }
}
