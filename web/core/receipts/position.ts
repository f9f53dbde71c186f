import * as z from "zod/mini";
import { equalBytes } from "../../../workers/protocol/bytes.ts";
import { positive, time, unsigned } from "../../../workers/protocol/fields.ts";
import { MAX_EXCEPT, type Reading } from "./payload.ts";

/** How many moments of reading are remembered of one account; before them only "read" is known. */
const MAX_STEPS = 24;

/** M10: what is believed of one account's reading. */
export const readPosition = z.object({
  /** of the newest receipt that was believed */
  counter: unsigned,
  /** up to where, and when that was told, ascending; the last is where they are */
  steps: z.array(z.object({ seq: positive, at: time })),
  except: z.array(positive),
  /** when they were last seen, as they chose to tell */
  seen: z.nullable(time),
});
export type ReadPosition = z.infer<typeof readPosition>;

const NOTHING: ReadPosition = { counter: 0, steps: [], except: [], seen: null };

/** The message that a receipt names, as this device holds it. */
export interface NamedMessage {
  readonly digest: Uint8Array;
  /** n of the newest bundle before its place */
  readonly epoch: number;
}

const seqOf = ({ steps }: ReadPosition): number => steps.at(-1)?.seq ?? 0;

/**
 * M10: the position after an opened receipt. Both its counter and the position only rise: a replayed or lower one
 * says nothing (null), and one that does not name the message held at its place, or was sealed before there was
 * such a message, is not believed.
 */
export function advance(
  before: ReadPosition = NOTHING,
  receipt: { readonly counter: number; readonly n: number; readonly reading: Reading },
  named: NamedMessage | null,
  now: number,
): ReadPosition | null {
  const { counter, n, reading } = receipt;
  if (counter <= before.counter || !named) return null;
  if (!equalBytes(named.digest, reading.digest) || n < named.epoch) return null;
  // Their clock may run ahead; nobody has read anything in the future.
  const at = Math.min(reading.at, now);
  const seen = reading.presence ? Math.max(before.seen ?? 0, at) : before.seen;
  const last = seqOf(before);
  if (reading.seq < last) return { ...before, counter, seen };
  const { except } = reading;
  if (reading.seq === last) return { ...before, counter, seen, except };
  const steps = [...before.steps, { seq: reading.seq, at }].slice(-MAX_STEPS);
  return { counter, seen, except, steps };
}

/**
 * Whether, and when, they read the message at this place. `at` null: before the first moment that is remembered.
 * A place that they could not verify stays unread.
 */
export function readAt(
  { steps, except }: ReadPosition,
  seq: number,
): { readonly at: number | null } | null {
  if (except.includes(seq)) return null;
  const index = steps.findIndex((step) => step.seq >= seq);
  const step = steps[index];
  if (!step) return null;
  return { at: index > 0 || step.seq === seq ? step.at : null };
}

/** One stored place, as far as a receipt is concerned. */
export interface StoredPlace {
  readonly seq: number;
  /** D of another member's verified message; "unverified": nobody knows what it says */
  readonly is: Uint8Array | "own" | "unverified" | "other";
}

/**
 * M10: what may honestly be told of having seen everything up to `upTo`: the newest message of somebody else that
 * was verified, and which places before it were not. With more of those than a receipt can name it stops before
 * the first that it cannot. Null: nothing was read.
 */
export function readingUpTo(
  places: readonly StoredPlace[],
  upTo: number,
): Pick<Reading, "seq" | "digest" | "except"> | null {
  let found: { readonly seq: number; readonly digest: Uint8Array; readonly holes: number } | null =
    null;
  const unverified: number[] = [];
  for (const { seq, is } of places) {
    if (seq > upTo || unverified.length > MAX_EXCEPT) break;
    if (is === "unverified") unverified.push(seq);
    else if (typeof is !== "string" && unverified.length <= MAX_EXCEPT) {
      found = { seq, digest: is, holes: unverified.length };
    }
  }
  if (!found) return null;
  return { seq: found.seq, digest: found.digest, except: unverified.slice(0, found.holes) };
}
