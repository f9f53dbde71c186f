import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { PlatformError } from "../../../platform/problem.ts";
import { reportUnexpected } from "../store/problem-of.ts";
import type { ReceiptExchange, ReceiptSurroundings } from "./receipt-exchange.ts";
import { changeKept } from "../conversation/keep.ts";
import { receiptDue } from "../conversation/reading-transitions.ts";

/** Read receipts, both ways (M10). */
export interface Receipts extends ReceiptExchange {
  /** The person saw everything up to seq, on this device. Durable; told soon, or at the next contact. */
  read(id: ConversationId, seq: number): Promise<void>;
}

/** What was read is stored at once; the part that seals and opens receipts is fetched when there is one. */
export function createReceipts(around: ReceiptSurroundings): Receipts {
  const { deps, library, preferences } = around;
  let loaded: ReceiptExchange | null = null;
  let loading: Promise<ReceiptExchange> | null = null;
  let closed = false;

  const exchange = (): Promise<ReceiptExchange> => {
    loading ??= import("./receipt-exchange.ts").then(
      ({ createReceiptExchange }) => {
        loaded = createReceiptExchange(around);
        if (closed) loaded.close();
        return loaded;
      },
      () => {
        // A page without network that was never here before: the next contact tries again.
        loading = null;
        throw new PlatformError("offline");
      },
    );
    return loading;
  };

  const flush = async (id: ConversationId): Promise<void> => {
    const record = await library.kept(id);
    if (record?.receipt.due) (await exchange()).flush(id);
  };

  return {
    async read(id, seq) {
      if (!preferences.current().receipts) return;
      const at = deps.now();
      await changeKept(deps.store, id, (kept) => receiptDue(kept, seq, at));
      flush(id).catch(reportUnexpected);
    },
    flush: (id) => void flush(id).catch(reportUnexpected),
    async take(id, receipts) {
      if (receipts.length > 0) await (await exchange()).take(id, receipts);
    },
    async again(id) {
      await loaded?.again(id);
    },
    refused: (id, refusal) => loaded?.refused(id, refusal),
    close() {
      closed = true;
      loaded?.close();
    },
  };
}
