import * as z from "zod/mini";
import { decodeCbor, encodeCbor } from "../../protocol/cbor.ts";
import { bytes32, time, unsigned } from "../../protocol/fields.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { blob } from "../../objects/rows.ts";

const creation = z.strictObject({ conversation: bytes32, shard: unsigned, createdAt: time });
/** What never changes once the conversation exists. */
export type Creation = z.infer<typeof creation>;

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

  #get(key: "creation" | "progress"): Uint8Array | null {
    for (const [value] of this.#sql.exec("SELECT value FROM meta WHERE key = ?", key).raw()) {
      return blob(value);
    }
    return null;
  }

  #put(key: "creation" | "progress", value: Creation | Progress): void {
    this.#sql.exec("INSERT OR REPLACE INTO meta VALUES (?, ?)", key, encodeCbor(value));
  }

  creation(): Creation | null {
    const bytes = this.#get("creation");
    return bytes && decodeCbor(bytes, creation, CAP);
  }

  putCreation(value: Creation): void {
    this.#put("creation", value);
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
