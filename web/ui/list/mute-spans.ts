import type { MuteUntil } from "../../app/view.ts";

/** How long a conversation may be muted. */
export const MUTE_SPANS = ["hour", "tomorrow", "week", "always"] as const;
export type MuteSpan = (typeof MUTE_SPANS)[number];

const HOUR = 3_600_000;
const MORNING = 8;

/** When a mute that is chosen now ends, by this device's calendar. */
export function muteEnd(span: MuteSpan, now: number): MuteUntil {
  const then = new Date(now);
  switch (span) {
    case "hour":
      return now + HOUR;
    case "tomorrow":
      then.setDate(then.getDate() + 1);
      then.setHours(MORNING, 0, 0, 0);
      return then.getTime();
    case "week":
      then.setDate(then.getDate() + 7);
      return then.getTime();
    case "always":
      return "always";
  }
}
