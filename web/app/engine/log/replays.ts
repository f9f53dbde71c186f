import { equalBytes, toBase64url } from "../../../../workers/protocol/bytes.ts";
import {
  type DeviceMessage,
  type NumberedMessage,
  type ChainEnds,
  judgeAmong,
  judgeNext,
  judgeOlder,
  withMessageInChain,
} from "../../../core/messages/chain.ts";
import type { ThisDevice } from "../conversation/log-transitions.ts";
import type { KeptConversation } from "../conversation/kept.ts";
import type { MessageRecord, MessageRow } from "../store/records.ts";
import type { Understood } from "./understand.ts";

/** Finds a message by its device and number (M6). */
export type FindNumbered = (device: Uint8Array, deviceSeq: number) => NumberedMessage | undefined;

const keyOf = (device: Uint8Array, deviceSeq: number): string =>
  `${toBase64url(device)}/${deviceSeq}`;

/** Messages by device and number. */
export type Numbered = Map<string, NumberedMessage>;

export function addNumbered(found: Numbered, rows: readonly MessageRecord[]): void {
  for (const row of rows) {
    if (row.type === "message") found.set(keyOf(row.device, row.deviceSeq), row);
  }
}

export const findIn =
  (found: Numbered): FindNumbered =>
  (device, deviceSeq) =>
    found.get(keyOf(device, deviceSeq));

export function numbered(rows: readonly MessageRecord[]): Numbered {
  const found: Numbered = new Map();
  addNumbered(found, rows);
  return found;
}

/** M6: a message against all that are stored. */
export const judgeStored = (
  find: FindNumbered,
  message: DeviceMessage,
): "new" | "duplicate" | "fork" =>
  judgeAmong((deviceSeq) => find(message.device, deviceSeq), message);

/** M6: what is kept of a conversation, as far as replays go by it. */
type Replayed = ChainEnds & Pick<KeptConversation, "acknowledged" | "own" | "ownChain">;

type NeedsLookUp = (ends: ChainEnds, message: DeviceMessage) => boolean;

/** Forwards in the log, a number below the newest. */
export const isBelowNewest: NeedsLookUp = (ends, message) => judgeNext(ends, message) === "look-up";
/** Backwards, a number that is not below the oldest. */
export const isNotOlder: NeedsLookUp = (ends, message) =>
  judgeOlder(ends, message).kind === "look-up";

/** Whether an own message was acknowledged before; others are settled by the outbox. */
const mayBeKnown = ({ acknowledged, own, ownChain }: Replayed, row: MessageRow): boolean =>
  row.deviceSeq <= (ownChain === "found" ? own.deviceSeq : acknowledged.deviceSeq);

/**
 * M6: rows without the replays that only stored messages tell from forks. It comes before the transaction, which
 * may await nothing else; whether the rest fits is judged in it, and what still needs a look-up there is a fork.
 */
export async function withoutReplays(
  own: ThisDevice,
  before: Replayed,
  rows: readonly Understood[],
  needsLookUp: NeedsLookUp,
  stored: () => Promise<readonly MessageRecord[]>,
): Promise<readonly Understood[]> {
  const kept: Understood[] = [];
  let ends: ChainEnds = before;
  /** all that is stored and what is kept of these, once a look-up needs it: not anew for each of many replays */
  let known: Numbered | null = null;
  for (const understood of rows) {
    const { seq, row } = understood;
    if (row.type === "message") {
      const isOwn = equalBytes(row.device, own.device) && before.ownChain !== "sought";
      if (isOwn ? mayBeKnown(before, row) : needsLookUp(ends, row)) {
        if (!known) {
          known = numbered(await stored());
          addNumbered(
            known,
            kept.map((one) => one.row),
          );
        }
        const twin = findIn(known)(row.device, row.deviceSeq);
        if (twin && equalBytes(twin.digest, row.digest)) continue;
      } else if (!isOwn) ends = withMessageInChain(ends, seq, row);
    }
    kept.push(understood);
    if (known) addNumbered(known, [row]);
  }
  return kept;
}
