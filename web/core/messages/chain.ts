import { equalBytes } from "../../../workers/protocol/bytes.ts";

/** One verified message in the chain of its device and conversation (M1, M6). */
export interface Link {
  readonly deviceSeq: number;
  readonly digest: Uint8Array;
  readonly prev: Uint8Array | null;
}

/** What this client holds of one device's chain in one conversation. */
export interface HeldChain {
  /** the link at this deviceSeq, if it is held */
  at(deviceSeq: number): Link | undefined;
  /** highest deviceSeq held; 0 if none */
  readonly newest: number;
}

export type ChainVerdict =
  | { readonly kind: "new" }
  /** shown once */
  | { readonly kind: "duplicate" }
  /** equivocation by the device or the server: stop sending, warn */
  | { readonly kind: "fork" }
  /** "a message is missing", from..to; the link itself is shown */
  | { readonly kind: "hole"; readonly from: number; readonly to: number };

const same = (a: Uint8Array | null, b: Uint8Array | null): boolean =>
  a && b ? equalBytes(a, b) : a === b;

/**
 * M6: a verified message against what is held, whichever way the history is read. `fromStart`: everything that
 * the server gave since the conversation began was received, so that a chain has to begin with 1.
 */
export function judgeLink(held: HeldChain, link: Link, fromStart: boolean): ChainVerdict {
  const { deviceSeq, digest, prev } = link;
  const twin = held.at(deviceSeq);
  if (twin) return { kind: equalBytes(twin.digest, digest) ? "duplicate" : "fork" };
  if ((deviceSeq === 1) !== (prev === null)) return { kind: "fork" };
  const before = held.at(deviceSeq - 1);
  if (before && !same(before.digest, prev)) return { kind: "fork" };
  const after = held.at(deviceSeq + 1);
  if (after && !same(after.prev, digest)) return { kind: "fork" };
  if ((fromStart || held.newest > 0) && deviceSeq > held.newest + 1) {
    return { kind: "hole", from: held.newest + 1, to: deviceSeq - 1 };
  }
  return { kind: "new" };
}

/**
 * M6: a message of the own device as the log shows it. `ours` is the D this device assigned to that deviceSeq.
 * `cloned`: the profile was copied or restored; stop and enrol the device anew.
 */
export const judgeOwn = (ours: Uint8Array | undefined, shown: Uint8Array): "own" | "cloned" =>
  ours && equalBytes(ours, shown) ? "own" : "cloned";

/** M6: the server's last deviceSeq of this device against what was acknowledged and what was assigned. */
export function judgeDeviceSeq(
  server: number,
  acknowledged: number,
  assigned: number,
): "agrees" | "cloned" | "rolled-back" {
  if (server > assigned) return "cloned";
  return server < acknowledged ? "rolled-back" : "agrees";
}
