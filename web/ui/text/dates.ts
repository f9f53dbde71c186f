/**
 * Times as people of a locale write them. `now` is passed in, so that a list is consistent with itself and
 * tests need no clock.
 */
const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, options: Intl.DateTimeFormatOptions, at: number): string {
  const name = `${locale} ${JSON.stringify(options)}`;
  let made = formats.get(name);
  if (made === undefined) {
    made = new Intl.DateTimeFormat(locale, options);
    formats.set(name, made);
  }
  return made.format(at);
}

/** Local midnights differ by 23 to 25 hours over daylight saving, hence the rounding. */
function daysBetween(earlier: number, later: number): number {
  const from = new Date(earlier).setHours(0, 0, 0, 0);
  const to = new Date(later).setHours(0, 0, 0, 0);
  return Math.round((to - from) / DAY_MS);
}

const dayWord = (locale: string, days: number): string =>
  new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-days, "day");

function relativeDay(locale: string, days: number): string {
  const word = dayWord(locale, days);
  return word.charAt(0).toLocaleUpperCase(locale) + word.slice(1);
}

function sameYear(a: number, b: number): boolean {
  return new Date(a).getFullYear() === new Date(b).getFullYear();
}

/** Whether two moments fall on one local day. */
export function isSameDay(a: number, b: number): boolean {
  return daysBetween(a, b) === 0;
}

/** "today" or "yesterday", as inside a sentence; null for any other day. */
export function recentDay(locale: string, at: number, now: number): string | null {
  const days = Math.max(0, daysBetween(at, now));
  return days <= 1 ? dayWord(locale, days) : null;
}

/** 13:05, 9:05 or 09:05, 9:05 PM: as the locale has it. */
export function timeOfDay(locale: string, at: number): string {
  return format(locale, { timeStyle: "short" }, at);
}

/** Today, Yesterday, Monday 16 November: above the messages of a day. */
export function dayLabel(locale: string, at: number, now: number): string {
  const days = daysBetween(at, now);
  if (days === 0 || days === 1) return relativeDay(locale, days);
  const date: Intl.DateTimeFormatOptions = { weekday: "long", day: "numeric", month: "long" };
  const label = format(locale, sameYear(at, now) ? date : { ...date, year: "numeric" }, at);
  return label.charAt(0).toLocaleUpperCase(locale) + label.slice(1);
}

/** 13:05, Yesterday, Sun, 12 Nov: as short as a row of the list needs. */
export function listTime(locale: string, at: number, now: number): string {
  const days = daysBetween(at, now);
  if (days <= 0) return timeOfDay(locale, at);
  if (days === 1) return relativeDay(locale, 1);
  if (days < 7) return format(locale, { weekday: "short" }, at);
  const date: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };
  return format(locale, sameYear(at, now) ? date : { ...date, year: "numeric" }, at);
}

/** 16 November 2026 */
export function fullDate(locale: string, at: number): string {
  return format(locale, { day: "numeric", month: "long", year: "numeric" }, at);
}

/** 16 November 2026 at 13:05: for a tooltip and for a screen reader. */
export function dateAndTime(locale: string, at: number): string {
  return format(locale, { dateStyle: "long", timeStyle: "short" }, at);
}

/** "2 minutes", "30 seconds", in short "2 min", "30 sec": how long to wait, rounded up. */
export function duration(
  locale: string,
  ms: number,
  unitDisplay: "long" | "short" = "long",
): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  const [count, unit] = seconds < 90 ? [seconds, "second"] : [Math.ceil(seconds / 60), "minute"];
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay }).format(count);
}

/** November 2026: above the files of a month. */
export function monthLabel(locale: string, at: number): string {
  const label = format(locale, { month: "long", year: "numeric" }, at);
  return label.charAt(0).toLocaleUpperCase(locale) + label.slice(1);
}
