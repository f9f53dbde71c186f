import { concatBytes, u64 } from "../../../workers/protocol/bytes.ts";
import { label } from "../../../workers/protocol/labels.ts";
import type { ReceiptHeader } from "../../../workers/protocol/receipt.ts";
import { hkdfExpand } from "../crypto/primitives.ts";

/** E8: the key of one read receipt; counter and salt make it the key of one text only. */
export const receiptKey = (
  epochSecret: Uint8Array,
  { account, counter, salt }: Pick<ReceiptHeader, "account" | "counter" | "salt">,
): Uint8Array =>
  hkdfExpand(epochSecret, concatBytes(label("receipt"), account, u64(counter), salt), 32);
