import { ERRORS, type ErrorCode, type Remedy } from "../../../workers/protocol/errors.ts";

/** Why a message could not be sent; it stays until the person retries or discards it. */
export type FailReason = ErrorCode;

/** M6, A4: where one message of this device stands. `sending` is not stored: a crash makes it `assigned`. */
export type Status =
  | { readonly s: "queued" }
  | { readonly s: "assigned"; readonly place: Assignment }
  | { readonly s: "sending"; readonly place: Assignment }
  | { readonly s: "sent"; readonly place: Assignment; readonly seq: number; readonly at: number }
  | { readonly s: "failed"; readonly reason: FailReason };

/** deviceSeq, P and D, stored before the first transmission (A4). */
export interface Assignment {
  readonly deviceSeq: number;
  readonly payload: Uint8Array;
  readonly digest: Uint8Array;
}

export interface OutboxItem {
  /** MessageId as text */
  readonly id: string;
  readonly status: Status;
}

/** The tip of this device's chain as far as the server acknowledged it. */
export interface Tip {
  readonly deviceSeq: number;
  readonly digest: Uint8Array;
}

/** One conversation's outbox on this device, oldest first. Every function returns a new value. */
export interface Outbox {
  readonly items: readonly OutboxItem[];
  readonly acknowledged: Tip | null;
}

export const emptyOutbox: Outbox = { items: [], acknowledged: null };

const replace = (outbox: Outbox, id: string, status: Status): Outbox => ({
  ...outbox,
  items: outbox.items.map((item) => (item.id === id ? { id, status } : item)),
});

const find = (outbox: Outbox, id: string): Status | undefined =>
  outbox.items.find((item) => item.id === id)?.status;

/** Queued at once; the same id again changes nothing. */
export const enqueue = (outbox: Outbox, id: string): Outbox =>
  find(outbox, id)
    ? outbox
    : { ...outbox, items: [...outbox.items, { id, status: { s: "queued" } }] };

const placeOf = ({ status }: OutboxItem): Assignment[] =>
  status.s === "assigned" || status.s === "sending" ? [status.place] : [];

/** The place that the next message follows: the highest that was assigned or acknowledged. */
export function tipOf(outbox: Outbox): Tip | null {
  return outbox.items
    .flatMap(placeOf)
    .reduce<Tip | null>(
      (tip, { deviceSeq, digest }) =>
        tip && tip.deviceSeq >= deviceSeq ? tip : { deviceSeq, digest },
      outbox.acknowledged,
    );
}

/** The message that is to be given a place next; null if none. */
export const nextToAssign = (outbox: Outbox): string | null =>
  outbox.items.find(({ status }) => status.s === "queued")?.id ?? null;

/** A4: gives a queued message its place, which has to follow {@link tipOf}. */
export function assign(outbox: Outbox, id: string, place: Assignment): Outbox {
  if (find(outbox, id)?.s !== "queued") return outbox;
  if (place.deviceSeq !== (tipOf(outbox)?.deviceSeq ?? 0) + 1) return outbox;
  return replace(outbox, id, { s: "assigned", place });
}

/** What may go out now, in order. */
export const toSend = (
  outbox: Outbox,
  limit: number,
): readonly { readonly id: string; readonly place: Assignment }[] =>
  outbox.items
    .flatMap(({ id, status }) => (status.s === "assigned" ? [{ id, place: status.place }] : []))
    .slice(0, limit);

/** They are on the wire. */
export const sending = (outbox: Outbox, ids: readonly string[]): Outbox => ({
  ...outbox,
  items: outbox.items.map((item) =>
    item.status.s === "assigned" && ids.includes(item.id)
      ? { id: item.id, status: { s: "sending", place: item.status.place } }
      : item,
  ),
});

/** The connection is gone, or the app starts: what is unanswered goes out again as it is (M6). */
export const disconnected = (outbox: Outbox): Outbox => ({
  ...outbox,
  items: outbox.items.map(unanswered),
});

const unanswered = (item: OutboxItem): OutboxItem =>
  item.status.s === "sending"
    ? { id: item.id, status: { s: "assigned", place: item.status.place } }
    : item;

