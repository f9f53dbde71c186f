import * as z from "zod/mini";
import { fromHex, toHex } from "./hex.ts";

/** An archived message without its body. */
export interface ArchivedPlace {
  readonly seq: number;
  readonly at: number;
  readonly account: Uint8Array;
  /** its ciphertext was removed (M5) */
  readonly isEmpty: boolean;
}

const rows = z.array(z.object({ seq: z.int(), at: z.int(), account: z.string(), size: z.int() }));

export const PLACES = `
SELECT seq, at, hex(account) AS account, length(body) AS size FROM envelopes
WHERE conversation = unhex(?1) AND seq IN (SELECT value FROM json_each(?2)) AND account IS NOT NULL`;

/** Messages at these places of the log; bundles are not among them. */
export async function readPlaces(
  shard: D1Database,
  conversation: Uint8Array,
  seqs: readonly number[],
): Promise<ArchivedPlace[]> {
  const { results } = await shard
    .prepare(PLACES)
    .bind(toHex(conversation), JSON.stringify(seqs))
    .all();
  return rows.parse(results).map(({ seq, at, account, size }) => ({
    seq,
    at,
    account: fromHex(account),
    isEmpty: size === 0,
  }));
}

export const ERASE = `
UPDATE envelopes SET body = x''
WHERE conversation = unhex(?1) AND seq IN (SELECT value FROM json_each(?2)) AND account IS NOT NULL`;

/** M5: removes the ciphertext at these places. The rows stay: a flush that is repeated must not bring it back. */
export async function eraseArchived(
  shard: D1Database,
  conversation: Uint8Array,
  seqs: readonly number[],
): Promise<void> {
  await shard.prepare(ERASE).bind(toHex(conversation), JSON.stringify(seqs)).run();
}
