import { equalBytes } from "../../../workers/protocol/bytes.ts";
import { decodeEnvelope, decodeEnvelopeHeader } from "../../../workers/protocol/envelope.ts";
import type { CatchUp } from "./catch-up.ts";
import type { Deps } from "./deps.ts";
import type { Library } from "./library.ts";
import type { Outbox } from "./outbox.ts";
import { type MessageRecord, conversationRecord, messageRecord, outboxRecord } from "./records.ts";

interface Surroundings {
  readonly deps: Deps;
  readonly library: Library;
  readonly catchUp: CatchUp;
  readonly outbox: Outbox;
  readonly me: { readonly account: Uint8Array };
  readonly changed: (id: string) => void;
}

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
 * What a former device of this account transmitted and got no answer for (M6): where the log has it, it has
 * arrived and leaves the outbox; where the log is here up to now and has it not, it is queued anew. True when that
 * is settled, false when it cannot be told yet. Throws what the network throws.
 */
export async function settleUnanswered(around: Surroundings, id: string): Promise<boolean> {
  const { deps, library, catchUp, outbox } = around;
  const places = (await outbox.entries(id)).flatMap(({ entry }) =>
    entry.state.state === "unanswered" ? [entry.state.after] : [],
  );
  if (places.length === 0) return false;
  const after = Math.min(...places);
  await catchUp.newer(id);
  for (let last = Infinity; ; ) {
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
  await deps.store.write(["conversations", "outbox"], async (writer) => {
    const record = await writer.get("conversations", id, conversationRecord);
    if (!record) return;
    const left: number[] = [];
    for (const order of record.outbox) {
      const entry = await writer.get("outbox", [id, order], outboxRecord);
      const isUnanswered = entry?.state.state === "unanswered";
      if (isUnanswered && arrived.some((one) => equalBytes(one, entry.messageId))) {
        await writer.delete("outbox", [id, order]);
        continue;
      }
      if (isUnanswered) {
        await writer.put("outbox", [id, order], { ...entry, state: { state: "queued" } });
      }
      left.push(order);
    }
    await writer.put("conversations", id, { ...record, outbox: left });
  });
  around.changed(id);
  return true;
}
