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
import type { MessageRecord } from "../store/records.ts";
import type { Understood } from "./understand.ts";

/** Finds a message by its device and number (M6). */
export type FindNumbered = (device: Uint8Array, deviceSeq: number) => NumberedMessage | undefined;

const keyOf = (device: Uint8Array, deviceSeq: number): string =>
  `${toBase64url(device)}/${deviceSeq}`;

function addNumbered(found: Map<string, NumberedMessage>, rows: readonly MessageRecord[]): void {
  for (const row of rows) {
    if (row.type === "message") found.set(keyOf(row.device, row.deviceSeq), row);
  }
}

const findIn =
  (found: ReadonlyMap<string, NumberedMessage>): FindNumbered =>
  (device, deviceSeq) =>
    found.get(keyOf(device, deviceSeq));

export function numberedAmong(rows: readonly MessageRecord[]): FindNumbered {
  const found = new Map<string, NumberedMessage>();
  addNumbered(found, rows);
  return findIn(found);
}

/** M6: a message against all that are stored. */
export const judgeStored = (
  find: FindNumbered,
  message: DeviceMessage,
): "new" | "duplicate" | "fork" =>
  judgeAmong((deviceSeq) => find(message.device, deviceSeq), message);

type NeedsLookUp = (ends: ChainEnds, message: DeviceMessage) => boolean;

/** Forwards in the log, a number below the newest. */
export const isBelowNewest: NeedsLookUp = (ends, message) => judgeNext(ends, message) === "look-up";
/** Backwards, a number that is not below the oldest. */
export const isNotOlder: NeedsLookUp = (ends, message) =>
  judgeOlder(ends, message).kind === "look-up";

/**
 * M6: rows without the replays that only stored messages tell from forks. It comes before the transaction, which
 * may await nothing else; whether the rest fits is judged in it, and what still needs a look-up there is a fork.
 */
export async function withoutReplays(
  own: ThisDevice,
  before: ChainEnds,
  rows: readonly Understood[],
  needsLookUp: NeedsLookUp,
  stored: () => Promise<readonly MessageRecord[]>,
): Promise<readonly Understood[]> {
  const kept: Understood[] = [];
  let ends = before;
  /** all that is stored and what is kept of these, once a look-up needs it: not anew for each of many replays */
  let known: Map<string, NumberedMessage> | null = null;
  for (const understood of rows) {
    const { seq, row } = understood;
    if (row.type === "message" && !equalBytes(row.device, own.device)) {
      if (needsLookUp(ends, row)) {
        if (!known) {
          known = new Map();
          addNumbered(known, await stored());
          addNumbered(
            known,
            kept.map((one) => one.row),
          );
        }
        if (judgeStored(findIn(known), row) === "duplicate") continue;
      } else ends = withMessageInChain(ends, seq, row);
    }
    kept.push(understood);
    if (known) addNumbered(known, [row]);
  }
  return kept;
}
