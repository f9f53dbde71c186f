import type { Copies } from "../../../platform/files/copies.ts";
import { createMemoryCopies } from "../../../platform/files/memory-copies.ts";
import { openPrivateCopies } from "../../../platform/files/private-copies.ts";

/** F1: where copies are kept: on disk, or where the browser has no such place in this tab's memory, which is said. */
export const openCopies = (now: () => number): Promise<Copies> =>
  openPrivateCopies().catch(() => createMemoryCopies(now));
