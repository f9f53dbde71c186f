import { signal } from "@preact/signals";
import type { ShownFile } from "./shown-file.ts";

/** The picture that is shown large; null: none is. */
export const shownPhoto = signal<ShownFile["id"] | null>(null);

export const showPhoto = (id: ShownFile["id"]): void => {
  shownPhoto.value = id;
};

export const closePhoto = (): void => {
  shownPhoto.value = null;
};
