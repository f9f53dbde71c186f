import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import {
  type OpenedRecord,
  type PrivateRecord,
  subjectOf,
} from "../../../core/private-state/records.ts";
import { CoreError } from "../../../core/errors.ts";

/** So far may what does not open have moved a version that is written over. */
const JUMP = 1_000_000;

/**
 * K9: bytes that do not open never move a version. The person may write over them, unless their version is so high
 * that a few such would leave none.
 */
export const overwritable = (held: number, shown: number): number =>
  shown > held && shown - held <= JUMP ? shown : 0;

/** Null: it is refused (E5, K9). */
export function withoutRefusal<T>(judge: () => T): T | null {
  try {
    return judge();
  } catch (error) {
    if (error instanceof CoreError) return null;
    throw error;
  }
}

type Known = OpenedRecord & { readonly record: PrivateRecord };

/** One of each subject: what was written under the current user key, else under an older one, which is a hint (K9). */
export function newestOf(opened: readonly OpenedRecord[]): Known[] {
  const isKnown = (one: OpenedRecord): one is Known => one.record.kind !== "unknown";
  const subjects = new Map<string, Known>();
  for (const one of opened.filter(isKnown).sort((a, b) => Number(a.stale) - Number(b.stale))) {
    const [kind, id] = subjectOf(one.record);
    const subject = `${kind}/${id ? toBase64url(id) : ""}`;
    if (!subjects.has(subject)) subjects.set(subject, one);
  }
  return [...subjects.values()];
}
