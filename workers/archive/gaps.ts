import * as z from "zod/mini";
import { toHex } from "./hex.ts";

/** Places of a log, both ends included. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

const rows = z.array(z.object({ from: z.int(), to: z.int() }));

/** Walks the primary key once. A thousand gaps at a time: what is filled is not found again. */
const GAPS = `
SELECT seq + 1 AS "from", next - 1 AS "to" FROM (
  SELECT seq, lead(seq, 1, ?3 + 1) OVER (ORDER BY seq) AS next FROM (
    SELECT ?2 - 1 AS seq UNION ALL
    SELECT seq FROM envelopes WHERE conversation = unhex(?1) AND seq BETWEEN ?2 AND ?3
  )
) WHERE next > seq + 1 ORDER BY seq LIMIT 1000`;

/** Places of a part of the log that this shard does not have, by seq. */
export async function archiveGaps(
  shard: D1Database,
  conversation: Uint8Array,
  { from, to }: Gap,
): Promise<Gap[]> {
  const { results } = await shard.prepare(GAPS).bind(toHex(conversation), from, to).all();
  return rows.parse(results);
}
