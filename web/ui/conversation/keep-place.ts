/** The scroll position of a log whose contents change above, below and within. Reads and writes the DOM only. */

const BOTTOM_SLACK = 48;

export interface Place {
  readonly atBottom: boolean;
  /** the first message in sight and how far below the upper edge it is */
  readonly anchor: { readonly id: string; readonly top: number } | null;
  readonly scrollTop: number;
}

export function isAtBottom(log: HTMLElement): boolean {
  return log.scrollHeight - log.scrollTop - log.clientHeight <= BOTTOM_SLACK;
}

function marked(log: HTMLElement): HTMLElement[] {
  return [...log.querySelectorAll<HTMLElement>("[data-id]")];
}

/** Where the reader is, before the contents change. */
export function placeOf(log: HTMLElement): Place {
  const edge = log.getBoundingClientRect().top;
  const elements = marked(log);
  // Messages are in order from top to bottom, so the first one in sight is found by halving.
  let low = 0;
  let high = elements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const bottom = elements[middle]?.getBoundingClientRect().bottom ?? 0;
    if (bottom > edge) high = middle;
    else low = middle + 1;
  }
  const first = elements[low];
  const id = first?.dataset["id"];
  const anchor =
    first && id !== undefined ? { id, top: first.getBoundingClientRect().top - edge } : null;
  return { atBottom: isAtBottom(log), anchor, scrollTop: log.scrollTop };
}

export function toBottom(log: HTMLElement): void {
  log.scrollTop = log.scrollHeight;
}

/** Puts the reader back: at the bottom if they were there, else the same message at the same height. */
export function restore(log: HTMLElement, place: Place): void {
  if (place.atBottom || place.anchor === null) {
    toBottom(log);
    return;
  }
  const element = log.querySelector<HTMLElement>(`[data-id="${CSS.escape(place.anchor.id)}"]`);
  if (!element) return;
  const top = element.getBoundingClientRect().top - log.getBoundingClientRect().top;
  const drift = top - place.anchor.top;
  if (Math.abs(drift) >= 0.5) log.scrollTop += drift;
}

/** The id of the last message whose end is in sight. */
export function lastInSight(log: HTMLElement): string | null {
  const edge = log.getBoundingClientRect().bottom + 1;
  const seen = marked(log).findLast((element) => element.getBoundingClientRect().bottom <= edge);
  return seen?.dataset["id"] ?? null;
}
