import { sweepDueAt, sweepShares } from "../share-attempts.ts";
import type { Task } from "./task.ts";

/** C7: deletes shares whose bundle lost or never came, some at a time. */
export const orphansTask: Task = {
  name: "orphans",
  neighbour: "shares",
  dueAt: sweepDueAt,
  run: sweepShares,
};
