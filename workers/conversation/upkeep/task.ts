import type { Core } from "../core.ts";

/** What a task depends on: each has a back-off of its own. */
export type Neighbour = "archive" | "directory" | "shares" | "files" | "inboxes" | "storage";

/** Something that the alarm sees to, apart from all others: one that fails holds up none. */
export interface Task {
  readonly name: string;
  readonly neighbour: Neighbour;
  /** when it is to be done, or null while there is nothing to do */
  dueAt(core: Core): number | null;
  /** Does a bounded part of it. Rejects if the neighbour was out of reach; what is left stays due. */
  run(core: Core): Promise<void>;
}
