import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import { decodeEnvelope, decodeEnvelopeHeader } from "../../../../workers/protocol/envelope.ts";
import { KINDS } from "../../../core/messages/content.ts";
import type { ClientProblem } from "../../view.ts";
import type { CatchUp } from "../log/catch-up.ts";
import type { Deps } from "../store/deps.ts";
import type { Library } from "../conversation/library.ts";
import type { Outbox } from "./outbox.ts";
import { CONVERSATION_STORES, openKeptIn } from "../conversation/keep.ts";
import { entriesLeft } from "../conversation/sending-transitions.ts";
import { type Placed, placedOf } from "../store/placed.ts";
import { isDeletionOf } from "../log/missing.ts";
import {
  type MessageRecord,
  type OutboxRecord,
  messageRecord,
  outboxRecord,
} from "../store/records.ts";

interface Surroundings {
  readonly deps: Deps;
  readonly library: Library;
  readonly catchUp: CatchUp;
  readonly outbox: Outbox;
  readonly me: { readonly account: Uint8Array };
  readonly changed: (id: ConversationId) => void;
}

/** Pages read back at one time. */
const MOST_PAGES = 5_000;

type Sent = NonNullable<Extract<OutboxRecord["state"], { state: "unanswered" }>["sent"]>;

/** The id of the message at one place of the log, if this account wrote it; one that does not open has it as well. */
function ownMessageId(row: MessageRecord, account: Uint8Array): Uint8Array | null {
  switch (row.type) {
    case "message":
      return equalBytes(row.account, account) ? row.messageId : null;
    case "quarantined":
      try {
        const header = decodeEnvelopeHeader(decodeEnvelope(row.envelope).header);
        return equalBytes(header.account, account) ? header.messageId : null;
      } catch {
        return null;
      }
    case "bundle":
      return null;
  }
}

/**
 * Whether a place of the log after `after` has nothing, and no deletion says what was there: what was purged at the
 * server may have been the one that is looked for.
 */
function hasHole(rows: readonly Placed<MessageRecord>[], after: number, cursor: number): boolean {
  const known = new Set(rows.map(({ seq }) => seq));
  for (const { row } of rows) {
    if (row.type !== "message" || row.body.kind !== "deletion") continue;
    for (const { seq } of [row.body.target, ...(row.body.edits ?? [])]) known.add(seq);
  }
  for (let seq = after + 1; seq <= cursor; seq++) if (!known.has(seq)) return true;
  return false;
}

/** M6: whether its device wrote on: the server takes numbers in order, so that this one was taken before. */
const wroteOn = (rows: readonly Placed<MessageRecord>[], sent: Sent): boolean =>
  rows.some(
    ({ row }) =>
      row.type === "message" &&
      row.deviceSeq >= sent.deviceSeq &&
      equalBytes(row.device, sent.device),
  );

/** It is in the log or was, and nothing is to be sent; it never came there; or that cannot be told. */
type Verdict = "over" | "lost" | "unknown";

/** What was not answered and may be in the log, or have been, goes out again only as a person wishes. */
function nextState({ body }: OutboxRecord, verdict: "lost" | "unknown"): OutboxRecord["state"] {
  return verdict === "lost" || KINDS[body.kind].isRepeatable
    ? { state: "queued" }
    : { state: "failed", problem: "maybe_sent" satisfies ClientProblem };
}

/**
 * What a former device of this account transmitted and got no answer for (M6): where the log has it, it has
 * arrived and leaves the outbox, and so where the log shows that it had it, though it was deleted since (M5); where
 * the log is here without a hole and has it not, it is queued anew. With a hole that nobody explains it is kept as
 * failed, for the person to judge: nothing goes out twice. True when that is settled, false when it cannot be told
 * yet. Throws what the network throws.
 */
export async function settleUnanswered(around: Surroundings, id: ConversationId): Promise<boolean> {
  const { deps, library, catchUp, outbox } = around;
  const places = (await outbox.entries(id)).flatMap(({ entry }) =>
    entry.state.state === "unanswered" ? [entry.state.after] : [],
  );
  if (places.length === 0) return false;
  const after = Math.min(...places);
  await catchUp.newer(id);
  for (let last = Infinity, pages = 0; ; pages++) {
    // How far back it is by now is stored: the next time goes on from there.
    if (pages === MOST_PAGES) return false;
    const record = await library.record(id);
    if (!record || record.blocked) return false;
    if (record.oldest <= after + 1) break;
    // Nothing older came: a place that is out of reach might be the one.
    if (record.oldest >= last) return false;
    last = record.oldest;
    await catchUp.older(id);
  }
  const span = { id, from: after + 1, to: Number.MAX_SAFE_INTEGER };
  const rows = await deps.store.readAll("messages", messageRecord, span);
  const { account } = around.me;
  const arrived = rows.flatMap(({ value }) => ownMessageId(value, account) ?? []);
  const placed = placedOf(rows);
  const cursor = (await library.record(id))?.cursor ?? 0;
  const judge = async ({ messageId, body, state }: OutboxRecord): Promise<Verdict | null> => {
    if (state.state !== "unanswered") return null;
    if (arrived.some((one) => equalBytes(one, messageId))) return "over";
    const { sent } = state;
    if (sent && wroteOn(placed, sent)) return "over";
    // M5: deleted since, or an edit of what was deleted since.
    const gone = body.kind === "edit" ? [body.target] : [];
    for (const one of sent ? [sent, ...gone] : gone) {
      if (await isDeletionOf(deps.store, id, account, one)) return "over";
    }
    return hasHole(placed, state.after, cursor) ? "unknown" : "lost";
  };
  const verdicts = new Map<number, Verdict>();
  for (const { order, entry } of await outbox.entries(id)) {
    const verdict = await judge(entry);
    if (verdict) verdicts.set(order, verdict);
  }
  await deps.store.write([...CONVERSATION_STORES, "outbox"], async (writer) => {
    const open = await openKeptIn(writer, id);
    if (!open) return;
    const gone: number[] = [];
    for (const order of open.kept.outbox) {
      const entry = await writer.get("outbox", [id, order], outboxRecord);
      const verdict = entry?.state.state === "unanswered" ? verdicts.get(order) : undefined;
      if (verdict === "over") {
        await writer.delete("outbox", [id, order]);
        gone.push(order);
      } else if (entry && verdict) {
        await writer.put("outbox", [id, order], outboxRecord, {
          ...entry,
          state: nextState(entry, verdict),
        });
      }
    }
    await open.save(entriesLeft(open.kept, gone));
  });
  around.changed(id);
  return true;
}
