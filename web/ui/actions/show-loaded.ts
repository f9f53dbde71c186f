import type { TimelineItem } from "../../app/view.ts";
import { messageById } from "./message-focus.ts";

const FOUND_MS = 1_600;

/** Brings a message that is on the page into sight and marks it for a moment; whether it is there. */
export function showLoaded(log: HTMLElement, items: readonly TimelineItem[], seq: number): boolean {
  const item = items.find((known) => known.seq === seq && known.kind !== "notice");
  const message = item ? messageById(log, item.id) : null;
  if (!message) return false;
  message.scrollIntoView({ block: "center" });
  message.focus({ preventScroll: true });
  message.dataset["found"] = "";
  setTimeout(() => delete message.dataset["found"], FOUND_MS);
  return true;
}
