import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { equalBytes, toBase64url } from "../../../../workers/protocol/bytes.ts";
import {
  HOLE_CAP,
  type Hole,
  type Named,
  holeSize,
  isExcused,
} from "../../../core/messages/effects.ts";
import type { Target } from "../../../core/messages/content.ts";
import {
  type MessageRow,
  type NumberRecord,
  messageRecord,
  numberRecord,
} from "../store/records.ts";
import type { Store, Writer } from "../store/store.ts";

/** What deletions of one account may say of one number; honest ones say it once. */
const NAMED_CAP = 16;

const numbersOf = (id: ConversationId, device: Uint8Array): string =>
  `${id}/${toBase64url(device)}`;

const readNumber = async (
  writer: Writer,
  id: ConversationId,
  device: Uint8Array,
  deviceSeq: number,
): Promise<NumberRecord> =>
  (await writer.get("numbers", [numbersOf(id, device), deviceSeq], numberRecord)) ?? {
    named: [],
    missedBy: null,
  };

/** M6: whether deletions name all that is missing. */
async function excused(writer: Writer, id: ConversationId, hole: Hole): Promise<boolean> {
  const { from, next } = hole;
  if (holeSize(hole) > HOLE_CAP) return false;
  const named = new Map<number, readonly Named[]>();
  for (let at = from; at < next.deviceSeq; at++) {
    named.set(at, (await readNumber(writer, id, next.device, at)).named);
  }
  return isExcused(hole, (deviceSeq) => named.get(deviceSeq) ?? []);
}

/** M6: the row with what is said before it: "a message is missing", unless it was deleted (M5). */
export async function withHole(
  writer: Writer,
  id: ConversationId,
  seq: number,
  row: MessageRow,
  from: number,
): Promise<MessageRow> {
  const hole = { from, next: row };
  const missingBefore = !(await excused(writer, id, hole));
  if (holeSize(hole) <= HOLE_CAP) {
    // A deletion that comes later has to find the row that misses what it names.
    for (let at = from; at < row.deviceSeq; at++) {
      const number = await readNumber(writer, id, row.device, at);
      const key: [string, number] = [numbersOf(id, row.device), at];
      await writer.put("numbers", key, numberRecord, { ...number, missedBy: seq });
    }
  }
  return { ...row, missingBefore, missingFrom: from };
}

/** M6: nothing is missing before it. */
export function withoutHole(row: MessageRow): MessageRow {
  const { missingFrom: _, ...rest } = row;
  return { ...rest, missingBefore: false };
}

const isIn = ({ named }: NumberRecord, account: Uint8Array, digest: Uint8Array): boolean =>
  named.some((one) => equalBytes(one.account, account) && equalBytes(one.digest, digest));

/** M5: whether a deletion of this account names it. */
export const isDeletionOf = async (
  store: Pick<Store, "read">,
  id: ConversationId,
  account: Uint8Array,
  { device, deviceSeq, digest }: Pick<Target, "device" | "deviceSeq" | "digest">,
): Promise<boolean> => {
  const number = await store.read("numbers", [numbersOf(id, device), deviceSeq], numberRecord);
  return number !== null && isIn(number, account, digest);
};

/** M5, M6: notes what a deletion names, and looks again at the row that misses it. */
export async function nameDeleted(
  writer: Writer,
  id: ConversationId,
  account: Uint8Array,
  { device, deviceSeq, digest }: Target,
): Promise<void> {
  const number = await readNumber(writer, id, device, deviceSeq);
  if (isIn(number, account, digest)) return;
  // Each account by itself: what others make up leaves no less room for what its author says.
  const said = number.named.filter((one) => equalBytes(one.account, account));
  if (said.length >= NAMED_CAP) return;
  const named = [...number.named, { account, digest }];
  await writer.put("numbers", [numbersOf(id, device), deviceSeq], numberRecord, {
    ...number,
    named,
  });
  if (number.missedBy === null) return;
  const row = await writer.get("messages", [id, number.missedBy], messageRecord);
  if (row?.type !== "message" || row.missingFrom === undefined || !row.missingBefore) return;
  if (!(await excused(writer, id, { from: row.missingFrom, next: row }))) return;
  await writer.put("messages", [id, number.missedBy], messageRecord, {
    ...row,
    missingBefore: false,
  });
}
