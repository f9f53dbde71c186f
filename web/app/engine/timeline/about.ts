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
import type { Store } from "../store/store.ts";

export interface PlacedRow {
  readonly seq: number;
  readonly row: MessageRecord;
}

export interface PlacedMarks {
  readonly seq: number;
  readonly row: { readonly marks: readonly Mark[] };
}

/** What the rows of a timeline are shown with: marks by place, and quoted rows that are not among them (M5). */
export interface About {
  readonly marks: ReadonlyMap<number, readonly Mark[]>;
  readonly quoted: ReadonlyMap<number, MessageRecord>;
}

export const NOTHING_ABOUT: About = { marks: new Map(), quoted: new Map() };

const repliedTo = (body: MessageRow["body"]): number[] =>
  mayAnswer(body) && body.reply ? [body.reply.seq] : [];

/** Places outside of these rows that they, or what waits, quote. */
export function quotedOutside(
  rows: readonly PlacedRow[],
  outbox: readonly OutboxRecord[],
): ReadonlySet<number> {
  const wanted = new Set<number>();
  for (const { row } of rows) {
    if (row.type !== "message") continue;
    for (const seq of repliedTo(row.body)) wanted.add(seq);
  }
  for (const { draft } of outbox) for (const seq of repliedTo(draft)) wanted.add(seq);
  for (const { seq } of rows) wanted.delete(seq);
  return wanted;
}

/** What rows are shown with: the marks at their places, and the quoted rows that are not among them, read here. */
export async function readAbout(
  store: Store,
  id: ConversationId,
  {
    rows,
    marks: here,
  }: { readonly rows: readonly PlacedRow[]; readonly marks: readonly PlacedMarks[] },
  outbox: readonly OutboxRecord[],
): Promise<About> {
  const marks = new Map(here.map(({ seq, row }) => [seq, row.marks]));
  const quoted = new Map<number, MessageRecord>();
  for (const seq of quotedOutside(rows, outbox)) {
    const [row, about] = await Promise.all([
      store.read("messages", [id, seq], messageRecord),
      store.read("marks", [id, seq], marksRecord),
    ]);
    if (row) quoted.set(seq, row);
    if (about) marks.set(seq, about.marks);
  }
  return { marks, quoted };
}
