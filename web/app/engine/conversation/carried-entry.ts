import type { OutboxRecord } from "../store/records.ts";

/**
 * An entry whose place in its device's chain means nothing any more. What was transmitted and not answered may have
 * arrived: the log after `cursor` tells (M6).
 */
export function carriedEntry(
  entry: OutboxRecord,
  cursor: number,
  device?: Uint8Array,
): OutboxRecord {
  switch (entry.state.state) {
    case "assigned": {
      const { deviceSeq, digest } = entry.state;
      const sent = device ? { sent: { device, deviceSeq, digest } } : {};
      return { ...entry, state: { state: "unanswered", after: cursor, ...sent } };
    }
    case "queued":
    case "uploading":
    case "unanswered":
    case "failed":
      return entry;
  }
}
