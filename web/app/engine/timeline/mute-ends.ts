import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import type { ConversationSummary } from "../../view.ts";

/** A longer timer than this fires at once; by then it is set anew. */
const LONGEST_MS = 2_000_000_000;

export interface MuteEnds {
  /** The rows as they are shown now. */
  look(rows: Iterable<ConversationSummary>): void;
  close(): void;
}

/** A mute ends by itself, while nothing else changes: `ended` is told which ones did. */
export function watchMuteEnds(now: () => number, ended: (id: ConversationId) => void): MuteEnds {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    look(rows) {
      clearTimeout(timer);
      const muted = [...rows].flatMap(({ id, mutedUntil }) =>
        mutedUntil === null ? [] : [{ id, mutedUntil }],
      );
      if (muted.length === 0) return;
      const first = Math.min(...muted.map(({ mutedUntil }) => mutedUntil));
      const wait = Math.min(LONGEST_MS, Math.max(0, first - now()));
      timer = setTimeout(() => {
        // Where nothing has ended, the row that is shown anew sets the next timer.
        for (const { id, mutedUntil } of muted) if (mutedUntil <= first) ended(id);
      }, wait);
    },
    close: () => clearTimeout(timer),
  };
}
