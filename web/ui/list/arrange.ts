import type { ConversationSummary } from "../../app/view.ts";

export const CHIPS = ["all", "waiting", "unread", "archived"] as const;
/** Which conversations the list shows. */
export type Chip = (typeof CHIPS)[number];

/** Letters as they are compared: without accents and capitals. */
const fold = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Emoji count as letters: some people mark names with them. */
const wordsOf = (text: string): string[] =>
  fold(text)
    .split(/[^\p{L}\p{N}\p{So}]+/u)
    .filter((word) => word !== "");

/** Whether every word that was typed begins some word of the name. */
export function matches(title: string, query: string): boolean {
  const words = wordsOf(title);
  return wordsOf(query).every((typed) => words.some((word) => word.startsWith(typed)));
}

/** A muted conversation is no part of what asks for attention, but the person who wrote in it still waits. */
function belongs(row: ConversationSummary, chip: Chip): boolean {
  switch (chip) {
    case "all":
      return !row.archived;
    case "waiting":
      return !row.archived && row.waitingForYou;
    case "unread":
      return !row.archived && !row.muted && row.unread > 0;
    case "archived":
      return row.archived;
  }
}

/** Pinned ones first, then by activity; equal times by id, so that the order never flickers. */
const inOrder = (a: ConversationSummary, b: ConversationSummary): number =>
  Number(b.pinned) - Number(a.pinned) || b.lastAt - a.lastAt || (a.id < b.id ? -1 : 1);

/** What the list shows, from the top. */
export const arrange = (
  rows: readonly ConversationSummary[],
  chip: Chip,
  query: string,
): readonly ConversationSummary[] =>
  rows.filter((row) => belongs(row, chip) && matches(row.title, query)).sort(inOrder);

export type Counts = Readonly<Record<Chip, number>>;

/** How many conversations each chip has. */
export function countsOf(rows: readonly ConversationSummary[]): Counts {
  const of = (chip: Chip): number => rows.filter((row) => belongs(row, chip)).length;
  return { all: of("all"), waiting: of("waiting"), unread: of("unread"), archived: of("archived") };
}
