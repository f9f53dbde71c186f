import { fromBase64url } from "../../../../workers/protocol/bytes.ts";
import { type LogItem, decodeLogItem } from "../../../../workers/protocol/frames.ts";
import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import { CoreError } from "../../../core/errors.ts";
import type { Api } from "../../../platform/http.ts";

/** The places right after one, or right before one. */
export type Question = { readonly after: number } | { readonly before: number };

export interface LogPage {
  readonly items: readonly LogItem[];
  /** there is more in the direction asked for */
  readonly more: boolean;
}

const SIZE = LIMITS.itemsPerPage;

/** First and last place that a page may have: the order is dense, so that a page is a range. */
const rangeOf = (question: Question): readonly [number, number] =>
  "after" in question
    ? [question.after + 1, question.after + SIZE]
    : [question.before - SIZE, question.before - 1];

/**
 * M6: one page of the log, nothing of which is verified. Throws CoreError `unbounded` when it holds what was not asked
 * for: whoever goes from page to page would be sent as far as the server likes.
 */
export async function fetchLogPage(
  api: Api,
  id: ConversationId,
  question: Question,
): Promise<LogPage> {
  const { items: texts, more } = await api.call("log", {
    params: { conversation: id },
    query: { ...question, limit: SIZE },
  });
  // Before anything of them is decoded.
  if (texts.length > SIZE) throw new CoreError("unbounded", `${texts.length} items`);
  const items = texts.map((text) => decodeLogItem(fromBase64url(text)));
  const [first, last] = rangeOf(question);
  let least = first;
  for (const { seq } of items) {
    if (seq < least || seq > last)
      throw new CoreError("unbounded", `place ${seq} was not asked for`);
    least = seq + 1;
  }
  return { items, more };
}
