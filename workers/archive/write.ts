import { toHex } from "./hex.ts";

/** One item of the log on its way to D1; a bundle has neither account nor body. */
export interface ArchivedItem {
  readonly seq: number;
  readonly at: number;
  readonly account: Uint8Array | null;
  readonly body: Uint8Array | null;
}

/** One statement, so all or nothing; INSERT OR IGNORE, so that a repetition changes nothing (decision "durable log"). */
const WRITE = `
INSERT OR IGNORE INTO envelopes (conversation, seq, at, account, body)
SELECT unhex(?1), value ->> 0, value ->> 1, unhex(value ->> 2), unhex(value ->> 3) FROM json_each(?2)`;

/**
 * Writes items of one conversation. Bytes travel as hex in one JSON text: D1 would carry each BLOB parameter
 * as an array of numbers, and building those costs the object's thread milliseconds.
 */
export async function writeArchive(
  shard: D1Database,
  conversation: Uint8Array,
  items: readonly ArchivedItem[],
): Promise<void> {
  const rows = items.map(({ seq, at, account, body }) => [
    seq,
    at,
    account && toHex(account),
    body ? toHex(body) : "",
  ]);
  await shard.prepare(WRITE).bind(toHex(conversation), JSON.stringify(rows)).run();
}
