import type { ConversationRecord } from "../store/records.ts";

/** How long what arrives right after opening may be held back; then it is shown however it comes. */
export const HOLD_MS = 3_000;

/** A conversation that was opened at its end, before the server said what is new in it. */
export interface Opening {
  /** the newest place that was stored then */
  readonly cursor: number;
  readonly until: number;
}

export type ArrivalVerdict =
  /** show up to the place where it was opened */
  | { readonly kind: "hold" }
  /** nothing came that has to be divided from what was read */
  | { readonly kind: "over" }
  /** these came while nobody looked: the reader begins with the first of them */
  | { readonly kind: "divide"; readonly from: number };

type Known = Pick<ConversationRecord, "cursor" | "lastSeq" | "unread" | "readSeq">;

/**
 * What came while the app was closed stands under "New messages" as well when the app opens at the conversation
 * and fetches it a moment later: shown one by one, it would be read before anybody saw where it began.
 */
export function holdArrivals(
  opening: Opening,
  known: Known,
  isCaughtUp: boolean,
  now: number,
): ArrivalVerdict {
  const isHere = isCaughtUp && known.cursor >= known.lastSeq;
  if (!isHere && now < opening.until) return { kind: "hold" };
  if (known.cursor <= opening.cursor || known.unread === 0) return { kind: "over" };
  return { kind: "divide", from: Math.max(known.readSeq, opening.cursor) + 1 };
}
