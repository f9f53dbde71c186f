import type { QuietHours } from "../protocol/http/push.ts";

const WEEKDAYS: readonly string[] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** What a clock on the wall of that zone shows: minutes since midnight, and 1 (Monday) to 7. */
function wallClock(
  now: number,
  timeZone: string,
): { readonly minute: number; readonly day: number } {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]));
  const minute = Number(parts.get("hour")) * 60 + Number(parts.get("minute"));
  return { minute, day: WEEKDAYS.indexOf(parts.get("weekday") ?? "") + 1 };
}

/** N1: whether no device rings now. By the clock of the zone: they last an hour less or more when that is changed. */
export function isQuietTime({ from, to, days, timeZone }: QuietHours, now: number): boolean {
  const { minute, day } = wallClock(now, timeZone);
  const beginsOn = (weekday: number) => days === undefined || days.includes(weekday);
  if (from < to) return minute >= from && minute < to && beginsOn(day);
  if (minute >= from) return beginsOn(day);
  // Past midnight they are those of the day before.
  return minute < to && beginsOn(day === 1 ? 7 : day - 1);
}
