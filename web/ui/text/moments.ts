import { dateAndTime, isSameDay, recentDay, timeOfDay } from "./dates.ts";
import { locale, text } from "./language.ts";

/** "today at 14:05", "yesterday at 09:30", else the date: in the middle of a sentence. */
export function momentWords(at: number, now: number): string {
  const day = recentDay(locale.value, at, now);
  const words = text().activity;
  return day === null ? dateAndTime(locale.value, at) : words.at(day, timeOfDay(locale.value, at));
}

/** "Read at 14:05", with the day where it is not the one of the message itself; "Read" where nobody knows when. */
export function readWords(at: number | null, sentAt: number, now: number): string {
  const { activity, message } = text();
  if (at === null) return message.read;
  if (isSameDay(at, sentAt)) return activity.readAt(timeOfDay(locale.value, at));
  return activity.read(momentWords(at, now));
}
