/** Where things are in the log, and scrolling it there. Reads and writes the DOM only. */

const BOTTOM_SLACK = 48;
/** A row that was not measured yet is hidden, and not yet where it will be. */
const MEASURED = '.log-rows > :not([style*="visibility: hidden"])';

/** A row by the key of its block, and how far below the upper edge of the log it is. */
export interface Anchor {
  readonly key: string;
  readonly top: number;
}

export function isAtBottom(log: HTMLElement): boolean {
  return log.scrollHeight - log.scrollTop - log.clientHeight <= BOTTOM_SLACK;
}

function marked(log: HTMLElement): HTMLElement[] {
  return [...log.querySelectorAll<HTMLElement>(`${MEASURED} [data-id]`)];
}

/** The row, if it is in the document and measured. */
export const rowOf = (log: HTMLElement, key: string): HTMLElement | null =>
  log.querySelector<HTMLElement>(`${MEASURED} [data-id="${CSS.escape(key)}"]`);

/** The first row in sight. */
export function anchorOf(log: HTMLElement): Anchor | null {
  const edge = log.getBoundingClientRect().top;
  const elements = marked(log);
  // Rows are in order from top to bottom, so the first one in sight is found by halving.
  let low = 0;
  let high = elements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const bottom = elements[middle]?.getBoundingClientRect().bottom ?? 0;
    if (bottom > edge) high = middle;
    else low = middle + 1;
  }
  const first = elements[low];
  const key = first?.dataset["id"];
  return first && key !== undefined ? { key, top: first.getBoundingClientRect().top - edge } : null;
}

export function toBottom(log: HTMLElement): void {
  log.scrollTop = log.scrollHeight;
}

/**
 * The virtual list scrolls when rows above change, and then draws nothing new until it hears of a scroll to another
 * offset than the one it knew. Where its scroll was taken back at once there is none: this tells it.
 */
export function nudge(log: HTMLElement): void {
  const here = log.scrollTop;
  for (const offset of [here > 0 ? here - 1 : here + 1, here]) {
    log.scrollTop = offset;
    log.dispatchEvent(new Event("scroll"));
  }
}

/** How far the row is from where it should be; null while it is not in the document. */
export function driftOf(log: HTMLElement, { key, top }: Anchor): number | null {
  const element = rowOf(log, key);
  if (!element) return null;
  return element.getBoundingClientRect().top - log.getBoundingClientRect().top - top;
}

/** The key of the last row whose end is in sight. */
export function lastInSight(log: HTMLElement): string | null {
  const edge = log.getBoundingClientRect().bottom + 1;
  const seen = marked(log).findLast((element) => element.getBoundingClientRect().bottom <= edge);
  return seen?.dataset["id"] ?? null;
}

/** Whether a day's own heading stands where the floating one would, or is the first thing in sight. */
export function hasDayOnTop(log: HTMLElement): boolean {
  const edge = log.getBoundingClientRect().top;
  const inSight = [...log.querySelectorAll(".day, [data-id]")].filter(
    (row) => row.getBoundingClientRect().bottom > edge,
  );
  return inSight.some(
    (row, place) =>
      row.matches(".day") && (place === 0 || row.getBoundingClientRect().top < edge + 56),
  );
}
