import { PlatformError } from "../../../platform/problem.ts";
import { reportUnexpected } from "../store/problem-of.ts";
import type { ReceiptExchange, ReceiptSurroundings } from "./receipt-exchange.ts";
import { conversationRecord } from "../store/records.ts";

/** Read receipts, both ways (M10). */
export interface Receipts extends ReceiptExchange {
  /** The person saw everything up to seq, on this device. Durable; told soon, or at the next contact. */
  read(id: string, seq: number): Promise<void>;
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

  const flush = async (id: string): Promise<void> => {
    const record = await library.record(id);
    if (record?.receipt.due) (await exchange()).flush(id);
  };

  return {
    async read(id, seq) {
      if (!preferences.current().receipts) return;
      const at = deps.now();
      await deps.store.write(["conversations"], async (writer) => {
        const record = await writer.get("conversations", id, conversationRecord);
        if (!record) return;
        const { due, told } = record.receipt;
        if (due && due.seq >= seq) return;
        if (told && told.seq >= seq && told.except.length === 0) return;
        const receipt = { ...record.receipt, due: { seq, at } };
        await writer.put("conversations", id, { ...record, receipt });
      });
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
