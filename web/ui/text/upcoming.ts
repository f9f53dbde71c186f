import { isSameDay, timeOfDay } from "./dates.ts";

const WEEK_MS = 7 * 86_400_000;

/** A moment to come, as short as it can be said: 13:05, Tue 08:00, 30 Nov 08:00. */
export function upcoming(locale: string, at: number, now: number): string {
  if (isSameDay(at, now)) return timeOfDay(locale, at);
  const day: Intl.DateTimeFormatOptions =
    at - now < WEEK_MS ? { weekday: "short" } : { day: "numeric", month: "short" };
  return `${new Intl.DateTimeFormat(locale, day).format(at)} ${timeOfDay(locale, at)}`;
}
