import * as z from "zod/mini";
import { decodeCbor, encodeCbor } from "../../protocol/cbor.ts";
import { bytes32, time, unsigned } from "../../protocol/fields.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { blob, int } from "../../objects/rows.ts";
import { outage } from "../../objects/outages.ts";
import type { ShardRange } from "../rules/shards.ts";

// What a newer build has added is kept and written back (decision "both ways").
const creation = z.looseObject({ conversation: bytes32, shard: unsigned, createdAt: time });
/** What never changes once the conversation exists. */
export type Creation = z.infer<typeof creation>;

const marks = z.array(z.tuple([bytes32, unsigned]));
const progress = z.looseObject({
  /** everything up to here is in D1 */
  flushed: unsigned,
  /** rows up to here may be overwritten */
  pruned: unsigned,
  /** [account, seq]: what its devices have confirmed */
  received: marks,
  /** [account, seq]: what its Inbox has been told */
  notified: marks,
  /** of all envelopes up to `pruned` */
  prunedBytes: unsigned,
  outages: z.optional(z.array(outage)),
  /** since when this is behind, as the registry was told; absent: it was told nothing */
  toldBehind: z.optional(z.nullable(time)),
});
/** What is written at flushes only; losing the newest one repeats work and loses nothing. */
export type Progress = z.infer<typeof progress>;

const CAP = LIMITS.body;

/** Two values by name, and where history lies. */
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
    this.#sql.exec(
      "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
      key,
      encodeCbor(value),
    );
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
    return { flushed: 0, pruned: 0, received: [], notified: [], prunedBytes: 0 };
  }

  putProgress(value: Progress): void {
    this.#put("progress", value);
  }

  /** Where history goes on from which place; those of creation come first. */
  shards(created: number): readonly ShardRange[] {
    const rows = this.#sql.exec("SELECT from_seq, shard FROM shards ORDER BY from_seq").raw();
    const later = Array.from(rows, ([from, shard]) => ({ from: int(from), shard: int(shard) }));
    return later[0]?.from === 1 ? later : [{ from: 1, shard: created }, ...later];
  }

  putShard({ from, shard }: ShardRange): void {
    this.#sql.exec(
      `INSERT INTO shards (from_seq, shard) VALUES (?, ?)
       ON CONFLICT (from_seq) DO UPDATE SET shard = excluded.shard`,
      from,
      shard,
    );
  }
}
