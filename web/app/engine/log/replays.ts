import { equalBytes, toBase64url } from "../../../../workers/protocol/bytes.ts";
import {
  type DeviceLink,
  type Link,
  type Links,
  judgeAmong,
  judgeNext,
  judgeOlder,
  withLink,
} from "../../../core/messages/chain.ts";
import type { Own } from "../conversation/log-transitions.ts";
import type { MessageRecord } from "../store/records.ts";
import type { Understood } from "./understand.ts";

/** Finds a message by its device and number (M6). */
export type FindLink = (device: Uint8Array, deviceSeq: number) => Link | undefined;

const keyOf = (device: Uint8Array, deviceSeq: number): string =>
  `${toBase64url(device)}/${deviceSeq}`;

export function linksAmong(rows: readonly MessageRecord[]): FindLink {
  const links = new Map<string, Link>();
  for (const row of rows) {
    if (row.type === "message") links.set(keyOf(row.device, row.deviceSeq), row);
  }
  return (device, deviceSeq) => links.get(keyOf(device, deviceSeq));
}

/** M6: a message against all that are stored. */
export const judgeStored = (find: FindLink, link: DeviceLink): "new" | "duplicate" | "fork" =>
  judgeAmong((deviceSeq) => find(link.device, deviceSeq), link);

type NeedsLookUp = (links: Links, link: DeviceLink) => boolean;

/** Forwards in the log, a number below the newest. */
export const isBelowNewest: NeedsLookUp = (links, link) => judgeNext(links, link) === "look-up";
/** Backwards, a number that is not below the oldest. */
export const isNotOlder: NeedsLookUp = (links, link) => judgeOlder(links, link).kind === "look-up";

/**
 * M6: rows without the replays that only stored messages tell from forks. It comes before the transaction, which
 * may await nothing else; whether the rest fits is judged in it, and what still needs a look-up there is a fork.
 */
export async function withoutReplays(
  own: Own,
  before: Links,
  rows: readonly Understood[],
  needsLookUp: NeedsLookUp,
  stored: () => Promise<readonly MessageRecord[]>,
): Promise<readonly Understood[]> {
  const kept: Understood[] = [];
  let links = before;
  let known: readonly MessageRecord[] | null = null;
  for (const understood of rows) {
    const { seq, row } = understood;
    if (row.type === "message" && !equalBytes(row.device, own.device)) {
      if (needsLookUp(links, row)) {
        known ??= await stored();
        const find = linksAmong([...known, ...kept.map((one) => one.row)]);
        if (judgeStored(find, row) === "duplicate") continue;
      } else links = withLink(links, seq, row);
    }
    kept.push(understood);
  }
  return kept;
}
