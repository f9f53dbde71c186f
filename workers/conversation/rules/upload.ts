import { equalBytes } from "../../protocol/bytes.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import { largestSealed, partCount, partLength } from "../../protocol/file-layout.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { TUNING } from "../settings.ts";

/** Where a file stands, from the first word of it to the last trace (F1, A6). */
export const PHASES = ["reserving", "open", "complete", "ended", "removed"] as const;
export type Phase =
  /** the account's total is not known to have room: nothing of it is taken yet */
  | "reserving"
  /** parts come */
  | "open"
  /** one blob; a message that names it binds it */
  | "complete"
  /** served no more; R2 may have some of it */
  | "ended"
  /** R2 was asked to delete it, and is asked once more: a part may have been on its way */
  | "removed";

export interface StoredBlob {
  readonly blob: Uint8Array;
  /** who uploads it */
  readonly account: Uint8Array;
  /** declared, and once it is complete as R2 has it */
  readonly bytes: number;
  readonly phase: Phase;
  /** R2's name of the multipart upload; null: one put, or not begun */
  readonly upload: string | null;
  /** of its last part, or of its end */
  readonly at: number;
  /** the place and id of the message that names it */
  readonly seq: number | null;
  readonly message: Uint8Array | null;
}

/** What of a blob was announced. */
export interface Announced {
  readonly account: Uint8Array;
  readonly bytes: number;
}

export interface UploadBudgets {
  readonly fileBytes: number;
  readonly conversationFileBytes: number;
  readonly openUploads: number;
  readonly openUploadsHere: number;
}

/** What the conversation has of files. */
export interface FilesHere {
  /** bytes of all, announced ones included */
  readonly used: number;
  /** those that no message names, the one longest without a part first */
  readonly unnamed: readonly Pick<StoredBlob, "blob" | "account" | "at">[];
}

type Refuse = {
  readonly kind: "refuse";
  readonly error: ErrorCode;
  readonly retryAfterMs?: number;
};
const refuse = (error: ErrorCode): Refuse => ({ kind: "refuse", error });

export type BeginDecision =
  | Refuse
  /** begun before: say where it stands */
  | { readonly kind: "known" }
  /** announced before, and not yet known to have room */
  | { readonly kind: "ask" }
  /** new; those of `letGo` end for it */
  | { readonly kind: "announce"; readonly letGo: readonly Uint8Array[] };

/** When the next step of a blob is due that nobody asks for; null: none is. */
export function dueOf({ phase, at, seq }: Pick<StoredBlob, "phase" | "at" | "seq">): number | null {
  switch (phase) {
    case "reserving":
      return at + TUNING.uploadIdleMs;
    case "open":
    case "complete":
      return seq === null ? at + LIMITS.uploadMs : null;
    case "ended":
      return at;
    case "removed":
      return at + TUNING.lastPartMs;
  }
}

/** Which of these makes room for one more, if one has to; else how long to wait until one has rested long enough. */
function roomAmong(unnamed: FilesHere["unnamed"], most: number, now: number) {
  const [oldest] = unnamed;
  if (!oldest || unnamed.length < most) return { letGo: [], retryAfterMs: 0 };
  const retryAfterMs = Math.max(0, oldest.at + TUNING.uploadIdleMs - now);
  return { letGo: [oldest.blob], retryAfterMs };
}

function announce(
  here: FilesHere,
  asked: Announced,
  budgets: UploadBudgets,
  now: number,
): BeginDecision {
  if (asked.bytes > largestSealed(budgets.fileBytes)) return refuse("file_too_large");
  if (here.used + asked.bytes > budgets.conversationFileBytes) return refuse("quota_exceeded");
  const own = here.unnamed.filter(({ account }) => equalBytes(account, asked.account));
  const rooms = [
    roomAmong(own, budgets.openUploads, now),
    roomAmong(here.unnamed, budgets.openUploadsHere, now),
  ];
  const retryAfterMs = Math.max(...rooms.map((room) => room.retryAfterMs));
  if (retryAfterMs > 0) return { ...refuse("rate_limited"), retryAfterMs };
  return { kind: "announce", letGo: rooms.flatMap(({ letGo }) => letGo) };
}

/** Begin, or go on: the same words again are the same upload, at any time and from any device of the account. */
export function decideBegin(
  known: StoredBlob | null,
  here: FilesHere,
  asked: Announced,
  budgets: UploadBudgets,
  now: number,
): BeginDecision {
  if (!known) return announce(here, asked, budgets, now);
  if (!equalBytes(known.account, asked.account)) return refuse("upload_mismatch");
  switch (known.phase) {
    case "ended":
    case "removed":
      return refuse("blob_gone");
    case "reserving":
      return known.bytes === asked.bytes ? { kind: "ask" } : refuse("upload_mismatch");
    case "open":
    case "complete":
      return known.bytes === asked.bytes ? { kind: "known" } : refuse("upload_mismatch");
  }
}

export type PartDecision = Refuse | { readonly kind: "have" } | { readonly kind: "store" };

/** What becomes of a part of this length; `taken`: it is stored already. */
export function decidePart(
  known: StoredBlob | null,
  account: Uint8Array,
  part: { readonly number: number; readonly length: number; readonly isTaken: boolean },
): PartDecision {
  if (!known || !equalBytes(known.account, account)) return refuse("not_found");
  const length = partLength(known.bytes, part.number);
  switch (known.phase) {
    case "reserving":
      return refuse("upload_incomplete");
    case "ended":
    case "removed":
      return refuse("blob_gone");
    case "open":
    case "complete":
      if (length === 0 || length !== part.length) return refuse("upload_mismatch");
      return part.isTaken || known.phase === "complete" ? { kind: "have" } : { kind: "store" };
  }
}

export type FinishDecision = Refuse | { readonly kind: "done" } | { readonly kind: "assemble" };

export function decideFinish(
  known: StoredBlob | null,
  account: Uint8Array,
  taken: readonly number[],
): FinishDecision {
  if (!known || !equalBytes(known.account, account)) return refuse("not_found");
  switch (known.phase) {
    case "reserving":
      return refuse("upload_incomplete");
    case "ended":
    case "removed":
      return refuse("blob_gone");
    case "complete":
      return { kind: "done" };
    case "open":
      return taken.length === partCount(known.bytes)
        ? { kind: "assemble" }
        : refuse("upload_incomplete");
  }
}

export type CancelDecision = Refuse | { readonly kind: "done" } | { readonly kind: "end" };

/** What a message names ends with that message only (M5). */
export function decideCancel(known: StoredBlob | null, account: Uint8Array): CancelDecision {
  if (!known || !equalBytes(known.account, account)) return refuse("not_found");
  if (known.phase === "ended" || known.phase === "removed") return { kind: "done" };
  return known.seq === null ? { kind: "end" } : refuse("already_exists");
}

/**
 * F2: whether a message of this account may name the blob: it is complete, of this account, and named by no other
 * message. The same message sealed again is the same one.
 */
export const canName = (
  known: StoredBlob | null,
  account: Uint8Array,
  messageId: Uint8Array,
): boolean =>
  known !== null &&
  known.phase === "complete" &&
  equalBytes(known.account, account) &&
  (known.message === null || equalBytes(known.message, messageId));

/** F2: whether it is served: a message in the log names it. */
export const isServed = (known: StoredBlob | null): known is StoredBlob =>
  known !== null && known.phase === "complete" && known.seq !== null;
