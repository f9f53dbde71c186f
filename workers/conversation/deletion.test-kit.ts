import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { toHex } from "../archive/hex.ts";
import { fromBase64url, toBase64url } from "../protocol/bytes.ts";
import { type LogItem, decodeLogItem } from "../protocol/frames.ts";
import { type Pair, type Scene, type Writer, open, seedPair } from "./scene.test-kit.ts";

export const path = ({ conversation }: Scene) => ({ conversation: toBase64url(conversation) });

export const ask = async (
  who: Writer,
  scene: Scene,
  seq: number,
  deletion: number,
): Promise<string> => {
  const { browser } = who.person;
  const body = { seq, deletion };
  return (await browser.call("deletions", { params: path(scene), body })).outcome;
};

/** Places of a page of the log that hold an envelope. */
export async function logged(
  who: Writer,
  scene: Scene,
  query: Record<string, string>,
): Promise<number[]> {
  const answer = await who.person.browser.call("log", { params: path(scene), query });
  const items = (answer.result?.items ?? []).map(
    (text): LogItem => decodeLogItem(fromBase64url(text)),
  );
  return items.flatMap((item) => ("envelope" in item ? [item.seq] : []));
}

/** Bytes that D1 has at a place; null: no row. */
export async function archivedSize({ conversation }: Scene, seq: number): Promise<number | null> {
  const row = await env.ARCHIVE_0.prepare(
    "SELECT length(body) AS size FROM envelopes WHERE conversation = unhex(?) AND seq = ?",
  )
    .bind(toHex(conversation), seq)
    .first<{ size: number }>();
  return row?.size ?? null;
}

/** Whether any row of the object, released ones included, has this place's ciphertext. */
export const isHeld = ({ stub }: Scene, seq: number): Promise<boolean> =>
  runInDurableObject(
    stub,
    (_, { storage }) =>
      storage.sql.exec("SELECT 1 FROM tail WHERE seq = ? AND body IS NOT NULL", seq).toArray()
        .length > 0,
  );

export const isDue = ({ stub }: Scene): Promise<number> =>
  runInDurableObject(
    stub,
    (_, { storage }) => storage.sql.exec("SELECT seq FROM erasures").toArray().length,
  );

/** The owner has written 3 (to be deleted), 4 and 5 (which says so); the patient 6. */
export async function scene(): Promise<Pair> {
  const pair = await seedPair();
  const [one, two] = [await open(pair.owner, pair), await open(pair.patient, pair)];
  one.send(...pair.owner.writeMany(pair.head, 3));
  await one.untilAcked(3);
  two.send(pair.patient.write(pair.head));
  await two.untilAcked(1);
  return pair;
}
