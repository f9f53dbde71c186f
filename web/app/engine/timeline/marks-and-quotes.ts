import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { mayAnswer } from "../../../core/messages/content.ts";
import type { Mark } from "../../../core/messages/effects.ts";
import {
  type MessageRecord,
  type MessageRow,
  type OutboxRecord,
  marksRecord,
  messageRecord,
} from "../store/records.ts";
import type { Placed } from "../store/placed.ts";
import type { Store } from "../store/store.ts";

/** What the rows of a timeline are shown with: marks by place, and quoted rows that are not among them (M5). */
export interface MarksAndQuotes {
  readonly marks: ReadonlyMap<number, readonly Mark[]>;
  readonly quoted: ReadonlyMap<number, MessageRecord>;
}

export const NO_MARKS_OR_QUOTES: MarksAndQuotes = { marks: new Map(), quoted: new Map() };

const repliedTo = (body: MessageRow["body"]): number[] =>
  mayAnswer(body) && body.reply ? [body.reply.seq] : [];

/** Places outside of these rows that they, or what waits, quote. */
export function quotedOutside(
  rows: readonly Placed<MessageRecord>[],
  outbox: readonly OutboxRecord[],
): ReadonlySet<number> {
  const wanted = new Set<number>();
  for (const { row } of rows) {
    if (row.type !== "message") continue;
    for (const seq of repliedTo(row.body)) wanted.add(seq);
  }
  for (const { body } of outbox) for (const seq of repliedTo(body)) wanted.add(seq);
  for (const { seq } of rows) wanted.delete(seq);
  return wanted;
}

/** What rows are shown with: the marks at their places, and the quoted rows that are not among them, read here. */
export async function readMarksAndQuotes(
  store: Store,
  id: ConversationId,
  {
    rows,
    marks: here,
  }: {
    readonly rows: readonly Placed<MessageRecord>[];
    readonly marks: readonly Placed<{ readonly marks: readonly Mark[] }>[];
  },
  outbox: readonly OutboxRecord[],
): Promise<MarksAndQuotes> {
  const marks = new Map(here.map(({ seq, row }) => [seq, row.marks]));
  const quoted = new Map<number, MessageRecord>();
  for (const seq of quotedOutside(rows, outbox)) {
    const [row, marked] = await Promise.all([
      store.read("messages", [id, seq], messageRecord),
      store.read("marks", [id, seq], marksRecord),
    ]);
    if (row) quoted.set(seq, row);
    if (marked) marks.set(seq, marked.marks);
  }
  return { marks, quoted };
}
