import type { GalleryRow } from "../../app/files-view.ts";

export interface Month {
  /** "2026-11" */
  readonly month: string;
  readonly rows: readonly GalleryRow[];
}

/** Newest first, as the rows come; each month once. */
export function byMonth(rows: readonly GalleryRow[]): readonly Month[] {
  return [...Map.groupBy(rows, ({ month }) => month)].map(([month, inside]) => ({
    month,
    rows: inside,
  }));
}
