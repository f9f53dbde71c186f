import { type ReadonlySignal, computed, signal } from "@preact/signals";

const TICK_MS = 60_000;

const ticked = signal(Date.now());
const correction = signal<ReadonlySignal<number>>(signal(0));

/** T1: from here on, by so many milliseconds behind this device's clock. */
export function goBy(aheadBy: ReadonlySignal<number>): void {
  correction.value = aheadBy;
}

/** Now, to the minute and corrected (T1): "Today" and "Yesterday" stay true on a page that is left open. */
export const now = computed(() => ticked.value - correction.value.value);

/** Now, to the millisecond, for what begins now (T1). */
export const exactNow = (): number => Date.now() - correction.peek().peek();

setInterval(() => {
  ticked.value = Date.now();
}, TICK_MS);
