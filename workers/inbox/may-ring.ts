import type { PushPreferences } from "../protocol/http/push.ts";
import { isQuietTime } from "../push/quiet-hours.ts";

/** What decides whether devices ring for a conversation. */
export interface Ringing {
  readonly preferences: PushPreferences;
  readonly isMuted: boolean;
  /** a page of the account shows it */
  readonly isShown: boolean;
  /** an upper bound of what is unread in it */
  readonly unread: number;
}

/** N1: decided before anything is sent, since a push that shows nothing costs an iPhone its subscription. */
export function mayRing({ preferences, isMuted, isShown, unread }: Ringing, now: number): boolean {
  const { on, quietHours } = preferences;
  if (!on || isMuted || isShown || unread === 0) return false;
  return quietHours === null || !isQuietTime(quietHours, now);
}
