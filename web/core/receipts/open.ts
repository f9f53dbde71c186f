import { equalBytes } from "../../../workers/protocol/bytes.ts";
import {
  type Receipt,
  type ReceiptHeader,
  decodeReceipt,
  decodeReceiptHeader,
  receiptHash,
} from "../../../workers/protocol/receipt.ts";
import { signingInput } from "../../../workers/protocol/signing.ts";
import { openOnce } from "../crypto/primitives.ts";
import {
  type AuthorityProblem,
  type OpeningContext,
  authorityOf,
  isSinceRemoved,
} from "../messages/authority.ts";
import { receiptKey } from "./keys.ts";
import { type Reading, decodeReading } from "./payload.ts";

/** Why a read receipt says nothing. Never told to a peer or the server (E5). */
export type ReceiptProblem =
  | "malformed"
  | AuthorityProblem
  /** its device is revoked by now (C8): what it read counts no more */
  | "removed_device"
  | "bad_signature"
  | "no_key"
  | "open_failed";

export type ReceiptResult =
  | { readonly ok: true; readonly header: ReceiptHeader; readonly reading: Reading }
  | {
      readonly ok: false;
      readonly problem: ReceiptProblem;
      /** as claimed; nothing in it is verified */
      readonly header: ReceiptHeader | null;
    };

/** Whether the same receipt may mean something once more is known. */
export const isWaiting = (problem: ReceiptProblem): boolean =>
  problem === "bundle_needed" || problem === "manifest_needed" || problem === "no_key";

function decoded(bytes: Uint8Array): { receipt: Receipt; header: ReceiptHeader } | null {
  try {
    const receipt = decodeReceipt(bytes);
    return { receipt, header: decodeReceiptHeader(receipt.header) };
  } catch {
    return null;
  }
}

/**
 * M10: judges a read receipt as an envelope is judged (C8, M3): membership and device, signature, cipher, content.
 * What it may change is for `advance` to say. Never throws for bad input.
 */
export async function openReceipt(
  context: OpeningContext,
  bytes: Uint8Array,
): Promise<ReceiptResult> {
  const parts = decoded(bytes);
  if (!parts) return { ok: false, problem: "malformed", header: null };
  const { receipt, header } = parts;
  const no = (problem: ReceiptProblem): ReceiptResult => ({ ok: false, problem, header });
  if (!equalBytes(header.conversation, context.conversation.id)) return no("malformed");
  const author = authorityOf(context, header);
  if (typeof author === "string") return no(author);
  if (isSinceRemoved(author, header.device)) return no("removed_device");
  const signed = signingInput("sign-receipt", receiptHash(receipt.header, receipt.ciphertext));
  if (!(await context.verifier.verify(author.key, signed, receipt.signature))) {
    return no("bad_signature");
  }
  const secret = context.conversation.epochs.get(header.n)?.secret;
  if (!secret) return no("no_key");
  try {
    const padded = openOnce(receiptKey(secret, header), receipt.ciphertext, receipt.header);
    return { ok: true, header, reading: decodeReading(padded) };
  } catch {
    return no("open_failed");
  }
}
