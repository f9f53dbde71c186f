import * as z from "zod/mini";
import { fromHex, toHex } from "./hex.ts";

export interface ArchivedEnvelope {
  readonly seq: number;
  readonly at: number;
  readonly envelope: Uint8Array;
}

export interface Range {
  readonly from: number;
  /** inclusive */
  readonly to: number;
  /** when not everything fits: keep the oldest or the newest */
  readonly keep: "oldest" | "newest";
}

const rows = z.array(z.object({ seq: z.int(), at: z.int(), body: z.string() }));
const found = z.array(z.object({ seq: z.nullable(z.int()) }));

/** The running sum cuts the page at its bytes inside D1; markers of bundles (empty bodies) are not read. */
const page = (order: "ASC" | "DESC") => `
SELECT seq, at, hex(body) AS body FROM (
  SELECT seq, at, body, sum(length(body)) OVER (ORDER BY seq ${order}) - length(body) AS before
  FROM envelopes WHERE conversation = unhex(?1) AND seq BETWEEN ?2 AND ?3
) WHERE before < ?4 AND length(body) > 0 ORDER BY seq`;

export const PAGES = { oldest: page("ASC"), newest: page("DESC") } as const;

export interface ArchivedPage {
  /** by seq */
  readonly envelopes: readonly ArchivedEnvelope[];
  /** not everything fitted */
  readonly isCut: boolean;
}

/** Envelopes of a range of the log, about `bytes` of them and at least one. */
export async function readArchive(
  shard: D1Database,
  conversation: Uint8Array,
  range: Range,
  bytes: number,
): Promise<ArchivedPage> {
  const { results } = await shard
    .prepare(PAGES[range.keep])
    .bind(toHex(conversation), range.from, range.to, bytes)
    .all();
  const envelopes = rows
    .parse(results)
    .map(({ seq, at, body }) => ({ seq, at, envelope: fromHex(body) }));
  const total = envelopes.reduce((sum, { envelope }) => sum + envelope.length, 0);
  // A row is left out only when those before it fill the page.
  return { envelopes, isCut: total >= bytes };
}

/** `at` of the item in the middle of lo..hi; where that one was purged, of the next one there is. */
const MIDDLE = `(
  SELECT at FROM envelopes
  WHERE conversation = unhex(?1) AND seq >= (lo + hi) / 2 ORDER BY seq LIMIT 1
)`;

/** First seq at or after a time, by bisection of the primary key: `at` never falls along seq. */
export const FIND_TIME = `
WITH RECURSIVE bounds(lo, hi) AS (
  SELECT 1, (SELECT seq + 1 FROM envelopes WHERE conversation = unhex(?1) ORDER BY seq DESC LIMIT 1)
  UNION ALL
  SELECT iif(${MIDDLE} >= ?2, lo, (lo + hi) / 2 + 1), iif(${MIDDLE} >= ?2, (lo + hi) / 2, hi)
  FROM bounds WHERE lo < hi
)
SELECT (
  SELECT seq FROM envelopes WHERE conversation = unhex(?1) AND seq >= lo ORDER BY seq LIMIT 1
) AS seq FROM bounds WHERE lo >= hi LIMIT 1`;

/** First archived seq whose time is not before `time`; null if all of them are earlier. */
export async function findTime(
  shard: D1Database,
  conversation: Uint8Array,
  time: number,
): Promise<number | null> {
  const { results } = await shard.prepare(FIND_TIME).bind(toHex(conversation), time).all();
  return found.parse(results)[0]?.seq ?? null;
}
