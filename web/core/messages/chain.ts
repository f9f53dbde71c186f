import { equalBytes, toBase64url } from "../../../workers/protocol/bytes.ts";

/** One verified message in the chain of its device and conversation (M1, M6). */
export interface NumberedMessage {
  readonly deviceSeq: number;
  readonly digest: Uint8Array;
  readonly prev: Uint8Array | null;
}

/** A message and whose it is. */
export interface DeviceMessage extends NumberedMessage {
  readonly device: Uint8Array;
  /** as its author's clock said, where that is known */
  readonly sentAt?: number | undefined;
}

/** What a client keeps of the chains of one conversation: both ends of each, by base64url deviceId. */
export interface ChainEnds {
  readonly tips: Readonly<
    Record<
      string,
      { deviceSeq: number; digest: Uint8Array | null; readonly sentAt?: number | undefined }
    >
  >;
  /** the oldest stored message of each, with its place in the log */
  readonly firsts: Readonly<
    Record<string, { seq: number; deviceSeq: number; prev: Uint8Array | null }>
  >;
  /** the log is stored from this seq on; 1: from its beginning */
  readonly oldest: number;
}

const same = (a: Uint8Array | null, b: Uint8Array | null): boolean =>
  a && b ? equalBytes(a, b) : a === b;

/** M1: a chain begins with number 1, which alone follows nothing. */
const isFormed = ({ deviceSeq, prev }: NumberedMessage): boolean =>
  (deviceSeq === 1) === (prev === null);

/**
 * M6: a message among those that `at` holds, wherever it stands: the same again is a `duplicate`, shown once;
 * another one in a taken place, or one that its neighbours do not lead to, is a `fork`.
 */
export function judgeAmong(
  at: (deviceSeq: number) => NumberedMessage | undefined,
  message: NumberedMessage,
): "new" | "duplicate" | "fork" {
  const { deviceSeq, digest, prev } = message;
  const twin = at(deviceSeq);
  if (twin) return equalBytes(twin.digest, digest) ? "duplicate" : "fork";
  if (!isFormed(message)) return "fork";
  const before = at(deviceSeq - 1);
  if (before && !same(before.digest, prev)) return "fork";
  const after = at(deviceSeq + 1);
  return after && !same(after.prev, digest) ? "fork" : "new";
}

/**
 * M6: the next message of a device in the log, against its newest message. `missing-before`: "a message is
 * missing", and this one is shown. `look-up`: its number is below the newest: as the server takes numbers only
 * in order, it is a duplicate or a fork, and {@link judgeAmong} the stored ones says which.
 */
export function judgeNext(
  ends: ChainEnds,
  message: DeviceMessage,
): "new" | "missing-before" | "duplicate" | "fork" | "look-up" {
  const tip = ends.tips[toBase64url(message.device)];
  const newest = tip?.deviceSeq ?? 0;
  if (message.deviceSeq < newest) return "look-up";
  const verdict = judgeAmong(
    (deviceSeq) =>
      tip?.digest && deviceSeq === newest
        ? { deviceSeq, digest: tip.digest, prev: null }
        : undefined,
    message,
  );
  if (verdict !== "new") return verdict;
  // Only where everything since the beginning is here does a chain have to begin with 1.
  const followsAll = newest > 0 || ends.oldest === 1;
  return followsAll && message.deviceSeq > newest + 1 ? "missing-before" : "new";
}

export type OlderVerdict =
  | { readonly kind: "new" | "fork" | "look-up" }
  /** something is missing before the message at `seq`, the oldest that was stored */
  | { readonly kind: "hole"; readonly seq: number };

/** M6, read backwards: whether the device's oldest stored message follows this one. */
export function judgeOlder(ends: ChainEnds, message: DeviceMessage): OlderVerdict {
  const first = ends.firsts[toBase64url(message.device)];
  if (first && message.deviceSeq >= first.deviceSeq) return { kind: "look-up" };
  if (!isFormed(message)) return { kind: "fork" };
  if (!first) return { kind: "new" };
  if (message.deviceSeq < first.deviceSeq - 1) return { kind: "hole", seq: first.seq };
  return { kind: same(first.prev, message.digest) ? "new" : "fork" };
}

/** The value with this message, which stands at `seq`, in the chain of its device: its newest, or its oldest. */
export function withMessageInChain<Ends extends ChainEnds>(
  ends: Ends,
  seq: number,
  { device, deviceSeq, digest, prev, sentAt }: DeviceMessage,
): Ends {
  const id = toBase64url(device);
  const tip = ends.tips[id];
  const first = ends.firsts[id];
  return {
    ...ends,
    tips:
      tip && tip.deviceSeq >= deviceSeq
        ? ends.tips
        : {
            ...ends.tips,
            [id]: { deviceSeq, digest, ...(sentAt === undefined ? {} : { sentAt }) },
          },
    firsts:
      first && first.deviceSeq <= deviceSeq
        ? ends.firsts
        : { ...ends.firsts, [id]: { seq, deviceSeq, prev } },
  };
}

/**
 * M6: a message of the own device as the log shows it. `ours` is the D that this device gave to that message.
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
