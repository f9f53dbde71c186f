import * as z from "zod/mini";
import { decodeCbor, encodeCbor } from "../../protocol/cbor.ts";
import { bytes32, time, unsigned } from "../../protocol/fields.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { blob } from "../../objects/rows.ts";

const identity = z.strictObject({ conversation: bytes32, shard: unsigned, createdAt: time });
/** What never changes once the conversation exists. */
export type Identity = z.infer<typeof identity>;

const marks = z.array(z.tuple([bytes32, unsigned]));
const progress = z.strictObject({
  /** everything up to here is in D1 */
  flushed: unsigned,
  /** rows up to here may be overwritten */
  pruned: unsigned,
  /** [account, seq]: what its devices have confirmed */
  received: marks,
  /** [account, seq]: what its Inbox has been told */
  notified: marks,
});
/** What is written at flushes only; losing the newest one repeats work and loses nothing. */
export type Progress = z.infer<typeof progress>;

const CAP = LIMITS.body;

/** Two values by name. */
export class MetaStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  #get(key: "identity" | "progress"): Uint8Array | null {
    for (const [value] of this.#sql.exec("SELECT value FROM meta WHERE key = ?", key).raw()) {
      return blob(value);
    }
    return null;
  }

  #put(key: "identity" | "progress", value: Identity | Progress): void {
    this.#sql.exec("INSERT OR REPLACE INTO meta VALUES (?, ?)", key, encodeCbor(value));
  }

  identity(): Identity | null {
    const bytes = this.#get("identity");
    return bytes && decodeCbor(bytes, identity, CAP);
  }

  putIdentity(value: Identity): void {
    this.#put("identity", value);
  }

  progress(): Progress {
    const bytes = this.#get("progress");
    if (bytes) return decodeCbor(bytes, progress, CAP);
    return { flushed: 0, pruned: 0, received: [], notified: [] };
  }

  putProgress(value: Progress): void {
    this.#put("progress", value);
  }
}
