import { messageIdText } from "../../../../workers/protocol/ids.ts";
import { isNamed } from "../../../core/messages/effects.ts";
import { type Target, isAbout } from "../../../core/messages/content.ts";
import type { ProblemCode } from "../../view.ts";
import type { Delivery, PendingChange } from "../../timeline.ts";
import type { MessageRow, OutboxRecord } from "../store/records.ts";

/** How far a message of the outbox has come. */
export function pendingDelivery(entry: OutboxRecord): Delivery {
  switch (entry.state.state) {
    case "queued":
    case "uploading":
    case "unanswered":
      return { state: "queued" };
    case "assigned":
      return { state: "sending" };
    case "failed":
      // Written by this device as one of the closed list.
      return { state: "failed", problem: entry.state.problem as ProblemCode };
  }
}

/** What this device wants of one message and the server does not have yet (M5). */
export interface Pending {
  /** the newest that did not fail of each; undefined: none */
  readonly edit: { readonly text: string; readonly at: number } | undefined;
  readonly deletedAt: number | undefined;
  readonly emoji: string | null | undefined;
  /** what a person can do something about: what failed, else the newest */
  readonly change: PendingChange | null;
}

export const NOTHING_PENDING: Pending = {
  edit: undefined,
  deletedAt: undefined,
  emoji: undefined,
  change: null,
};

/** Entries of the outbox that are about another message, by its place. */
export type Wanted = ReadonlyMap<number, readonly OutboxRecord[]>;

const targetOf = ({ body }: OutboxRecord): Target | null => (isAbout(body) ? body.target : null);

export function wantedOf(outbox: readonly OutboxRecord[]): Wanted {
  const wanted = new Map<number, OutboxRecord[]>();
  for (const entry of outbox) {
    const target = targetOf(entry);
    if (!target) continue;
    const others = wanted.get(target.seq);
    if (others) others.push(entry);
    else wanted.set(target.seq, [entry]);
  }
  return wanted;
}

const withChange = (pending: Pending, entry: OutboxRecord, what: PendingChange["what"]): Pending =>
  pending.change?.delivery.state === "failed"
    ? pending
    : {
        ...pending,
        change: { id: messageIdText(entry.messageId), what, delivery: pendingDelivery(entry) },
      };

/** One more entry, in the order of writing. A failed one changes nothing but what is said about it. */
function withEntry(pending: Pending, entry: OutboxRecord): Pending {
  const { body, createdAt: at } = entry;
  const isHoped = entry.state.state !== "failed";
  if (!isAbout(body)) return pending;
  switch (body.kind) {
    case "edit":
      return withChange(
        isHoped ? { ...pending, edit: { text: body.text, at } } : pending,
        entry,
        "edit",
      );
    case "deletion":
      return withChange(isHoped ? { ...pending, deletedAt: at } : pending, entry, "deletion");
    case "reaction":
      return withChange(isHoped ? { ...pending, emoji: body.emoji } : pending, entry, "reaction");
  }
}

/** What is under way about the message that stands at this place. */
export function pendingOn(wanted: Wanted, seq: number, row: MessageRow): Pending {
  let pending = NOTHING_PENDING;
  for (const entry of wanted.get(seq) ?? []) {
    const target = targetOf(entry);
    if (target && isNamed(target, row)) pending = withEntry(pending, entry);
  }
  return pending;
}
