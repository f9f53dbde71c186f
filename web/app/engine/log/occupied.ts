import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import {
  type EnvelopeHeader,
  decodeEnvelope,
  decodeEnvelopeHeader,
} from "../../../../workers/protocol/envelope.ts";
import { placesBetween } from "../conversation/place-ranges.ts";
import type { Placed } from "../store/placed.ts";
import type { PlaceRange } from "../store/standstill.ts";
import type { MessageRecord } from "../store/records.ts";

type Quarantined = Extract<MessageRecord, { type: "quarantined" }>;

/** M9: of a row whose author is not known to have signed it, anybody may have made it. */
export const isVouchedRow = (row: MessageRecord): boolean =>
  row.type !== "quarantined" || row.vouched === true;

/** M6, M9: places from `from` to `to` that nothing came for, or nothing that anybody vouches for. `rows` rise. */
export const unheldPlaces = (
  from: number,
  rows: readonly Placed<MessageRecord>[],
  to: number,
): PlaceRange[] => [
  ...placesBetween(
    from,
    rows.map(({ seq }) => seq),
    to,
  ),
  ...rows.flatMap(({ seq, row }) => (isVouchedRow(row) ? [] : [{ from: seq, to: seq }])),
];

function headerOf({ envelope }: Quarantined): EnvelopeHeader | null {
  try {
    return decodeEnvelopeHeader(decodeEnvelope(envelope).header);
  } catch {
    return null;
  }
}

/** The number that a row's device signed; null: it has none that can be read. */
const numberOf = (row: MessageRecord): Pick<EnvelopeHeader, "device" | "deviceSeq"> | null => {
  switch (row.type) {
    case "message":
      return row;
    case "quarantined":
      return headerOf(row);
    case "bundle":
      return null;
  }
};

function isSameNumber(a: MessageRecord, b: MessageRecord): boolean {
  const one = numberOf(a);
  const other = numberOf(b);
  return (
    one !== null &&
    other !== null &&
    one.deviceSeq === other.deviceSeq &&
    equalBytes(one.device, other.device)
  );
}

/** Both are vouched for. */
function isSameItem(stored: MessageRecord, row: MessageRecord): boolean {
  if (stored.type === "bundle" || row.type === "bundle") {
    return stored.type === "bundle" && row.type === "bundle" && stored.n === row.n;
  }
  if (!isSameNumber(stored, row)) return false;
  return stored.type !== "message" || row.type !== "message"
    ? true
    : equalBytes(stored.digest, row.digest);
}

/**
 * M6: what comes for a place against what stands there. `replaces`: a placeholder that nobody vouched for, or that
 * opens; `ignored`: the same again, or something that nobody vouches for; `fork`: two different items at one seq.
 */
export function judgeOccupied(
  stored: MessageRecord,
  row: MessageRecord,
): "replaces" | "ignored" | "fork" {
  const isPlaceholder = stored.type === "quarantined";
  if (isPlaceholder && row.type === "quarantined" && equalBytes(stored.envelope, row.envelope)) {
    return stored.reason === row.reason ? "ignored" : "replaces";
  }
  if (!isVouchedRow(row)) return "ignored";
  if (!isVouchedRow(stored)) return "replaces";
  if (isPlaceholder && stored.reason === "unstorable") return "ignored";
  if (!isSameItem(stored, row)) return "fork";
  return isPlaceholder && row.type === "message" ? "replaces" : "ignored";
}