/** M6: the server has it durably. A second acknowledgement changes nothing. */
export function acknowledged(
  outbox: Outbox,
  ack: {
    readonly id: string;
    readonly deviceSeq: number;
    readonly seq: number;
    readonly at: number;
  },
): Outbox {
  const status = find(outbox, ack.id);
  if (!status || (status.s !== "assigned" && status.s !== "sending")) return outbox;
  const { place } = status;
  if (place.deviceSeq !== ack.deviceSeq) return outbox;
  const sent = replace(outbox, ack.id, { s: "sent", place, seq: ack.seq, at: ack.at });
  const tip = sent.acknowledged;
  if (tip && tip.deviceSeq >= place.deviceSeq) return sent;
  return { ...sent, acknowledged: { deviceSeq: place.deviceSeq, digest: place.digest } };
}

/** What the engine does beside storing the new outbox. */
export type Next =
  | { readonly do: "nothing" }
  /** send again after this time, or the engine's backoff */
  | { readonly do: "wait"; readonly ms: number | null }
  /** apply the bundles that came, then send again: the same P under the new epoch (M7) */
  | { readonly do: "reseal" }
  /** nothing goes out until this is done; the messages stay as they are */
  | { readonly do: "sign-in" }
  | { readonly do: "update-app" }
  /** M6: the profile was cloned or restored: stop, enrol the device anew */
  | { readonly do: "enrol-again" };

/**
 * The server refused this message. Nothing is dropped: a definitive refusal makes it `failed`.
 * As the server takes deviceSeq only in order, what was sent after it was not taken either: it goes out again,
 * and after a definitive refusal, which frees the place, it gets another place (M6). Refusals of these that
 * come separately find them no longer `sending` and change nothing.
 */
export function refused(
  outbox: Outbox,
  id: string,
  code: ErrorCode,
  retryAfterMs: number | null,
): { readonly outbox: Outbox; readonly next: Next } {
  if (find(outbox, id)?.s !== "sending") return { outbox, next: { do: "nothing" } };
  const kept = unsentFrom(outbox, id);
  if (code === "sequence_conflict") return { outbox: kept, next: { do: "enrol-again" } };
  const remedy: Remedy = ERRORS[code].remedy;
  switch (remedy) {
    case "retry":
      return { outbox: kept, next: { do: "wait", ms: retryAfterMs } };
    case "reseal":
    case "rebuild":
      return { outbox: kept, next: { do: "reseal" } };
    case "sign-in":
    case "update-app":
      return { outbox: kept, next: { do: remedy } };
    case "give-up":
      return { outbox: voidFrom(outbox, id, code), next: { do: "nothing" } };
  }
}

const after = (outbox: Outbox, id: string): ((item: OutboxItem) => boolean) => {
  const [refusedPlace] = outbox.items.filter((item) => item.id === id).flatMap(placeOf);
  const from = refusedPlace?.deviceSeq ?? Number.MAX_SAFE_INTEGER;
  return (item) => placeOf(item).some(({ deviceSeq }) => deviceSeq > from);
};

function unsentFrom(outbox: Outbox, id: string): Outbox {
  const isAfter = after(outbox, id);
  const items = outbox.items.map((item) =>
    item.id === id || isAfter(item) ? unanswered(item) : item,
  );
  return { ...outbox, items };
}

function voidFrom(outbox: Outbox, id: string, reason: FailReason): Outbox {
  const isAfter = after(outbox, id);
  const items = outbox.items.map((item): OutboxItem => {
    if (item.id === id) return { id, status: { s: "failed", reason } };
    return isAfter(item) ? { id: item.id, status: { s: "queued" } } : item;
  });
  return { ...outbox, items };
}

/** The person tries again: to the end of the line, with a place of its own. */
export function retry(outbox: Outbox, id: string): Outbox {
  if (find(outbox, id)?.s !== "failed") return outbox;
  const others = outbox.items.filter((item) => item.id !== id);
  return { ...outbox, items: [...others, { id, status: { s: "queued" } }] };
}

/** Only what never had, or no longer has, a place can be taken back. */
export function discard(outbox: Outbox, id: string): Outbox {
  const status = find(outbox, id);
  if (status?.s !== "failed" && status?.s !== "queued") return outbox;
  return { ...outbox, items: outbox.items.filter((item) => item.id !== id) };
}

/** Sent messages that the log has brought back need no outbox any more. */
export const forget = (outbox: Outbox, id: string): Outbox =>
  find(outbox, id)?.s === "sent"
    ? { ...outbox, items: outbox.items.filter((item) => item.id !== id) }
    : outbox;
