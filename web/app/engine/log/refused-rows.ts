import { CoreError } from "../../../core/errors.ts";
import { checkStorable } from "../conversation/keep.ts";
import type { KeptConversation } from "../conversation/kept.ts";
import type { Understood } from "./understand.ts";

/** Rows of one transaction that a store would refuse, as far as that is known. */
export interface RefusedRows {
  /** The row, or the placeholder that stands for a refused one. */
  standIn(understood: Understood): Understood;
  /** Places one row; what the store refuses of it ends the transaction, which is then done without that row. */
  placing(seq: number, place: () => Promise<KeptConversation>): Promise<KeptConversation>;
}

/** The store refuses what came of this place. */
class RefusedRow extends Error {
  constructor(readonly seq: number) {
    super(`${seq}`);
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof CoreError && error.code === "unstorable";

const placeholder = ({ seq, row }: Understood): Understood => ({
  seq,
  row: {
    type: "quarantined",
    at: row.at,
    envelope: new Uint8Array(),
    reason: "unstorable",
    retry: false,
    // Asked for again it would be refused again.
    vouched: true,
  },
});

/**
 * E1, M9: does a transaction, and does it again without each row whose write is refused: that row becomes a
 * placeholder, and what came with it is stored. Nothing of a try that failed is kept.
 */
export async function withoutRefusedRows<T>(
  transaction: (refused: RefusedRows) => Promise<T>,
): Promise<T> {
  const seqs = new Set<number>();
  /** each row is looked at once what is kept of the conversation was refused as a whole */
  let isEachChecked = false;
  const refused: RefusedRows = {
    standIn: (understood) => (seqs.has(understood.seq) ? placeholder(understood) : understood),
    async placing(seq, place) {
      try {
        const next = await place();
        if (isEachChecked) checkStorable(next);
        return next;
      } catch (error) {
        throw isRefusal(error) && !seqs.has(seq) ? new RefusedRow(seq) : error;
      }
    },
  };
  for (;;) {
    try {
      return await transaction(refused);
    } catch (error) {
      if (error instanceof RefusedRow) seqs.add(error.seq);
      else if (isRefusal(error) && !isEachChecked) isEachChecked = true;
      else throw error;
    }
  }
}
