import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import type { ChainEnds } from "../../../core/messages/chain.ts";
import { isAbout } from "../../../core/messages/content.ts";
import { placedOf } from "../store/placed.ts";
import { type MessageRow, marksRecord, messageRecord } from "../store/records.ts";
import type { Writer } from "../store/store.ts";
import type { Understood } from "./understand.ts";

/** M5: a device's clock never goes back in what it signs: a time before its last one's counts as that one. */
export const notBefore = (row: MessageRow, floor: number | undefined): MessageRow =>
  floor === undefined || (row.sentAt ?? row.at) >= floor ? row : { ...row, sentAt: floor };

/** M5: the next message of a device, dated no earlier than the one before it. */
export function afterPredecessor({ tips }: Pick<ChainEnds, "tips">, row: MessageRow): MessageRow {
  const tip = tips[toBase64url(row.device)];
  return tip && row.deviceSeq > tip.deviceSeq ? notBefore(row, tip.sentAt) : row;
}

/** The latest time that each device signed, by base64url deviceId. */
type Floors = ReadonlyMap<string, number>;

/** M5: rows in order of seq, each dated no earlier than what its device wrote before it among these. */
export function datedInOrder(rows: readonly Understood[]): {
  readonly rows: readonly Understood[];
  readonly floors: Floors;
} {
  const floors = new Map<string, number>();
  const dated = rows.map((understood): Understood => {
    const { seq, row } = understood;
    if (row.type !== "message") return understood;
    const device = toBase64url(row.device);
    const next = notBefore(row, floors.get(device));
    floors.set(device, next.sentAt ?? next.at);
    return next === row ? understood : { seq, row: next };
  });
  return { rows: dated, floors };
}

/** What a message wants of another is judged by the time in its mark. */
async function redateMark(
  writer: Writer,
  id: ConversationId,
  seq: number,
  { body, sentAt }: MessageRow,
): Promise<void> {
  if (!isAbout(body) || sentAt === undefined) return;
  const place: [string, number] = [id, body.target.seq];
  const held = await writer.get("marks", place, marksRecord);
  if (!held?.marks.some((mark) => mark.seq === seq)) return;
  const marks = held.marks.map((mark) => (mark.seq === seq ? { ...mark, sentAt } : mark));
  await writer.put("marks", place, marksRecord, { marks });
}

/**
 * M5, read backwards: what stands after older messages is dated no earlier than these. Only a device that dates back
 * has such, and then what is stored is looked through once.
 */
export async function redateLater(
  writer: Writer,
  id: ConversationId,
  { firsts, oldest }: Pick<ChainEnds, "firsts" | "oldest">,
  older: Floors,
): Promise<void> {
  const late = new Map<string, number>();
  for (const [device, floor] of older) {
    const first = firsts[device];
    const row = first && (await writer.get("messages", [id, first.seq], messageRecord));
    if (row?.type === "message" && (row.sentAt ?? row.at) < floor) late.set(device, floor);
  }
  if (late.size === 0) return;
  const span = { id, from: oldest, to: Number.MAX_SAFE_INTEGER };
  for (const { seq, row } of placedOf(await writer.all("messages", messageRecord, span))) {
    if (row.type !== "message") continue;
    const next = notBefore(row, late.get(toBase64url(row.device)));
    if (next === row) continue;
    await writer.put("messages", [id, seq], messageRecord, next);
    await redateMark(writer, id, seq, next);
  }
}
