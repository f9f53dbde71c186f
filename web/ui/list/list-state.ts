import { signal } from "@preact/signals";
import type { Chip } from "./arrange.ts";

/** How the list is looked at. It outlives the screen: opening a conversation or the settings changes none of it. */
export const query = signal("");
export const chip = signal<Chip>("all");

/** Pixels from the top. */
let place = 0;
export const placeOfList = (): number => place;
export function keepPlaceOfList(offset: number): void {
  place = offset;
}

/** Another person may sign in on this tab. */
export function forgetList(): void {
  query.value = "";
  chip.value = "all";
  place = 0;
}
