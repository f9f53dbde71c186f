import { signal } from "@preact/signals";

const TICK_MS = 60_000;

/** Now, to the minute: "Today" and "Yesterday" stay true on a page that is left open. */
export const now = signal(Date.now());

setInterval(() => {
  now.value = Date.now();
}, TICK_MS);
