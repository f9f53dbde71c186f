import * as z from "zod/mini";
import { equalBytes } from "../../../workers/protocol/bytes.ts";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import type { Target } from "./content.ts";

/** What one message wants of another (M5), as it is stored beside that one. */
export const wishBody = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("edit"), text: z.string() }),
  z.object({ kind: z.literal("deletion") }),
  z.object({ kind: z.literal("reaction"), emoji: z.nullable(z.string()) }),
]);
export type Wish = Readonly<z.infer<typeof wishBody>>;

/** One message about another, as it was verified: whose it is, its place, what it names and wants. */
export interface Mark {
  readonly account: Uint8Array;
  /** of the message that wants it */
  readonly seq: number;
  readonly at: number;
  readonly sentAt: number;
  /** as named; it counts for nothing else */
  readonly named: Pick<Target, "device" | "deviceSeq" | "digest">;
  readonly wish: Wish;
}

/** A message that others may be about. */
export interface Marked {
  readonly account: Uint8Array;
  readonly device: Uint8Array;
  readonly deviceSeq: number;
  readonly digest: Uint8Array;
  /** as its author's clock said, never before what the author wrote before it */
  readonly sentAt: number;
  /** as the log says */
  readonly at: number;
}

/** What a message has become. */
export interface Effects {
  /** its author's newest edit */
  readonly edit: { readonly text: string; readonly at: number } | null;
  readonly deletedAt: number | null;
  /** one of each account, in the order in which they were chosen */
  readonly reactions: readonly { readonly account: Uint8Array; readonly emoji: string }[];
}

const NONE: Effects = { edit: null, deletedAt: null, reactions: [] };

/** What one account may have in store of one kind for one place. Honest ones have few; the cap is for the others. */
const CAP = 64;

export const isNamed = (
  { device, deviceSeq, digest }: Mark["named"],
  target: Pick<Marked, "device" | "deviceSeq" | "digest">,
): boolean =>
  deviceSeq === target.deviceSeq &&
  equalBytes(digest, target.digest) &&
  equalBytes(device, target.device);

/** M5: by both clocks, for either alone is the word of one who may lie: the author, or the server. */
const isInTime = (mark: Mark, target: Marked): boolean =>
  mark.sentAt - target.sentAt <= LIMITS.changeMs && mark.at - target.at <= LIMITS.changeMs;

/** M5: reactions are anybody's; a text is its author's alone, and only for a while. */
function counts(mark: Mark, target: Marked): boolean {
  if (!isNamed(mark.named, target)) return false;
  switch (mark.wish.kind) {
    case "reaction":
      return true;
    case "edit":
    case "deletion":
      return equalBytes(mark.account, target.account) && isInTime(mark, target);
  }
}

const bySeq = (a: Mark, b: Mark): number => a.seq - b.seq;

/**
 * M5: judges marks against what stands at their place. The answer depends on which marks there are, not on the
 * order in which they came.
 */
export function effectsOn(target: Marked, marks: readonly Mark[]): Effects {
  if (marks.length === 0) return NONE;
  let edit: Effects["edit"] = null;
  let deletedAt: number | null = null;
  const reactions: { account: Uint8Array; emoji: string }[] = [];
  for (const mark of marks.toSorted(bySeq)) {
    if (!counts(mark, target)) continue;
    const { account, at, wish } = mark;
    switch (wish.kind) {
      case "edit":
        edit = { text: wish.text, at };
        break;
      case "deletion":
        deletedAt = at;
        break;
      case "reaction": {
        const before = reactions.findIndex((one) => equalBytes(one.account, account));
        if (before >= 0) reactions.splice(before, 1);
        if (wish.emoji !== null) reactions.push({ account, emoji: wish.emoji });
        break;
      }
    }
  }
  return { edit, deletedAt, reactions };
}

/** Marks with one more; a repetition changes nothing. */
export function withMark(marks: readonly Mark[], mark: Mark): readonly Mark[] {
  if (marks.some(({ seq }) => seq === mark.seq)) return marks;
  const superseded = (old: Mark, by: Mark): boolean => {
    if (!equalBytes(old.account, by.account) || !isNamed(old.named, by.named)) return false;
    const isBoth = (kind: Wish["kind"]) => old.wish.kind === kind && by.wish.kind === kind;
    if (isBoth("reaction")) return old.seq < by.seq;
    // The earliest is valid if any is, and what is deleted stays so.
    return isBoth("deletion") && (by.sentAt - old.sentAt || by.seq - old.seq) < 0;
  };
  if (marks.some((other) => superseded(mark, other))) return marks;
  const next = [...marks.filter((old) => !superseded(old, mark)), mark].sort(bySeq);
  const own = next.filter(
    ({ account, wish }) => wish.kind === mark.wish.kind && equalBytes(account, mark.account),
  );
  const oldest = own.length > CAP ? own[0] : undefined;
  return oldest ? next.filter((one) => one !== oldest) : next;
}

/** M5: marks without any text: with a message go its edits. */
export const withoutTexts = (marks: readonly Mark[]): readonly Mark[] =>
  marks.filter(({ wish }) => wish.kind !== "edit");

/**
 * M5: of a place that the server has nothing at: when somebody says that they deleted what stood there, and who.
 * Nothing is left to judge it against, so it is what that account says.
 */
export function deletedThere(marks: readonly Mark[]): Mark | null {
  return marks.toSorted(bySeq).find(({ wish }) => wish.kind === "deletion") ?? null;
}

/** M6: messages of one device that are not there: from number `from` up to the one before `next`. */
export interface Hole {
  readonly from: number;
  readonly next: Pick<Marked, "account" | "device" | "deviceSeq"> & {
    readonly prev: Uint8Array | null;
  };
}

/** What deletions say about one number of a device. */
export interface Named {
  readonly account: Uint8Array;
  readonly digest: Uint8Array;
}

/** Holes longer than this are not looked at: no person deletes so many in a row. */
export const HOLE_CAP = 128;

export const holeSize = ({ from, next }: Hole): number => next.deviceSeq - from;

/**
 * M5, M6: whether a hole is deleted, not missing: its author's account names every number in it, and what follows
 * was written after the last D that it names.
 */
export function isExcused(hole: Hole, namedAt: (deviceSeq: number) => readonly Named[]): boolean {
  const { from, next } = hole;
  const size = holeSize(hole);
  if (size < 1 || size > HOLE_CAP || !next.prev) return false;
  for (let deviceSeq = from; deviceSeq < next.deviceSeq; deviceSeq++) {
    const isLast = deviceSeq === next.deviceSeq - 1;
    const found = namedAt(deviceSeq).some(
      ({ account, digest }) =>
        equalBytes(account, next.account) &&
        (!isLast || (next.prev !== null && equalBytes(digest, next.prev))),
    );
    if (!found) return false;
  }
  return true;
}
