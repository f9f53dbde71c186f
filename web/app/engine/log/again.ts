import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import type { LogItem } from "../../../../workers/protocol/frames.ts";
import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { deletedThere } from "../../../core/messages/effects.ts";
import { CONVERSATION_STORES, keptOf, openKeptIn } from "../conversation/keep.ts";
import type { KeptConversation } from "../conversation/kept.ts";
import { type Library, headN } from "../conversation/library.ts";
import {
  type ThisDevice,
  messageChained,
  placeFilledWith,
} from "../conversation/log-transitions.ts";
import { hasPlace } from "../conversation/place-ranges.ts";
import { readingOpened } from "../conversation/reading-transitions.ts";
import {
  isProven,
  logRetracted,
  placeFilled,
  sendingStopped,
} from "../conversation/standstill-transitions.ts";
import type { Deps } from "../store/deps.ts";
import { type Placed, placedOf } from "../store/placed.ts";
import {
  type MessageRecord,
  type MessageRow,
  marksRecord,
  messageRecord,
} from "../store/records.ts";
import type { Writer } from "../store/store.ts";
import { MARK_STORES, putMessage } from "./marks.ts";
import { withHole, withoutHole } from "./missing.ts";
import { isVouchedRow } from "./occupied.ts";
import { freed, newsHere } from "./place.ts";
import type { RefusedRows } from "./refused-rows.ts";
import { withoutRefusedRows } from "./refused-rows.ts";
import { type Numbered, addNumbered, findIn, judgeStored, numbered } from "./replays.ts";
import { notBefore } from "./sent-at.ts";
import { type UnderstandContext, type Understood, understand } from "./understand.ts";
import { withStanding } from "./wants.ts";
import { withHead } from "./with-head.ts";

interface Shared {
  readonly deps: Deps;
  readonly library: Library;
  readonly context: () => UnderstandContext;
  readonly own: () => ThisDevice;
  readonly changed: (id: ConversationId) => void;
}

const STORES = [...CONVERSATION_STORES, "messages", ...MARK_STORES, "bundles"] as const;
/** Deletions are looked for in ranges up to this long: a longer one is no deletion's hole. */
const NAMED_RANGE = 64;

/** The stored messages of a device just before and just after this number. */
function neighbours(known: readonly Placed<MessageRecord>[], row: MessageRow) {
  let before: Placed<MessageRow> | null = null;
  let after: Placed<MessageRow> | null = null;
  for (const { seq, row: one } of known) {
    if (one.type !== "message" || !equalBytes(one.device, row.device)) continue;
    if (one.deviceSeq < row.deviceSeq && one.deviceSeq > (before?.row.deviceSeq ?? 0)) {
      before = { seq, row: one };
    }
    if (one.deviceSeq > row.deviceSeq && one.deviceSeq < (after?.row.deviceSeq ?? Infinity)) {
      after = { seq, row: one };
    }
  }
  return { before, after };
}

/** M6: the row after it misses what is still between, whatever it missed before. */
async function mendHole(
  writer: Writer,
  id: ConversationId,
  { seq, row }: Placed<MessageRow>,
  deviceSeq: number,
): Promise<void> {
  // Written meanwhile by what it wants of others (M5).
  const stored = await writer.get("messages", [id, seq], messageRecord);
  if (stored?.type !== "message") return;
  const mended =
    row.deviceSeq === deviceSeq + 1
      ? withoutHole(stored)
      : await withHole(writer, id, seq, stored, deviceSeq + 1);
  await writer.put("messages", [id, seq], messageRecord, mended);
}

/** What is stored and what came so far. */
interface Known {
  readonly rows: Placed<MessageRecord>[];
  readonly numbers: Numbered;
}

/** One message that came for a place which had nothing, or nothing that anybody vouched for. */
async function fill(
  own: ThisDevice,
  { rows: known, numbers }: Known,
  writer: Writer,
  id: ConversationId,
  kept: KeptConversation,
  seq: number,
  message: MessageRow,
): Promise<KeptConversation> {
  const verdict = judgeStored(findIn(numbers), message);
  switch (verdict) {
    case "duplicate":
      await writer.delete("messages", [id, seq]);
      return placeFilled(kept, seq);
    case "fork":
      return sendingStopped(kept, "fork");
    case "new":
      break;
  }
  const isOwn = equalBytes(message.device, own.device);
  if (isOwn && kept.ownChain === "kept") return sendingStopped(kept, "cloned");
  const { before, after } = neighbours(known, message);
  const row = notBefore(message, before?.row.sentAt);
  const from = (before?.row.deviceSeq ?? 0) + 1;
  const misses = !isOwn && from < row.deviceSeq && (before !== null || kept.oldest === 1);
  const news = newsHere(own, row);
  const placed = misses ? await withHole(writer, id, seq, news, from) : news;
  const put = await putMessage(writer, own, id, kept, seq, placed);
  if (after) await mendHole(writer, id, after, row.deviceSeq);
  const filled = placeFilledWith(put.kept, seq, put.shown, own);
  return placeFilled(isOwn ? filled : messageChained(filled, seq, row), seq);
}

async function placeAgain(
  own: ThisDevice,
  known: Known,
  writer: Writer,
  id: ConversationId,
  before: KeptConversation,
  understood: Understood,
): Promise<KeptConversation> {
  const { seq, row } = understood;
  const { kept, isFree } = await freed(writer, id, before, understood);
  if (isProven(kept)) return kept;
  if (!isFree) {
    const stored = await writer.get("messages", [id, seq], messageRecord);
    return stored && isVouchedRow(stored) ? placeFilled(kept, seq) : kept;
  }
  if (row.type === "message") return fill(own, known, writer, id, kept, seq, row);
  await writer.put("messages", [id, seq], messageRecord, row);
  const placed = placeFilledWith(kept, seq, row, own);
  if (!isVouchedRow(row)) return placed;
  const next = placeFilled(placed, seq);
  return row.type === "quarantined" && row.reason === "fork" ? sendingStopped(next, "fork") : next;
}

/** M5: a place that a verified deletion names is not asked for again. */
async function withoutDeleted(
  writer: Writer,
  id: ConversationId,
  before: KeptConversation,
): Promise<KeptConversation> {
  let kept = before;
  for (const { from, to } of before.missed) {
    if (to - from >= NAMED_RANGE) continue;
    for (let seq = from; seq <= to; seq++) {
      const marks = await writer.get("marks", [id, seq], marksRecord);
      if (marks && deletedThere(marks.marks)) kept = placeFilled(kept, seq);
    }
  }
  return kept;
}

/**
 * C5, M6, M9: takes what came for places that are asked for again, and tries placeholders again with all that is
 * known by now. `isWhole`: nothing else waits, so that what was wanted has come where this leaves nothing to want.
 */
export async function again(
  shared: Shared,
  id: ConversationId,
  items: readonly LogItem[],
  isWhole: boolean,
): Promise<void> {
  const { deps, library, own } = shared;
  const record = await keptOf(deps.store, id);
  if (!record || isProven(record)) return;
  const span = { id, from: 0, to: Number.MAX_SAFE_INTEGER };
  const stored = placedOf(await deps.store.readAll("messages", messageRecord, span));
  const before = await library.chain(id);
  const asked = items.filter(
    (item) =>
      hasPlace(record.missed, item.seq) || ("bundle" in item && before.seqs.includes(item.seq)),
  );
  const waiting = stored.flatMap(({ seq, row }) =>
    row.type === "quarantined" && row.retry ? [{ seq, at: row.at, envelope: row.envelope }] : [],
  );
  const understood = await understand(shared.context(), id, before, [...asked, ...waiting]);
  const { chain } = understood;
  await withoutRefusedRows((refused: RefusedRows) =>
    deps.store.write(STORES, async (writer) => {
      const open = await openKeptIn(writer, id);
      // Another tab took some of this meanwhile: the next contact asks again.
      if (!open || open.kept.head !== headN(before) || isProven(open.kept)) return;
      const now = open.kept;
      const known: Known = { rows: [...stored], numbers: numbered(stored.map(({ row }) => row)) };
      let next = now;
      for (const row of understood.rows) {
        const one = refused.standIn(row);
        const kept = next;
        next = await refused.placing(one.seq, () =>
          placeAgain(own(), known, writer, id, kept, one),
        );
        if (isProven(next)) break;
        known.rows.push(one);
        addNumbered(known.numbers, [one.row]);
      }
      next = await withoutDeleted(writer, id, next);
      await library.writeChain(writer, id, chain, before);
      next = withHead(next, chain, own().account);
      if (!isProven(next)) {
        next = withStanding(next, understood, own().account, deps.now(), isWhole);
      }
      if (next.retryable < now.retryable) next = readingOpened(next, deps.now());
      await open.save(next);
    }),
  );
  library.keep(id, chain);
  shared.changed(id);
  // Bundles that came may open placeholders that came for other places.
  if (chain !== before) await again(shared, id, [], isWhole);
}

/**
 * M9: the server has nothing after `lastSeq`. Where nothing that is stored there was vouched for, it goes, and the
 * log goes on from what the server has. Whether it did.
 */
export async function retract(
  shared: Shared,
  id: ConversationId,
  cursor: number,
  lastSeq: number,
): Promise<boolean> {
  const { deps } = shared;
  const span = { id, from: lastSeq + 1, to: Number.MAX_SAFE_INTEGER };
  const rows = placedOf(await deps.store.readAll("messages", messageRecord, span));
  if (rows.length === 0 || rows.some(({ row }) => isVouchedRow(row))) return false;
  const done = await deps.store.write(STORES, async (writer) => {
    const open = await openKeptIn(writer, id);
    // What came meanwhile shows that the server has more by now.
    if (!open || open.kept.cursor !== cursor) return false;
    let retried = 0;
    for (const { seq } of rows) {
      const row = await writer.get("messages", [id, seq], messageRecord);
      if (row?.type === "quarantined" && row.retry) retried += 1;
      await writer.delete("messages", [id, seq]);
    }
    await open.save(logRetracted(open.kept, lastSeq, retried));
    return true;
  });
  if (done) shared.changed(id);
  return done;
}
